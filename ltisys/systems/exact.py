"""Polynomials added and factored without rounding: floats are integers times powers of two, and integers are exact.

In double precision the coefficients of a product of twenty factors have lost what its roots depend on: each is rounded
by its share of Π (1 + |z_i|), which may be a million times what is left of Π (1 - z_i z⁻¹). Here a coefficient is
a pair of integers, its real and imaginary part times a power of two that all share, so that only roots are rounded.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

import numpy as np

Whole = tuple[int, int]
"""A complex integer, as its real and imaginary part."""

MOST = 100
"""The degree up to which roots are refined: the time for it grows with the fourth power, to seconds at a hundred."""


@final
@dataclass(frozen=True)
class Exact:
    """The polynomial Σ_k c_k z⁻ᵏ / 2^shift, whose coefficients are complex integers.

    Examples
    --------
    >>> third = Exact.product(0.25, [0.5, 0.5, 0.5])
    >>> third.coefficients
    array([ 0.25   , -0.375  ,  0.1875 , -0.03125])
    >>> third.roots()
    array([0.5, 0.5, 0.5])
    >>> (third + Exact.of([0.0, 0.375])).coefficients
    array([ 0.25   ,  0.     ,  0.1875 , -0.03125])
    """

    whole: tuple[Whole, ...]
    shift: int

    @staticmethod
    def of(coefficients: Sequence[complex] | np.ndarray) -> "Exact":
        """The polynomial with these coefficients, in rising powers of z⁻¹."""
        pairs = [_whole(complex(c)) for c in coefficients]
        shift = max(s for _, s in pairs)
        return Exact(tuple((re << shift - s, im << shift - s) for (re, im), s in pairs), shift)

    @staticmethod
    def product(gain: complex, roots: Sequence[complex] | np.ndarray, late: int = 0) -> "Exact":
        """The polynomial gain · z^(-late) · Π (1 - z_i z⁻¹)."""
        first, shift = _whole(complex(gain))
        whole = [first]
        for root in roots:
            (a, b), s = _whole(complex(root))
            shift += s
            here, before = [*whole, (0, 0)], [(0, 0), *whole]
            whole = [
                ((x << s) - a * u + b * v, (y << s) - a * v - b * u)
                for (x, y), (u, v) in zip(here, before, strict=True)
            ]
        return Exact(((0, 0),) * late + tuple(whole), shift)

    def __add__(self, other: "Exact") -> "Exact":
        shift, length = max(self.shift, other.shift), max(len(self.whole), len(other.whole))
        terms = [
            [(re << shift - one.shift, im << shift - one.shift) for re, im in one.whole]
            + [(0, 0)] * (length - len(one.whole))
            for one in (self, other)
        ]
        return Exact(tuple((a + c, b + d) for (a, b), (c, d) in zip(*terms, strict=True)), shift)

    def __getitem__(self, kept: slice) -> "Exact":
        return Exact(self.whole[kept], self.shift)

    @property
    def coefficients(self) -> np.ndarray:
        """The coefficients, rounded; real ones if they are all real."""
        unit = 1 << self.shift
        if self._is_real:
            return np.array([re / unit for re, _ in self.whole])
        return np.array([complex(re / unit, im / unit) for re, im in self.whole])

    @property
    def _is_real(self) -> bool:
        return not any(im for _, im in self.whole)

    def roots(self) -> np.ndarray:
        """The roots in the plane of z, each correct to rounding; the first and last coefficients must not be zero.

        They start as eigenvalues of the companion matrix and are improved by the Ehrlich–Aberth iteration on exact
        values of the polynomial. Where that does not settle (roots that are exactly multiple, beyond a few fold) and
        above the degree `MOST`, the eigenvalues are returned: together, not one by one, they are roots of coefficients
        that differ by rounding.

        References
        ----------
        Aberth, Iteration methods for finding all zeros of a polynomial simultaneously, Mathematics of Computation 27,
        1973.
        """
        coefficients = self.coefficients
        first = np.roots(coefficients)
        if not 2 < len(first) <= MOST:
            return first
        roots = self._improved(first)
        if roots is None or not _have(roots, coefficients):
            return first
        if self._is_real:
            roots = np.where(np.abs(np.imag(roots)) <= 8 * _EPS * np.abs(roots), np.real(roots), roots)
        return roots if np.any(np.imag(roots)) else np.real(roots)

    def _improved(self, first: np.ndarray) -> np.ndarray | None:
        """The roots, or None where they do not settle."""
        # Off their mirror image: a conjugate pair could never part into two real roots.
        z = first * (1 + 1e-3 * np.exp(1j * np.arange(len(first))))
        moving = list(range(len(z)))
        for _ in range(60):
            for i in tuple(moving):
                newton = self._newton(complex(z[i]))
                if newton is None:
                    return None
                apart = z[i] - z
                step = newton / (1 - newton * np.sum(1 / apart[apart != 0]))
                z[i] -= step
                if abs(step) <= 2 * _EPS * abs(z[i]):
                    moving.remove(i)
            if not moving:
                return z
        return None

    def _newton(self, z: complex) -> complex | None:
        """p(z) / p'(z) of the polynomial in z, from exact values of both; None where p' alone vanishes."""
        (a, b), s = _whole(z)
        (x, y), u, v = self.whole[0], 0, 0
        for k, (re, im) in enumerate(self.whole[1:], 1):
            u, v = u * a - v * b + x, u * b + v * a + y
            x, y = x * a - y * b + (re << s * k), x * b + y * a + (im << s * k)
        if not (x or y):
            return 0.0
        size = (u * u + v * v) << s
        return complex((x * u + y * v) / size, (y * u - x * v) / size) if size else None


def _whole(value: complex) -> tuple[Whole, int]:
    """The complex integer, and the shift s by which it was multiplied: value = integer / 2^s."""
    (re, below), (im, under) = value.real.as_integer_ratio(), value.imag.as_integer_ratio()
    unit = max(below, under)
    return (re * (unit // below), im * (unit // under)), unit.bit_length() - 1


def _have(roots: np.ndarray, coefficients: np.ndarray) -> bool:
    """Whether the roots, all of them together, are those of the coefficients: none was found twice or left out."""
    found, rounding = coefficients[0] * np.poly(roots), abs(coefficients[0]) * np.poly(-np.abs(roots))
    return bool(np.all(np.abs(found - coefficients) <= 1e-8 * rounding))


_EPS = float(np.finfo(np.float64).eps)
