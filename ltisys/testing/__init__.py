"""The laws of convolution for anyone's functions, and strategies to draw signals and systems for them."""

from .adjoints import assert_adjoint, assert_gradient
from .laws import assert_associative, assert_commutative, assert_flip, assert_linear, assert_time_invariant
from .strategies import firs, geometries, iirs, samples, signals

__all__ = [
    "assert_adjoint",
    "assert_associative",
    "assert_commutative",
    "assert_flip",
    "assert_gradient",
    "assert_linear",
    "assert_time_invariant",
    "firs",
    "geometries",
    "iirs",
    "samples",
    "signals",
]
