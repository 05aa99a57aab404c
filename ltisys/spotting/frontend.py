"""The front end of a spotter: log-mel frames, centred and scaled by constants learned from the training data."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ltisys.audio import LogMel


@dataclass(frozen=True)
class FrontEnd:
    """From samples to the numbers a network reads: (log mel energy - mean) / scale, band by band.

    Mean and scale are constants from training and never computed from the clip at hand, so that a frame means the same
    in a one-second clip and in a stream.

    Parameters
    ----------
    log_mel : LogMel
        The filter bank.
    mean, scale : tuple of float
        One per band.
    window : float
        Seconds of sound that the network sees at a time.

    Examples
    --------
    >>> from ltisys.audio import LogMel
    >>> front_end = FrontEnd(LogMel(bands=2), mean=(0.0, 0.0), scale=(1.0, 1.0))
    >>> front_end(np.zeros(16000, np.float32)).shape, front_end.frames
    ((2, 98), 158)
    """

    log_mel: LogMel
    mean: tuple[float, ...]
    scale: tuple[float, ...]
    window: float = 1.6

    def __call__(self, x: np.ndarray) -> np.ndarray:
        """Normalised frames of (..., n) samples, as (..., bands, frames) float32."""
        return self.normalise(self.log_mel(x))

    def normalise(self, frames: np.ndarray) -> np.ndarray:
        """Subtract the mean and divide by the scale of every band of (..., bands, frames)."""
        mean, scale = self._of_bands()
        return (frames - mean) / scale

    def restored(self, features: np.ndarray) -> np.ndarray:
        """The log-mel frames of which `normalise` made these (..., bands, frames)."""
        mean, scale = self._of_bands()
        return features * scale + mean

    def _of_bands(self) -> tuple[np.ndarray, np.ndarray]:
        """Mean and scale, (bands, 1)."""
        return np.asarray(self.mean, np.float32)[:, None], np.asarray(self.scale, np.float32)[:, None]

    @property
    def rate(self) -> int:
        """Samples per second."""
        return int(self.log_mel.rate)

    @property
    def samples(self) -> int:
        """Samples in one window."""
        return round(self.window * self.rate)

    @property
    def frames(self) -> int:
        """Frames in one window."""
        return self.log_mel.frames(self.samples)

    @classmethod
    def plain(cls, log_mel: LogMel, *, window: float = 1.6) -> "FrontEnd":
        """The front end that leaves the log-mel frames as they are."""
        return cls(log_mel, (0.0,) * log_mel.bands, (1.0,) * log_mel.bands, window)

    def fitted(self, frames: np.ndarray) -> "FrontEnd":
        """The same filter bank with the mean and the scale of the given log-mel frames (clips, bands, frames)."""
        mean = frames.mean(axis=(0, 2), dtype=np.float64)
        scale = np.maximum(frames.std(axis=(0, 2), dtype=np.float64), 1e-3)
        return replace(self, mean=tuple(mean.tolist()), scale=tuple(scale.tolist()))

    def to_dict(self) -> dict[str, Any]:
        """All numbers of the front end, as JSON can hold them."""
        return {
            "log_mel": self.log_mel.to_dict(),
            "mean": list(self.mean),
            "scale": list(self.scale),
            "window": self.window,
        }

    @classmethod
    def from_dict(cls, d: dict[str, Any]) -> "FrontEnd":
        """The front end that `to_dict` described."""
        return cls(LogMel.from_dict(d["log_mel"]), tuple(d["mean"]), tuple(d["scale"]), float(d["window"]))
