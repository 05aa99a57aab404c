"""Adjoints and gradients of anyone's functions: the dot test, and central differences."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from .trials import called, drawn, listed, margin, noise, operands, systems


def assert_adjoint(
    forward: Callable[..., Any],
    adjoint: Callable[..., Any],
    x: Any = None,
    y: Any = None,
    *,
    rtol: float | None = None,
) -> None:
    """The dot test: ⟨y, A x⟩ = ⟨Aᴴ y, x⟩ for all x and y makes `adjoint` the adjoint of `forward`.

    Parameters
    ----------
    forward, adjoint : callable
        ``forward(x)`` and ``adjoint(y)``, or both with a response besides: ``forward(x, h)``, ``adjoint(y, h)``, tried
        with several h.
    x, y : array_like, optional
        Of the shapes of input and output; drawn if not given.
    rtol : float, optional
        Largest difference relative to ‖y‖ ‖A x‖; by default eps^(3/4).

    Raises
    ------
    AssertionError
        The dot products differ, or an output has a shape that fits nothing.

    Notes
    -----
    The test is that of the field, see Claerbout, *Earth Soundings Analysis*, 1992, chapter 5.

    Examples
    --------
    >>> assert_adjoint(np.cumsum, lambda y: np.cumsum(y[::-1])[::-1])
    >>> assert_adjoint(np.cumsum, np.cumsum, [1, 0], [0, 1])
    Traceback (most recent call last):
    ...
    AssertionError: not the adjoint: ⟨y, A x⟩ = 1, ⟨Aᴴ y, x⟩ = 0 for x = [1, 0], y = [0, 1]
    """
    rng = np.random.default_rng(7)
    for system, back in zip(systems(forward), systems(adjoint), strict=True):
        for (one,) in operands((x,)):
            image = called(system, one)
            other = np.asarray(y) if y is not None else rng.integers(-9, 10, image.shape).astype(image.dtype)
            returned = called(back, other)
            for what, array, shape in (("A x", image, other.shape), ("Aᴴ y", returned, one.shape)):
                if array.shape != shape:
                    raise AssertionError(f"not the adjoint: {what} has shape {array.shape}, expected {shape}")
            left: Any = np.vdot(other, image)
            right: Any = np.vdot(returned, one)
            scale = float(np.linalg.norm(other) * np.linalg.norm(image))
            if abs(left - right) > margin(rtol, image, returned) * scale:
                shown = listed({"x": one, "y": other})
                raise AssertionError(f"not the adjoint: ⟨y, A x⟩ = {left:.6g}, ⟨Aᴴ y, x⟩ = {right:.6g} for {shown}")


def assert_gradient(
    f: Callable[..., Any], vjp: Callable[..., Any], *at: ArrayLike, rtol: float = 1e-6, seed: int = 0
) -> None:
    """The gradients that `vjp` returns are those of ⟨ȳ, f⟩: they agree with central differences.

    Parameters
    ----------
    f : callable
        Of one or more arrays.
    vjp : callable
        ``vjp(*at, y_bar)`` returns the gradient for every operand.
    *at : array_like
        Where the gradients are compared, in double precision; by default a signal of 9 and a response of 4 samples.
    rtol : float, default 1e-6
        Largest difference, relative to the product of the norms involved.
    seed : int, default 0
        Of ȳ and of the random directions in which derivatives are taken.

    Raises
    ------
    AssertionError
        A gradient has the wrong shape, or differs.

    Examples
    --------
    >>> import ltisys as lti
    >>> assert_gradient(lti.convolve, lti.convolve_vjp)
    >>> assert_gradient(np.square, lambda x, y_bar: x * y_bar, [1.0, 2.0])
    Traceback (most recent call last):
    ...
    AssertionError: not the gradient for operand 0: differences give 0.10561, the gradient 0.0528049
    """
    rng = np.random.default_rng(seed)
    given = at or (drawn(rng, 9), drawn(rng, 4))
    points = [np.array(one, np.result_type(np.asarray(one), np.float64)) for one in given]
    y = called(f, *points)
    y_bar = noise(rng, y)
    gradients = vjp(*points, y_bar)
    gradients = gradients if isinstance(gradients, tuple | list) else (gradients,)
    if len(gradients) != len(points):
        raise AssertionError(f"not the gradient: {len(gradients)} gradients for {len(points)} operands")
    for k, (operand, gradient) in enumerate(zip(points, map(np.asarray, gradients), strict=True)):
        if gradient.shape != operand.shape:
            raise AssertionError(
                f"not the gradient for operand {k}: it has shape {gradient.shape}, expected {operand.shape}"
            )
        direction = noise(rng, operand)
        step = 1e-5 * max(1.0, float(np.abs(operand).max(initial=0.0)))
        ahead, behind = (
            called(f, *points[:k], operand + sign * step * direction, *points[k + 1 :]).astype(np.complex128)
            for sign in (1, -1)
        )
        slope = np.vdot(y_bar, (ahead - behind) / (2 * step)).real
        claimed = np.vdot(gradient, direction).real
        scale = float(np.linalg.norm(gradient) * np.linalg.norm(direction)) + abs(slope)
        if not abs(slope - claimed) <= rtol * scale:
            raise AssertionError(
                f"not the gradient for operand {k}: differences give {slope:.6g}, the gradient {claimed:.6g}"
            )
