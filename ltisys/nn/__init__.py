"""Learning: a computation graph, layers whose kernels are unit sample responses, and training."""

from . import functions, graph, inspect, zoo
from .augmentation import Distort
from .averaging import EMA
from .clipping import clip_gradients
from .drawing import draw
from .early_stopping import EarlyStopping
from .evaluation import evaluate
from .folding import folded
from .graph import Variable, no_grad
from .history import Epoch, History
from .layers import (
    ELU,
    AdaptiveAvgPool,
    AvgPool,
    BatchNorm,
    Conv1d,
    Conv2d,
    ConvTranspose1d,
    ConvTranspose2d,
    Crop,
    Dropout,
    FilterBank,
    Flatten,
    GlobalAvgPool,
    Layer,
    LeakyReLU,
    Linear,
    LocallyConnected2d,
    LocalResponseNorm,
    LpPool,
    Maxout,
    MaxPool,
    Parallel,
    ReLU,
    Residual,
    Sequential,
    Sigmoid,
    Softmax,
    Tanh,
    Unflatten,
)
from .loading import Batch, batches
from .losses import cross_entropy, l2_penalty, logistic_least_squares, squared_error
from .macs import macs
from .optimisers import SGD, Adam, AdamW, Optimiser
from .perturbation import Perturb
from .receptive_field import ReceptiveField, receptive_field
from .schedules import Cosine, OneCycle, Schedule
from .storage import load, load_metadata, save
from .training import fit

__all__ = [
    "ELU",
    "EMA",
    "SGD",
    "Adam",
    "AdamW",
    "AdaptiveAvgPool",
    "AvgPool",
    "Batch",
    "BatchNorm",
    "Conv1d",
    "Conv2d",
    "ConvTranspose1d",
    "ConvTranspose2d",
    "Cosine",
    "Crop",
    "Distort",
    "Dropout",
    "EarlyStopping",
    "Epoch",
    "FilterBank",
    "Flatten",
    "GlobalAvgPool",
    "History",
    "Layer",
    "LeakyReLU",
    "Linear",
    "LocalResponseNorm",
    "LocallyConnected2d",
    "LpPool",
    "MaxPool",
    "Maxout",
    "OneCycle",
    "Optimiser",
    "Parallel",
    "Perturb",
    "ReLU",
    "ReceptiveField",
    "Residual",
    "Schedule",
    "Sequential",
    "Sigmoid",
    "Softmax",
    "Tanh",
    "Unflatten",
    "Variable",
    "batches",
    "clip_gradients",
    "cross_entropy",
    "draw",
    "evaluate",
    "fit",
    "folded",
    "functions",
    "graph",
    "inspect",
    "l2_penalty",
    "load",
    "load_metadata",
    "logistic_least_squares",
    "macs",
    "no_grad",
    "receptive_field",
    "save",
    "squared_error",
    "zoo",
]
