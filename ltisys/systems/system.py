"""What every linear time-invariant system can do."""

import math
import operator
from typing import TYPE_CHECKING, Any, Unpack

import numpy as np

from ..signal import Signal, is_scalar
from .apply import EngineOptions, to_array, to_signal
from .measures import Measured

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ..stream import Stream


class System(Measured):
    """A linear time-invariant system: it is its unit sample response h[n], and applying it is convolution.

    Systems are frozen values. They are made as `FIR` and `IIR`, by arithmetic, and by taking adjoints:

    ======================  =============================================
    ``S(x)``                the output for a signal or an array
    ``S * T``               series: first one, then the other
    ``S + T``, ``S - T``    parallel: the outputs added or subtracted
    ``2 * S``, ``S + 1``    a number is a gain
    ``S ** 3``              three times in a row
    ``S / T``, ``S ** -1``  with the causal inverse of T or S
    ``S == T``              the same response; exact where it is finite
    ``S.H``                 the adjoint: h conjugated and reversed in time
    ======================  =============================================

    Examples
    --------
    >>> import ltisys as lti
    >>> S = lti.FIR([1, 1]) * lti.delay(3) - 1
    >>> S.unit_sample_response()
    Signal([-1,  0,  0,  1,  1], start=0)
    >>> S(lti.Signal([1, 2]))
    Signal([-1, -2,  0,  1,  3,  2], start=0)
    """

    # ---------------------------------------------------------------------------------------------------- application

    def __call__(
        self,
        x: Any,
        mode: Any = None,
        *,
        length: int | str | None = None,
        tol: float = 1e-12,
        **engine: Unpack[EngineOptions],
    ) -> Any:
        """The output y = x ∗ h, a signal for a signal and an array for an array.

        Parameters
        ----------
        x : Signal or array_like
            The input. A float32 input is filtered into a float32 output, whatever the precision of h.
        mode : str or (int, int), default "same"
            For arrays: which outputs, as in `ltisys.convolve`. "same" are those on the index interval of x, h counted
            from its own start: what a causal `scipy.signal.lfilter` gives, and in place for a centred h.
        length : int or "tail", optional
            For signals: so many samples from ``x.start`` on, or as many as it takes until the rest, summed in
            magnitude, is below `tol`. By default a finite response gives the exact support, an infinite one the
            interval of x.
        tol : float, default 1e-12
            See `length`.
        axis, axes : int or (int, int), default the last
            For arrays: where time is, ``axis`` for systems in time and ``axes`` for images.
        padding, value, stride, method, out
            For arrays and finite responses: as in `ltisys.convolve`. Recursive systems start from rest.

        Raises
        ------
        ValueError
            Rates that differ; options that do not fit the kind of input or system; `length="tail"` of an unstable one.

        Examples
        --------
        >>> import ltisys as lti
        >>> S = lti.FIR([1, 2, 1], start=-1)
        >>> S(lti.Signal([1, 0, 0], start=5))
        Signal([1, 2, 1, 0, 0], start=4)
        >>> S([1, 0, 0])
        array([2, 1, 0])
        """
        if isinstance(x, Signal):
            if mode is not None or engine:
                raise ValueError(f"mode and {list(engine)} belong to arrays; a signal is zero outside its support")
            return to_signal(self, x, length, tol)
        if length is not None:
            raise ValueError(f"length belongs to signals, got length={length!r} with an array; pad the array instead")
        return to_array(self, x, mode, engine)

    def unit_sample_response(self, length: int | None = None, tol: float = 1e-12) -> Signal:
        """h[n], the output for δ[n].

        Parameters
        ----------
        length : int, optional
            So many samples from n = 0 on, or from the start of the response if that is earlier. By default all of
            them, or where they never end, as many as it takes.
        tol : float, default 1e-12
            Without a length: bound on the sum of the magnitudes of all samples that are left out.

        Raises
        ------
        ValueError
            An infinite response that does not die out, and no length.

        Examples
        --------
        >>> import ltisys as lti
        >>> lti.IIR([1], [1, -0.5]).unit_sample_response(4)
        Signal([1.   , 0.5  , 0.25 , 0.125], start=0)
        """
        if length is None:
            return self.fuse(tol).response
        return self._response_to(np.ones(1, int), length)

    def step_response(self, length: int) -> Signal:
        """The output for the unit step: so many samples from n = 0 on, or from the start of h if that is earlier.

        Examples
        --------
        >>> import ltisys as lti
        >>> lti.IIR([1], [1, -0.5]).step_response(4)
        Signal([1.   , 1.5  , 1.75 , 1.875], start=0)
        """
        self._needs_time("a step response")
        ones = 1 + _at_least(1, length, "length") + min(0, self._first()) - self._first()
        return self._response_to(np.ones(ones, int), length)

    def _response_to(self, x: np.ndarray, length: int) -> Signal:
        self._needs_time("a response of given length")
        low = min(0, self._first())
        return Signal(self.values(x, 0, low, low + _at_least(1, length, "length")), low, self.rate)

    def _first(self) -> int:
        """Where the response begins for all practical purposes."""
        low = self.support[0]
        return low if low > -math.inf else self.reach(2.0**-60 * (self.norm or 1.0))[0]

    def stream(self, channels: int = 1, dtype: Any = np.float64, **options: Any) -> "Stream":
        """The system at work block by block: `stride`, `padding` and `method` as in `ltisys.stream.Stream`.

        Examples
        --------
        >>> import ltisys as lti
        >>> stream = lti.IIR([1], [1, -0.5]).stream()
        >>> stream.process([1, 0]), stream.process([0])
        (array([1. , 0.5]), array([0.25]))
        """
        from ..stream import Stream

        return Stream(self, channels, dtype, **options)

    def plot(self, ax: "tuple[Axes, Axes] | None" = None) -> "tuple[Axes, Axes]":
        """Draw magnitude and phase over frequency; see `ltisys.plots.magnitude_and_phase` and its neighbours.

        Examples
        --------
        >>> import ltisys as lti
        >>> [ax.get_ylabel() for ax in lti.FIR([1, 1]).plot()]
        ['|H| (dB)', 'phase (degrees)']
        """
        from ..plots import magnitude_and_phase  # matplotlib is loaded by whoever wants a picture

        self._needs_time("a plot of magnitude and phase")
        return magnitude_and_phase(self, rate=self.rate, ax=ax)

    # --------------------------------------------------------------------------------------------------------- algebra
    # combine.py, inverse.py and exchange.py know the kinds of systems, which know this class: they are imported on use.

    def __mul__(self, other: Any) -> "System":
        from .combine import series

        if is_scalar(other):
            return self.scaled(other)
        return series(self, other) if isinstance(other, System) else NotImplemented

    def __rmul__(self, other: Any) -> "System":
        return self.scaled(other) if is_scalar(other) else NotImplemented

    def __add__(self, other: Any) -> "System":
        from .combine import gain, parallel

        if is_scalar(other):
            other = gain(other, self.ndim)
        return parallel(self, other) if isinstance(other, System) else NotImplemented

    __radd__ = __add__

    def __sub__(self, other: Any) -> "System":
        return self + -other if isinstance(other, System) or is_scalar(other) else NotImplemented

    def __rsub__(self, other: Any) -> "System":
        return -self + other

    def __truediv__(self, other: Any) -> "System":
        from .inverse import quotient

        if is_scalar(other):
            return self.scaled(1 / other)
        return quotient(self, other) if isinstance(other, System) else NotImplemented

    def __rtruediv__(self, other: Any) -> "System":
        return self**-1 * other if is_scalar(other) else NotImplemented

    def __pow__(self, exponent: int) -> "System":
        from .combine import gain, series
        from .inverse import inverse

        try:
            count = operator.index(exponent)
        except TypeError:
            return NotImplemented
        return series(gain(1, self.ndim), *[inverse(self) if count < 0 else self] * abs(count))

    def feedback(self, other: Any = 1) -> "System":
        """The system S / (1 + S·T): the output of S, through T, subtracted from its input.

        Parameters
        ----------
        other : System or number, default 1
            T, the way back.

        Raises
        ------
        ValueError
            A loop that is not causal, or one without delay whose gain is -1, in which the output would need itself.

        Examples
        --------
        >>> import ltisys as lti
        >>> lti.delay(1).feedback(-0.5).unit_sample_response(4)
        Signal([0.  , 1.  , 0.5 , 0.25], start=0)
        """
        from .combine import gain
        from .inverse import feedback

        return feedback(self, gain(other, self.ndim) if is_scalar(other) else other)

    def __neg__(self) -> "System":
        return self.scaled(-1)

    def __pos__(self) -> "System":
        return self

    def __eq__(self, other: object) -> bool:
        from .combine import equal

        return equal(self, other) if isinstance(other, System) else NotImplemented

    def to_scipy(self) -> Any:
        """The system as a `scipy.signal.dlti`, if scipy can hold it: causal and in time.

        Examples
        --------
        >>> import ltisys as lti
        >>> lti.FIR([1, 2, 1]).to_scipy().num
        array([1., 2., 1.])
        """
        from .exchange import to_scipy

        return to_scipy(self)


def _at_least(least: int, value: int, name: str) -> int:
    number = operator.index(value)
    if number < least:
        raise ValueError(f"{name} must be at least {least}, got {value}")
    return number
