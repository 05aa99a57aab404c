"""Numbers within bounds, refused in words that quote them."""

import operator
from typing import Any

import numpy as np


def at_least(least: int, value: Any, name: str) -> int:
    """The value as an integer, refused below `least`.

    Examples
    --------
    >>> at_least(1, np.int8(3), "taps")
    3
    """
    try:
        number = operator.index(value)
    except TypeError:
        raise TypeError(f"{name} must be an integer, got {value!r}") from None
    if number < least:
        raise ValueError(f"{name} must be at least {least}, got {value}")
    return number


def positive(value: float, name: str) -> float:
    """The value as a float, refused unless it is finite and above zero."""
    if not 0 < value < np.inf:
        raise ValueError(f"{name} must be positive, got {value}")
    return float(value)
