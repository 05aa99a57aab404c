"""A bank of filters on raw sound, whose taps start as designed ones and learn on."""

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from .. import functions
from ..graph import Array, Variable
from .convolution import Conv1d
from .layer import Layer, Randomness

if TYPE_CHECKING:
    from ..door import FIR


class FilterBank(Layer):
    """M learnable FIR filters on one signal: (B, N) or (B, 1, N) to (B, M, N').

    Parameters
    ----------
    taps : array_like (M, K), or the pair (M, K)
        The unit sample responses to begin with; a pair of integers stands for random ones.
    stride : int
        Keep every stride-th output.
    mode, padding, origin
        As in ``Conv1d``.
    rng : generator, int or None
        Draws random taps.

    Attributes
    ----------
    weight : Variable (M, 1, K)
        The taps.

    Raises
    ------
    ValueError
        If taps is no matrix and no pair, or x is not one signal per example.

    Examples
    --------
    >>> bank = FilterBank([[0.5, 0.5], [0.5, -0.5]])  # sums and differences of neighbours
    >>> bank(np.array([[1.0, 3.0, 2.0]]))
    Variable([[[ 0.5,  2. ,  2.5],
               [ 0.5,  1. , -0.5]]])
    """

    def __init__(
        self,
        taps: ArrayLike | tuple[int, int],
        stride: int = 1,
        *,
        mode: Any = "same",
        padding: Any = "zero",
        origin: Any = None,
        rng: Randomness = None,
    ) -> None:
        given = np.asarray(taps)
        wanted = given.ndim == 1 and given.dtype.kind == "i" and len(given) == 2
        if not wanted and (given.ndim != 2 or given.size == 0):
            raise ValueError(f"taps of FilterBank must have shape (M, K), or be the pair (M, K), got {given.shape}")
        filters, length = map(int, given if wanted else given.shape)
        bank = Conv1d(
            1, filters, length, stride, mode=mode, padding=padding, origin=origin, bias=False, rng=rng
        )  # says what is wrong with the words, and draws the taps
        self.geometry = bank.geometry
        self.weight = bank.weight if wanted else Variable(given[:, None].astype(np.float32), "weight")

    def arguments(self) -> dict[str, Any]:
        """The constructor's arguments, the taps by their number and length."""
        filters, _, length = self.weight.shape
        words = {name: self.geometry[name] for name in ("stride", "mode", "padding", "origin")}
        return {"taps": (filters, length), **words}

    def __call__(self, x: Variable | Array) -> Variable:
        """The filtered signals."""
        if len(x.shape) == 2:
            x = functions.reshape(x, shape=(x.shape[0], 1, x.shape[1]))
        if len(x.shape) != 3 or x.shape[1] != 1:
            raise ValueError(f"FilterBank takes (B, N) or (B, 1, N), got shape {x.shape}")
        return functions.convolve_bank(x, self.weight, **self.geometry)

    def system(self, out: int = 0) -> "FIR":
        """One of the filters as a System, before decimation.

        Parameters
        ----------
        out : int
            Which of the M.

        Returns
        -------
        FIR
            The learned unit sample response, with start = −origin.

        Raises
        ------
        ValueError
            If there is no such filter.
        """
        from ..door import learned_system  # late: the one way out of this room

        return learned_system(self.weight.value, out, 0, self.geometry)
