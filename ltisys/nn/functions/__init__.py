"""The primitives: for each one the value and its pullback, written side by side.

Every function here takes variables, arrays or numbers and returns a Variable. Positional arguments that are variables
are differentiated. The rules themselves are pure functions of arrays and know nothing of the graph.
"""

from .activations import leaky_relu, relu, sigmoid, softmax, tanh
from .arithmetic import add, divide, exp, log, multiply, power, subtract
from .convolution import convolve_bank
from .losses import half_squared_distance, softmax_cross_entropy
from .normalisation import batch_norm, normalise
from .pooling import Windows, avg_pool, max_pool
from .products import linear, matmul
from .shapes import mean, reshape, sum, transpose

__all__ = [
    "Windows",
    "add",
    "avg_pool",
    "batch_norm",
    "convolve_bank",
    "divide",
    "exp",
    "half_squared_distance",
    "leaky_relu",
    "linear",
    "log",
    "matmul",
    "max_pool",
    "mean",
    "multiply",
    "normalise",
    "power",
    "relu",
    "reshape",
    "sigmoid",
    "softmax",
    "softmax_cross_entropy",
    "subtract",
    "sum",
    "tanh",
    "transpose",
]
