"""The stand-in for CuPy against CuPy itself, which can be asked for its names without a GPU."""

import importlib.util
from functools import reduce

import numpy as np
import pytest
import standin


@pytest.mark.skipif(importlib.util.find_spec("cupy") is None, reason="needs CuPy, of the extra [cuda]")
def test_cupy_has_what_the_stand_in_has():
    import cupy  # pyright: ignore[reportMissingImports]

    for name in standin.FUNCTIONS:
        assert callable(reduce(getattr, name.split("."), cupy)), name
    for name in vars(standin.ndarray):
        if name not in ("numbers", "__module__", "__dict__", "__weakref__", "__annotations__"):
            assert hasattr(cupy.ndarray, name), name


def test_arrays_do_not_become_those_of_numpy():
    x = standin.asarray(np.ones(3))
    with pytest.raises(TypeError, match="Implicit conversion"):
        np.asarray(x)
    with pytest.raises(TypeError, match="Unsupported type"):
        np.add(x, np.ones(3))
    with pytest.raises(TypeError, match="has no cumsum"):
        np.cumsum(x)
    assert type(x.sum()) is type(np.asarray(np.ones(3), like=x)) is standin.ndarray
