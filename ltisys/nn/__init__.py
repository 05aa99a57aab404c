"""Learning: a computation graph, layers whose kernels are unit sample responses, and training."""

from . import functions, graph, zoo
from .averaging import EMA
from .graph import Variable, no_grad
from .layers import (
    AvgPool,
    BatchNorm,
    Conv1d,
    Conv2d,
    Dropout,
    Flatten,
    GlobalAvgPool,
    Layer,
    LeakyReLU,
    Linear,
    MaxPool,
    ReLU,
    Residual,
    Sequential,
    Sigmoid,
    Softmax,
    Tanh,
)
from .losses import cross_entropy, squared_error
from .optimisers import SGD, Adam, AdamW, Optimiser
from .schedules import Cosine, OneCycle, Schedule
from .storage import load, load_metadata, save
from .training import Epoch, History, evaluate, fit

__all__ = [
    "EMA",
    "SGD",
    "Adam",
    "AdamW",
    "AvgPool",
    "BatchNorm",
    "Conv1d",
    "Conv2d",
    "Cosine",
    "Dropout",
    "Epoch",
    "Flatten",
    "GlobalAvgPool",
    "History",
    "Layer",
    "LeakyReLU",
    "Linear",
    "MaxPool",
    "OneCycle",
    "Optimiser",
    "ReLU",
    "Residual",
    "Schedule",
    "Sequential",
    "Sigmoid",
    "Softmax",
    "Tanh",
    "Variable",
    "cross_entropy",
    "evaluate",
    "fit",
    "functions",
    "graph",
    "load",
    "load_metadata",
    "no_grad",
    "save",
    "squared_error",
    "zoo",
]
