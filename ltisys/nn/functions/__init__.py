"""The primitives: for each one the value and its pullback, written side by side.

Every function here takes variables, arrays or numbers and returns a Variable. Positional arguments that are variables
are differentiated. The rules themselves are pure functions of arrays and know nothing of the graph.
"""

from .activations import elu, leaky_relu, maxout, relu, sigmoid, softmax, tanh
from .arithmetic import add, add_relu, divide, exp, log, multiply, power, subtract
from .convolution import convolve_bank, convolve_bank_transpose
from .energy import pair_power, running_mean
from .local import filter_locally
from .local_response import local_response_norm
from .losses import half_squared_distance, softmax_cross_entropy
from .normalisation import batch_norm, normalise
from .pooling import Windows, adaptive_avg_pool, avg_pool, lp_pool, max_pool
from .products import linear, matmul
from .shapes import concatenate, crop, mean, reshape, sum, transpose

__all__ = [
    "Windows",
    "adaptive_avg_pool",
    "add",
    "add_relu",
    "avg_pool",
    "batch_norm",
    "concatenate",
    "convolve_bank",
    "convolve_bank_transpose",
    "crop",
    "divide",
    "elu",
    "exp",
    "filter_locally",
    "half_squared_distance",
    "leaky_relu",
    "linear",
    "local_response_norm",
    "log",
    "lp_pool",
    "matmul",
    "max_pool",
    "maxout",
    "mean",
    "multiply",
    "normalise",
    "pair_power",
    "power",
    "relu",
    "reshape",
    "running_mean",
    "sigmoid",
    "softmax",
    "softmax_cross_entropy",
    "subtract",
    "sum",
    "tanh",
    "transpose",
]
