"""What laws are tried with, and when two sides of one agree."""

import inspect
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

_LENGTHS = (9, 16)  # of the signals that are drawn,
_TAPS = (1, 2, 3, 4, 7)  # and of the responses


def operands(given: tuple[Any, ...]) -> Iterator[list[np.ndarray]]:
    """The operands as arrays, or several drawn sets of them: first a signal, then responses."""
    if all(one is not None for one in given):
        yield [np.asarray(one) for one in given]
        return
    if any(one is not None for one in given):
        raise TypeError(f"give all operands or none, got {sum(one is not None for one in given)} of {len(given)}")
    rng = np.random.default_rng(0)
    for length in _LENGTHS:
        for taps in _TAPS:
            yield [drawn(rng, size) for size in (length, taps, 3)[: len(given)]]


def equally_long(given: tuple[Any, Any]) -> Iterator[list[np.ndarray]]:
    """Two signals of equal length: those given, or drawn ones."""
    if given == (None, None):
        rng = np.random.default_rng(0)
        yield from ([drawn(rng, length), drawn(rng, length)] for length in _LENGTHS)
    else:
        yield from operands(given)


def drawn(rng: np.random.Generator, size: int) -> np.ndarray:
    """Whole numbers from -9 to 9, in double precision."""
    return rng.integers(-9, 10, size).astype(np.float64)


def systems(f: Callable[..., Any]) -> list[Callable[..., Any]]:
    """The function itself if it takes one argument; if it takes two, systems with responses of several lengths."""
    if _arguments(f) < 2:
        return [f]
    rng = np.random.default_rng(1)
    return [_with_response(f, drawn(rng, taps)) for taps in _TAPS]


def _with_response(f: Callable[..., Any], h: np.ndarray) -> Callable[..., Any]:
    return lambda x: f(x, h.copy())


def _arguments(f: Callable[..., Any]) -> int:
    """How many arguments a function needs."""
    try:
        parameters = inspect.signature(f).parameters.values()
    except (TypeError, ValueError):  # built in: it does not say
        return 1
    positional = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return sum(one.kind in positional and one.default is inspect.Parameter.empty for one in parameters)


def called(f: Callable[..., Any], *arrays: np.ndarray) -> np.ndarray:
    """What a function returns for copies of the arrays."""
    return np.asarray(f(*(array.copy() for array in arrays)))


def noise(rng: np.random.Generator, like: np.ndarray) -> np.ndarray:
    """Noise of the shape of an array, complex if it is."""
    noise = rng.standard_normal(like.shape)
    return noise + 1j * rng.standard_normal(like.shape) if like.dtype.kind == "c" else noise


def assert_agree(
    law: str,
    left: tuple[str, np.ndarray],
    right: tuple[str, np.ndarray],
    given: dict[str, np.ndarray],
    rtol: float | None,
) -> None:
    """Raise an AssertionError that shows two named sides and what was given, unless the sides agree."""
    one, other = left[1], right[1]
    fits = one.shape == other.shape
    if fits:
        scale = max((float(np.abs(side).max(initial=0.0)) for side in (one, other)), default=0.0)
        fits = bool(
            np.all(
                np.abs(np.subtract(one, other, dtype=np.result_type(one, other, np.int8)))
                <= margin(rtol, one, other) * scale
            )
        )
    if not fits:
        raise AssertionError(f"{law}: {listed({left[0]: one, right[0]: other})} for {listed(given)}")


def margin(rtol: float | None, *results: np.ndarray) -> float:
    """The tolerance that was asked for, else what the coarsest of the results allows: eps^(3/4), 0 for integers."""
    if rtol is not None:
        return rtol
    kinds = [np.finfo(result.dtype).eps for result in results if result.dtype.kind in "fc"]
    return float(max(kinds, default=0.0) ** 0.75)


def listed(arrays: dict[str, np.ndarray]) -> str:
    """Named arrays, in one line."""
    with np.printoptions(precision=6, threshold=20, edgeitems=4, linewidth=10**6):
        return ", ".join(f"{name} = {np.array2string(array, separator=', ')}" for name, array in arrays.items())
