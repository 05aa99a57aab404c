"""Scanning: what a network says of every window of a stream, with everything computed once that windows share."""

import numpy as np

from ltisys import nn

from .frontend import FrontEnd

LOOKS = 8  # computed together: two thirds of a second, so that what each one reads beyond the new frames weighs little


class Scanner:
    """Looks at a stream of frames through a network whose convolutions are valid along time.

    A network (convolutions, mean over time, dense layers) is a time-invariant system up to its mean, and the mean of
    the newest columns is a moving average. So a stream needs one pass of the convolutions over what is new, and gives
    what the network says of each window alone. Frames come in steps of equal length, so that the numbers do not depend
    on how the sound was chopped.

    Parameters
    ----------
    net : nn.Layer
        A Sequential of layers on (B, bands, frames) that are not padded along time, GlobalAvgPool, and layers on rows.
    front_end : FrontEnd
        Gives the frames, and says how long a window is. Before its beginning a stream is silent.

    Attributes
    ----------
    hop : int
        Frames from one look to the next.
    window : int
        Frames that a look depends on.
    step : int
        Frames to push at a time.

    Raises
    ------
    ValueError
        If the network is none of that kind, or sees further than one window.

    Examples
    --------
    >>> from ltisys.audio import LogMel
    >>> from ltisys.spotting.network import scanning_network
    >>> scanner = Scanner(scanning_network(), FrontEnd.plain(LogMel()))
    >>> scanner.hop, scanner.window, scanner.push(np.zeros((40, scanner.step), np.float32)).shape
    (8, 153, (8, 10))
    """

    def __init__(self, net: nn.Layer, front_end: FrontEnd) -> None:
        self._body, self._head = divided(nn.folded(net))
        field = nn.receptive_field(self._body)
        self.hop, self._field = field.stride[-1], field.size[-1]
        self._silence = front_end(np.zeros(front_end.samples, np.float32))
        columns = (front_end.frames - self._field) // self.hop + 1
        if columns < 1:
            raise ValueError(
                f"the network sees {self._field} frames at once, a window holds {front_end.frames}: "
                "shorten its kernels, or give it longer clips"
            )
        silent = self._columns(self._silence)
        if field.start[-1] != 0 or silent.shape[1] != columns:
            raise ValueError(
                "the network pads along time: a stream needs convolutions in mode 'valid' there, "
                f"got {silent.shape[1]} columns beginning at frame {field.start[-1]}, not {columns} beginning at 0"
            )
        self.window = self._field + self.hop * (columns - 1)
        self.step = LOOKS * self.hop
        self._silent = silent[:, 1:]
        self.reset()

    def reset(self) -> None:
        """Forget the past: a stream begins, in silence."""
        self._frames = self._silence[:, : self._field - self.hop]
        self._past = self._silent

    def push(self, frames: np.ndarray) -> np.ndarray:
        """Take the next frames, and look.

        Several steps at once cost a third of what they do one by one, and give the same.

        Parameters
        ----------
        frames : ndarray, (bands, steps * step)
            From the front end; one step or more.

        Returns
        -------
        ndarray, (looks, words)
            The probabilities of the words in each window that ends in these frames, one every `hop`.
        """
        x = np.concatenate([self._frames, frames], axis=1)
        self._frames = x[:, frames.shape[1] :]
        columns = np.concatenate([self._past, self._columns(x)], axis=1)
        self._past = columns[:, frames.shape[1] // self.hop :]
        windows = np.lib.stride_tricks.sliding_window_view(columns, self._past.shape[1] + 1, axis=1)
        means = np.ascontiguousarray(windows.mean(axis=2).T)
        with nn.no_grad():  # as many rows at a time, however many steps: a product of matrices may round otherwise
            return softmax(np.concatenate([self._head(some).value for some in np.split(means, len(means) // LOOKS)]))

    def _columns(self, frames: np.ndarray) -> np.ndarray:
        """What the convolutions say at each time, (channels, columns)."""
        with nn.no_grad():
            y = self._body(frames[np.newaxis]).value[0]
        return y.mean(axis=tuple(range(1, y.ndim - 1)))


def divided(net: nn.Layer) -> tuple[nn.Sequential, nn.Sequential]:
    """A network before and after its mean over time.

    Raises
    ------
    ValueError
        If it is no Sequential with one GlobalAvgPool.
    """
    steps = tuple(net) if isinstance(net, nn.Sequential) else ()
    pools = [index for index, step in enumerate(steps) if isinstance(step, nn.GlobalAvgPool)]
    if len(pools) != 1 or pools[0] == 0:
        raise ValueError(f"the network must be a Sequential of layers, one GlobalAvgPool, and layers, got {net!r}")
    return nn.Sequential(*steps[: pools[0]]), nn.Sequential(*steps[pools[0] + 1 :])


def softmax(logits: np.ndarray) -> np.ndarray:
    """Rows of probabilities in float64.

    Examples
    --------
    >>> softmax(np.array([[0.0, 0.0], [1000.0, 0.0]]))
    array([[0.5, 0.5],
           [1. , 0. ]])
    """
    logits = np.asarray(logits, dtype=np.float64)
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)
