"""Clips: many short recordings of single words, and who said what."""

from dataclasses import KW_ONLY, dataclass, replace
from typing import Any, final

import numpy as np
from numpy.typing import ArrayLike

from ..audio.files import FULL_SCALE

SPLITS = ("training", "validation", "testing")


@final
@dataclass(frozen=True, eq=False, repr=False)
class Clips:
    """Recordings of single words, all of one length, with their words, speakers and splits.

    Parameters
    ----------
    samples : ndarray of int16 or float32, shape (clips, n)
        One clip a row; shorter recordings are zero-padded at the end. int16 has full scale at ±32768, float32 at ±1.
    rate : int
        Samples per second.
    words : tuple of str
        The classes; a label is an index into them.
    labels : ndarray of int64, shape (clips,)
        Which word each clip holds.
    speakers : ndarray of str, shape (clips,)
        Who says it.
    splits : ndarray of str, shape (clips,)
        "training", "validation" or "testing".
    noise : tuple of ndarray of float32, shape (length,) each
        Background recordings, full scale at ±1.
    name, licence, credit : str
        What the data set is called, its terms, and whom to name.

    Raises
    ------
    ValueError
        If lengths disagree, a label is no index into the words, or a split is none of the three.
    TypeError
        For samples of another dtype.

    Examples
    --------
    >>> clips = Clips(
    ...     samples=np.array([[0, 16384], [-32768, 0]], np.int16),
    ...     rate=16000,
    ...     words=("no", "yes"),
    ...     labels=np.array([1, 0]),
    ...     speakers=np.array(["ada", "ben"]),
    ...     splits=np.array(["training", "testing"]),
    ... )
    >>> clips.audio()
    array([[ 0. ,  0.5],
           [-1. ,  0. ]], dtype=float32)
    >>> len(clips.part("testing"))
    1
    """

    samples: np.ndarray
    rate: int
    words: tuple[str, ...]
    labels: np.ndarray
    speakers: np.ndarray
    splits: np.ndarray
    _: KW_ONLY
    noise: tuple[np.ndarray, ...] = ()
    name: str = ""
    licence: str = ""
    credit: str = ""

    def __post_init__(self) -> None:
        if self.samples.dtype not in (np.int16, np.float32):
            raise TypeError(f"samples must be int16 or float32, got {self.samples.dtype}")
        if self.samples.ndim != 2:
            raise ValueError(f"samples must have shape (clips, n), got {self.samples.shape}")
        for name in ("labels", "speakers", "splits"):
            values = getattr(self, name)
            if values.shape != (len(self),):
                raise ValueError(f"{name} must hold one value for each of {len(self)} clips, got shape {values.shape}")
        if len(self) and not 0 <= self.labels.min() <= self.labels.max() < len(self.words):
            raise ValueError(
                f"labels must be indices into {len(self.words)} words, got {self.labels.min()} to {self.labels.max()}"
            )
        unknown = set(self.splits.tolist()) - set(SPLITS)
        if unknown:
            raise ValueError(f"splits must be training, validation or testing, got {sorted(unknown)}")

    def __len__(self) -> int:
        return self.samples.shape[0]

    def __repr__(self) -> str:
        n = self.samples.shape[1]
        return (
            f"Clips({self.name!r}: {len(self)} clips of {n / self.rate:g} s at {self.rate} Hz, "
            f"{len(self.words)} words, {len(np.unique(self.speakers))} speakers)"
        )

    def select(self, which: ArrayLike | slice) -> "Clips":
        """Some of the clips, with the same words and noise.

        Parameters
        ----------
        which : array_like or slice
            A boolean mask, one value a clip, or indices.

        Returns
        -------
        Clips
        """
        chosen: Any = which if isinstance(which, slice) else np.asarray(which)
        if isinstance(chosen, np.ndarray) and chosen.size == 0 and chosen.dtype != bool:
            chosen = chosen.astype(np.intp)  # an empty list is float64 to NumPy, and no index
        fields = {name: getattr(self, name)[chosen] for name in ("samples", "labels", "speakers", "splits")}
        return replace(self, **fields)

    def part(self, split: str) -> "Clips":
        """The clips of one split: "training", "validation" or "testing"; there may be none.

        Raises
        ------
        ValueError
            For another word.
        """
        if split not in SPLITS:
            raise ValueError(f"split must be training, validation or testing, got {split!r}")
        return self.select(self.splits == split)

    def audio(self, indices: ArrayLike | slice | None = None) -> np.ndarray:
        """Samples with full scale at ±1, of all clips or of those chosen.

        Parameters
        ----------
        indices : array_like or slice, optional
            A boolean mask or indices.

        Returns
        -------
        ndarray of float32, shape (chosen, n)
        """
        chosen = self.samples if indices is None else self.select(indices).samples
        return chosen.astype(np.float32) / FULL_SCALE if chosen.dtype == np.int16 else chosen.astype(np.float32)
