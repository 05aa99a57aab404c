"""The layers: what a network is made of."""

from .activations import LeakyReLU, ReLU, Sigmoid, Softmax, Tanh
from .combinators import Residual, Sequential
from .convolution import Conv1d, Conv2d
from .dense import Flatten, Linear
from .layer import Layer
from .normalisation import BatchNorm, Dropout
from .pooling import AvgPool, GlobalAvgPool, MaxPool

__all__ = [
    "AvgPool",
    "BatchNorm",
    "Conv1d",
    "Conv2d",
    "Dropout",
    "Flatten",
    "GlobalAvgPool",
    "Layer",
    "LeakyReLU",
    "Linear",
    "MaxPool",
    "ReLU",
    "Residual",
    "Sequential",
    "Sigmoid",
    "Softmax",
    "Tanh",
]
