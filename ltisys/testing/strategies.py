"""Hypothesis strategies: small signals, systems and geometries of whole numbers, for which laws are equalities.

Hypothesis is asked for only when a strategy is built. Where a property calls the engine, its first example may compile
a kernel: give its settings ``deadline=None``.
"""

from typing import TYPE_CHECKING, Any

import numpy as np

from ..convolution import Geometry
from ..signal import Signal
from ..systems import FIR, IIR

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy


def samples(
    shape: int | tuple[int, ...] | None = None, *, most: int = 9, largest: int = 9, dtype: Any = np.int64
) -> "SearchStrategy[np.ndarray]":
    """Arrays of whole numbers.

    Parameters
    ----------
    shape : int or tuple of int, optional
        By default one axis of 1 to `most` samples.
    most : int, default 9
        Largest length drawn.
    largest : int, default 9
        Largest magnitude drawn.
    dtype : dtype, default int64
        Of the arrays. Complex ones get whole imaginary parts, unsigned ones no negative samples.

    Raises
    ------
    ImportError
        Hypothesis is not installed.

    Examples
    --------
    >>> from hypothesis import given
    >>> @given(samples(), samples(3))
    ... def commutes(a, b):
    ...     assert np.array_equal(np.convolve(a, b), np.convolve(b, a))
    >>> commutes()
    """
    st = _strategies("samples")
    kind = np.dtype(dtype).kind
    number = st.integers(0 if kind in "ub" else -largest, 1 if kind == "b" else largest)
    if kind == "c":
        number = st.builds(complex, number, number)

    def filled(shape: tuple[int, ...]) -> "SearchStrategy[np.ndarray]":
        size = int(np.prod(shape))
        return st.lists(number, min_size=size, max_size=size).map(lambda v: np.array(v, dtype).reshape(shape))

    if shape is None:
        return st.integers(1, most).map(lambda n: (n,)).flatmap(filled)
    return filled((shape,) if isinstance(shape, int) else shape)


def signals(*, most: int = 9, ndim: int = 1, dtype: Any = np.int64) -> "SearchStrategy[Signal]":
    """Signals of whole numbers that start anywhere from -9 to 9; images for ``ndim=2``.

    Parameters
    ----------
    most : int, default 9
        Largest length drawn along an axis.
    ndim : int, default 1
        Number of index axes.
    dtype : dtype, default int64
        As in `samples`.

    Raises
    ------
    ImportError
        Hypothesis is not installed.

    Examples
    --------
    >>> from hypothesis import given
    >>> @given(signals(), signals())
    ... def commutes(x, h):
    ...     assert x * h == h * x
    >>> commutes()
    """
    st = _strategies("signals")
    start = st.integers(-9, 9)
    if ndim == 1:
        return st.builds(Signal, samples(most=most, dtype=dtype), start)
    images = st.tuples(*[st.integers(1, most)] * ndim).flatmap(lambda shape: samples(shape, dtype=dtype))
    return st.builds(Signal, images, st.tuples(*[start] * ndim))


def firs(*, most: int = 9, ndim: int = 1, dtype: Any = np.int64) -> "SearchStrategy[FIR]":
    """Finite responses of whole numbers, causal or not; parameters as in `signals`.

    Examples
    --------
    >>> from hypothesis import given
    >>> @given(firs(), firs(), signals())
    ... def in_series(S, T, x):
    ...     assert (S * T)(x) == S(T(x))
    >>> in_series()
    """
    return signals(most=most, ndim=ndim, dtype=dtype).map(FIR)


def iirs(*, order: int = 4, radius: float = 0.9) -> "SearchStrategy[IIR]":
    """Stable recursive systems with real coefficients: up to `order` poles inside a circle of the given radius.

    Examples
    --------
    >>> from hypothesis import given
    >>> @given(iirs())
    ... def are_stable(S):
    ...     assert S.is_stable
    >>> are_stable()
    """
    st = _strategies("iirs")
    size = st.floats(0, radius, allow_subnormal=False).map(lambda v: round(v, 3))
    single = st.builds(lambda r, sign: [1.0, -sign * r], size, st.sampled_from([-1, 1]))
    angle = st.floats(0.1, 3.0).map(lambda v: round(v, 3))
    pair = st.builds(lambda r, phi: [1.0, -2 * r * float(np.cos(phi)), r * r], size, angle)
    poles = st.lists(st.one_of(single, pair), min_size=1, max_size=max(1, order // 2))
    return st.builds(lambda b, factors: IIR(b, _product(factors)), samples(most=4, dtype=np.float64), poles)


def geometries(*, most: int = 9) -> "SearchStrategy[Geometry]":
    """Index relations stride·o + step·k = spread·i + offset: convolutions, correlations, dilated, decimated, spread.

    Parameters
    ----------
    most : int, default 9
        Largest number of outputs, taps and inputs drawn.

    Raises
    ------
    ImportError
        Hypothesis is not installed.

    Examples
    --------
    >>> from hypothesis import given
    >>> @given(geometries())
    ... def adjoint_twice(geometry):
    ...     assert geometry.wrt_input().wrt_input() == geometry
    >>> adjoint_twice()
    """
    st = _strategies("geometries")
    count, factor = st.integers(1, most), st.integers(1, 3)
    step = st.sampled_from([-3, -2, -1, 1, 2, 3])
    return st.builds(Geometry, count, count, count, factor, step, factor, st.integers(-9, 9))


def _product(factors: list[list[float]]) -> np.ndarray:
    total = np.ones(1)
    for factor in factors:
        total = np.convolve(total, factor)
    return total


def _strategies(name: str) -> Any:
    try:
        from hypothesis import strategies
    except ImportError as error:
        raise ImportError(
            f"ltisys.testing.{name} needs Hypothesis, which comes with the extra [test]: pip install 'ltisys[test]'"
        ) from error
    return strategies
