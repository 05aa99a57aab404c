"""A system that hears its input block by block."""

import operator
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, final

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from ..convolution.numerics import to_work
from ..signal import checked_numbers
from .build import Builder, work_dtype

if TYPE_CHECKING:
    from ..systems import System


@final
class Stream:
    """A system at work on a signal that arrives in blocks: the outputs are those of the whole signal, in blocks.

    Blocks may have any length, also none, and a new one each time: no output depends on how the signal was cut, not
    even by rounding. `System.stream` makes one.

    Parameters
    ----------
    system : System
        A system in time. A response that begins before time 0 is run late by `latency`; one that has no beginning, as
        the adjoint of a recursion, cannot run at all.
    channels : int, default 1
        How many signals run side by side. Blocks are (n,) for one channel, else (channels, n).
    dtype : dtype, default float64
        Precision of the blocks; they are converted. Outputs have that of ``system(x)`` for such x.
    stride : int, default 1
        Keep every stride-th output, starting with time 0: the stream of a decimating system.
    padding : str, default "zero"
        A stream has begun before anybody knows how it ends, so that nothing but zeros can lie around it.
    method : str, default "auto"
        Of finite responses: "direct" sums products, exactly for integer values; "fft" multiplies transforms for all
        but the first taps; "auto" takes the faster one.

    Raises
    ------
    ValueError
        A system of images or without a beginning, fewer than one channel, a stride below 1, another padding than
        "zero", a method that is unknown or cannot apply.
    TypeError
        A dtype that is no number of at most double precision.

    Notes
    -----
    Finite responses run without delay: the first taps are applied to the samples as they come and the others by
    transforms of blocks, see `ltisys.convolution.partitions`. Hence `latency` is that of the system, rounded up to a
    multiple of the stride. `process` allocates nothing for a real finite response from time 0 on if it gets `out` and a
    contiguous block of the stream's dtype.

    Examples
    --------
    >>> import numpy as np, ltisys as lti
    >>> stream = lti.FIR([1, 2, 1], start=-1).stream()
    >>> stream.latency
    1
    >>> y = [stream.process([1, 0, 0]), stream.process([4]), stream.flush()]
    >>> y
    [array([1., 2., 1.]), array([4.]), array([8.])]
    >>> np.concatenate(y)[stream.latency :]
    array([2., 1., 4., 8.])
    """

    def __init__(
        self,
        system: "System",
        channels: int = 1,
        dtype: DTypeLike = np.float64,
        *,
        stride: int = 1,
        padding: str = "zero",
        method: str = "auto",
    ):
        if system.ndim != 1:
            raise ValueError(f"a stream runs in time, got a system with {system.ndim} index axes")
        if system.start == -np.inf:
            raise ValueError(
                f"a stream cannot run {system!r}: its response never ends towards the past, "
                "so that every output depends on all later input; apply it to the whole signal"
            )
        if padding not in ("zero", "zeros"):
            raise ValueError(f'a stream has zeros around it, padding="zero", got padding={padding!r}')
        self._channels = _at_least_one("channels", channels)
        self._stride = _at_least_one("stride", stride)
        self._given = checked_numbers(np.empty(0, dtype), "dtype").dtype
        self._work, self._dtype = work_dtype(system, self._given)
        self._latency = -(-system.latency // self._stride)
        self._node = Builder(self._channels, self._work, method).node(system, self._latency * self._stride)
        if self._node.result.kind == "c":
            self._dtype = np.result_type(self._dtype, np.complex64)
        self._tail = system.stop - 1 - min(0, system.start)
        self._phase = np.zeros(1, np.int64)  # samples to skip until the next output that is kept
        self._memory = {**self._node.memory, "phase": self._phase}
        self._limits = {**self._node.limits, "phase": np.array(self._stride - 1)}

    @property
    def latency(self) -> int:
        """By how many outputs the stream is late."""
        return self._latency

    @property
    def channels(self) -> int:
        """How many signals run side by side."""
        return self._channels

    @property
    def dtype(self) -> np.dtype:
        """The dtype of the outputs."""
        return self._dtype

    @property
    def state(self) -> dict[str, np.ndarray]:
        """Everything the stream remembers, copied; assigning it to a stream made alike makes that one go on from here.

        Raises
        ------
        ValueError
            On assignment: arrays that are not those of a stream of this system, channels and dtype.

        Examples
        --------
        >>> import ltisys as lti
        >>> stream = lti.FIR([1, 1]).stream()
        >>> first = stream.process([1, 2])
        >>> state = stream.state
        >>> stream.process([3]), stream.process([4])
        (array([5.]), array([7.]))
        >>> stream.state = state
        >>> stream.process([0])
        array([2.])
        """
        return {name: array.copy() for name, array in self._memory.items()}

    @state.setter
    def state(self, state: Mapping[str, ArrayLike]) -> None:
        if set(state) != set(self._memory):
            raise ValueError(f"the state of this stream holds {sorted(self._memory)}, got {sorted(state)}")
        arrays = {name: np.asarray(state[name]) for name in self._memory}
        for name, array in self._memory.items():
            given = arrays[name]
            if (given.shape, given.dtype) != (array.shape, array.dtype):
                raise ValueError(
                    f"{name!r} of this stream's state is {array.dtype} {array.shape}, got {given.dtype} {given.shape}"
                )
            limit = self._limits.get(name)
            if limit is not None and not np.all((given >= 0) & (given <= limit)):
                raise ValueError(f"{name!r} of this stream's state lies between 0 and {limit}, got {given}")
        for name, array in self._memory.items():
            array[...] = arrays[name]

    def process(self, block: ArrayLike, *, out: np.ndarray | None = None) -> np.ndarray:
        """The outputs for the next block: as many as it has samples, or one per stride.

        Parameters
        ----------
        block : array_like, (n,) or (channels, n)
            The next samples; n may be 0.
        out : ndarray, optional
            Where to write the outputs, of their shape and `dtype`; the block itself will do.

        Raises
        ------
        ValueError
            A block or an `out` of another shape, an `out` of another dtype.
        TypeError
            Samples that the stream's dtype does not hold: complex ones in a real stream.

        Examples
        --------
        >>> import numpy as np, ltisys as lti
        >>> stream = lti.FIR([0.5, 0.5]).stream(channels=2, dtype=np.float32)
        >>> stream.process(np.ones((2, 3), np.float32))
        array([[0.5, 1. , 1. ],
               [0.5, 1. , 1. ]], dtype=float32)
        """
        x = self._admitted(block)
        if self._stride > 1:
            return self._decimated(x, out)
        if out is None:
            y = self._in_precision(self._node.process(x))
            return y[0] if self._channels == 1 else y
        rows = self._checked_out(out, x.shape[1])
        if rows.flags.c_contiguous and rows.dtype == self._node.result:
            self._node.process(x, rows)
        else:
            rows[...] = self._in_precision(self._node.process(x))
        return out

    def _in_precision(self, y: np.ndarray) -> np.ndarray:
        if y.dtype == self._dtype:
            return y
        with np.errstate(over="ignore"):  # a lower precision may round to ±Inf
            return y.astype(self._dtype)

    def _decimated(self, x: np.ndarray, out: np.ndarray | None) -> np.ndarray:
        skip = int(self._phase[0])
        kept = -(-max(0, x.shape[1] - skip) // self._stride)
        rows = np.empty((self._channels, kept), self._dtype) if out is None else self._checked_out(out, kept)
        rows[...] = self._in_precision(self._node.process(x)[:, skip :: self._stride])
        self._phase[0] = (skip - x.shape[1]) % self._stride
        if out is not None:
            return out
        return rows[0] if self._channels == 1 else rows

    def flush(self, tail: bool = False) -> np.ndarray:
        """The last `latency` outputs, as if zeros followed; the stream then begins anew.

        Parameters
        ----------
        tail : bool, default False
            Add what the response goes on to give after the last sample: K - 1 outputs for K taps, counted from time 0
            if they begin later.

        Raises
        ------
        ValueError
            `tail` of a recursive system, which never ends.

        Examples
        --------
        >>> import ltisys as lti
        >>> stream = lti.FIR([1, 2, 3]).stream()
        >>> stream.process([1, 0])
        array([1., 2.])
        >>> stream.flush(tail=True)
        array([3., 0.])
        """
        if tail and self._tail == np.inf:
            raise ValueError("the tail of a recursive system never ends: process as many zeros as are wanted of it")
        count = self._latency * self._stride + (int(self._tail) if tail else 0)
        shape = (count,) if self._channels == 1 else (self._channels, count)
        y = self.process(np.zeros(shape, self._given))
        self.reset()
        return y

    def reset(self) -> None:
        """Forget everything: the next block begins a new signal."""
        for array in self._memory.values():
            array[...] = 0

    def _admitted(self, block: ArrayLike) -> np.ndarray:
        """The block as contiguous, writable rows of the working dtype, itself if it is so already."""
        x = np.asarray(block)
        if x.shape[:-1] != (() if self._channels == 1 else (self._channels,)) or x.ndim == 0:
            shape = "(n,)" if self._channels == 1 else f"({self._channels}, n)"
            raise ValueError(f"a block of this stream has the shape {shape}, got {x.shape}")
        if x.dtype != self._work:
            kind = "biu" if self._work.kind == "i" else "biufc" if self._work.kind == "c" else "biuf"
            if x.size and checked_numbers(x, "block").dtype.kind not in kind:
                raise TypeError(f"a stream of dtype {self._given} cannot hold a block of dtype {x.dtype}")
            x = to_work(x, self._work)
        if not (x.flags.c_contiguous and x.flags.writeable):
            x = np.array(x, order="C")
        return x[None] if self._channels == 1 else x

    def _checked_out(self, out: np.ndarray, count: int) -> np.ndarray:
        """The rows of `out`."""
        shape = (count,) if self._channels == 1 else (self._channels, count)
        if not isinstance(out, np.ndarray) or out.shape != shape or out.dtype != self._dtype:
            given = f"{out.dtype} {out.shape}" if isinstance(out, np.ndarray) else type(out).__name__
            raise ValueError(f"out must be an array of dtype {self._dtype} and shape {shape}, got {given}")
        return out[None] if self._channels == 1 else out


def _at_least_one(name: str, value: Any) -> int:
    try:
        number = operator.index(value)
    except TypeError:
        raise TypeError(f"{name} must be an integer, got {value!r}") from None
    if number < 1:
        raise ValueError(f"{name} must be at least 1, got {value}")
    return number
