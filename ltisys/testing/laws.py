"""The laws of convolution as assertions about anyone's functions.

A law takes the function that it is about, and if so wished the operands; without them it draws a few by itself, signals
of whole numbers and responses of odd and of even length, always the same ones. Functions of two arguments are
convolutions ``f(x, h)``; functions of one argument are systems ``f(x)``.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from .trials import assert_agree, called, equally_long, operands, systems


def assert_commutative(
    convolve: Callable[..., Any], a: Any = None, b: Any = None, *, rtol: float | None = None
) -> None:
    """The law a ∗ b = b ∗ a.

    Parameters
    ----------
    convolve : callable
        ``convolve(a, b)`` of two vectors.
    a, b : array_like, optional
        The operands; drawn if not given.
    rtol : float, optional
        Largest difference relative to the largest sample; by default eps^(3/4), and 0 for integers.

    Raises
    ------
    AssertionError
        The law is broken; the message shows operands and both sides.

    Examples
    --------
    >>> assert_commutative(np.convolve)
    >>> assert_commutative(lambda a, b: np.convolve(a, b, "valid") * a[0], [1, 2], [3, 4])
    Traceback (most recent call last):
    ...
    AssertionError: not commutative: f(a, b) = [10], f(b, a) = [30] for a = [1, 2], b = [3, 4]
    """
    for left, right in operands((a, b)):
        forth, back = called(convolve, left, right), called(convolve, right, left)
        assert_agree("not commutative", ("f(a, b)", forth), ("f(b, a)", back), {"a": left, "b": right}, rtol)


def assert_associative(
    convolve: Callable[..., Any], a: Any = None, b: Any = None, c: Any = None, *, rtol: float | None = None
) -> None:
    """The law (a ∗ b) ∗ c = a ∗ (b ∗ c); parameters and errors as in `assert_commutative`.

    Examples
    --------
    >>> assert_associative(np.convolve)
    """
    for one, two, three in operands((a, b, c)):
        first = called(convolve, called(convolve, one, two), three)
        last = called(convolve, one, called(convolve, two, three))
        given = {"a": one, "b": two, "c": three}
        assert_agree("not associative", ("f(f(a, b), c)", first), ("f(a, f(b, c))", last), given, rtol)


def assert_linear(f: Callable[..., Any], x: Any = None, y: Any = None, *, rtol: float | None = None) -> None:
    """The law f(2x - 3y) = 2 f(x) - 3 f(y); for a function f(x, h) so in each argument.

    Parameters
    ----------
    f : callable
        A system ``f(x)`` or a convolution ``f(x, h)``.
    x, y : array_like, optional
        Two signals of equal shape; drawn if not given.
    rtol : float, optional
        As in `assert_commutative`.

    Raises
    ------
    AssertionError
        The law is broken; the message shows the signals and both sides.

    Examples
    --------
    >>> assert_linear(np.cumsum)
    >>> assert_linear(np.convolve)
    >>> assert_linear(np.abs, [1, 0], [1, 1])
    Traceback (most recent call last):
    ...
    AssertionError: not linear: f(2x - 3y) = [1, 3], 2 f(x) - 3 f(y) = [-1, -3] for x = [1, 0], y = [1, 1]
    """
    for system in systems(f):
        for one, two in equally_long((x, y)):
            left = called(system, 2 * one - 3 * two)
            right = 2 * called(system, one) - 3 * called(system, two)
            assert_agree("not linear", ("f(2x - 3y)", left), ("2 f(x) - 3 f(y)", right), {"x": one, "y": two}, rtol)


def assert_time_invariant(f: Callable[..., Any], x: Any = None, *, shift: int = 1, rtol: float | None = None) -> None:
    """The law f(x[n - shift]) = f(x)[n - shift], x in the middle of silence as long on either side as twice x.

    Outputs nearer to an end than the length of x are not compared: what a system does there is its own.

    Parameters
    ----------
    f : callable
        A system ``f(x)``, or a convolution ``f(x, h)``, which is tried with several h. As many samples come out as go
        in, or a constant number more or less.
    x : array_like, one-dimensional, optional
        The signal; drawn if not given.
    shift : int, default 1
        At most the length of x.
    rtol : float, optional
        As in `assert_commutative`.

    Raises
    ------
    AssertionError
        The law is broken.
    ValueError
        A shift longer than x.

    Examples
    --------
    >>> assert_time_invariant(np.diff)
    >>> assert_time_invariant(lambda x: x * np.arange(x.size), [1])
    Traceback (most recent call last):
    ...
    AssertionError: not time-invariant: f(x[n - 1]) = [0, 3], f(x)[n - 1] = [0, 2] for x = [0, 0, 1, 0, 0]
    """
    for system in systems(f):
        for (burst,) in operands((x,)):
            if abs(shift) > burst.size:
                raise ValueError(f"shift must be at most the length of x, {burst.size}, got {shift}")
            one = np.pad(burst, 2 * burst.size)
            late, on_time = called(system, np.roll(one, shift)), called(system, one)
            low, high = burst.size, min(late.size, on_time.size) - burst.size
            low, high = max(low, low + shift), min(high, high + shift)
            sides = (f"f(x[n - {shift}])", late[low:high]), (f"f(x)[n - {shift}]", on_time[low - shift : high - shift])
            assert_agree("not time-invariant", *sides, {"x": one}, rtol)


def assert_flip(
    correlate: Callable[..., Any],
    convolve: Callable[..., Any],
    x: Any = None,
    h: Any = None,
    *,
    rtol: float | None = None,
) -> None:
    """Correlation with h is convolution with the conjugate of h reversed.

    Parameters and errors are those of `assert_commutative`.

    Examples
    --------
    >>> assert_flip(lambda x, h: np.correlate(x, h, "same"), lambda x, h: np.convolve(x, h, "same"))
    """
    for signal, response in operands((x, h)):
        left = called(correlate, signal, response)
        right = called(convolve, signal, np.conj(response[::-1]))
        sides = ("correlate(x, h)", left), ("convolve(x, flipped h)", right)
        assert_agree("not the flip", *sides, {"x": signal, "h": response}, rtol)
