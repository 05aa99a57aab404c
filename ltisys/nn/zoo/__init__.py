"""Networks ready to train, each with its published number of parameters."""

from .alexnet import alexnet
from .digits import digits
from .googlenet import googlenet
from .lectures import classic, lecture_deep, lecture_shallow, logistic_regression, mlp, softmax_regression
from .lenet import lenet5
from .resnet import resnet18, resnet34, resnet50, resnet101, resnet152
from .small_images import all_convolutional, network_in_network
from .tc_resnet import tc_resnet8
from .vgg import vgg16, vgg19

__all__ = [
    "alexnet",
    "all_convolutional",
    "classic",
    "digits",
    "googlenet",
    "lecture_deep",
    "lecture_shallow",
    "lenet5",
    "logistic_regression",
    "mlp",
    "network_in_network",
    "resnet18",
    "resnet34",
    "resnet50",
    "resnet101",
    "resnet152",
    "softmax_regression",
    "tc_resnet8",
    "vgg16",
    "vgg19",
]
