"""The layers: what a network is made of."""

from .activations import ELU, LeakyReLU, Maxout, ReLU, Sigmoid, Softmax, Tanh
from .combinators import Parallel, Residual, Sequential
from .convolution import Conv1d, Conv2d
from .dense import Linear
from .filter_bank import FilterBank
from .layer import Layer
from .local import LocallyConnected2d
from .normalisation import BatchNorm, Dropout, LocalResponseNorm
from .pooling import AdaptiveAvgPool, AvgPool, GlobalAvgPool, LpPool, MaxPool
from .shapes import Crop, Flatten, Unflatten
from .transposed import ConvTranspose1d, ConvTranspose2d

__all__ = [
    "ELU",
    "AdaptiveAvgPool",
    "AvgPool",
    "BatchNorm",
    "Conv1d",
    "Conv2d",
    "ConvTranspose1d",
    "ConvTranspose2d",
    "Crop",
    "Dropout",
    "FilterBank",
    "Flatten",
    "GlobalAvgPool",
    "Layer",
    "LeakyReLU",
    "Linear",
    "LocalResponseNorm",
    "LocallyConnected2d",
    "LpPool",
    "MaxPool",
    "Maxout",
    "Parallel",
    "ReLU",
    "Residual",
    "Sequential",
    "Sigmoid",
    "Softmax",
    "Tanh",
    "Unflatten",
]
