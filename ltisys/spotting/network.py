"""The network of the spotter: convolutions over bands and time that never read beyond what was heard."""

import numpy as np

from ltisys import nn

_CHANNELS = (16, 24, 40, 64, 80)


def scanning_network(
    bands: int = 40,
    classes: int = 10,
    *,
    width: float = 1.0,
    dropout: float = 0.2,
    seed: int = 0,
) -> nn.Sequential:
    """A residual network on log-mel frames, valid along time: scanning a recording is the same as seeing its windows.

    It takes (B, bands, frames). First come convolutions over bands and time, padded along the bands alone, because a
    longer vocal tract moves the picture along them; then one that takes all bands together; then convolutions along
    time; then the mean over time and a dense layer. Along time nothing is padded, so every output depends on as many
    frames in a clip as in a stream, and a stream computes what its windows would give.

    Parameters
    ----------
    bands, classes : int
        Bands of the spectrogram, a multiple of 8, and words.
    width : float
        Factor on the channels (16, 24, 40, 64, 80) of the five stages.
    dropout : float
        Probability of a zero before the dense layer.
    seed : int
        Decides the initial weights.

    Returns
    -------
    nn.Sequential
        Its last three layers are the mean over time, the dropout and the dense layer.

    Raises
    ------
    ValueError
        If the bands are no multiple of 8, or width is not positive.

    References
    ----------
    The shape is between two of the field's: Choi et al., Temporal Convolution for Real-time Keyword Spotting on Mobile
    Devices, 2019 (convolution along time), and Kim et al., Broadcasted Residual Learning for Efficient Keyword
    Spotting, 2021 (first over bands and time).

    Examples
    --------
    >>> net = scanning_network()
    >>> net.n_parameters, round(nn.macs(net, (1, 40, 98)) / 1e6, 1)
    (133818, 7.2)
    >>> nn.receptive_field(net[:-3]).size[1], nn.receptive_field(net[:-3]).stride[1]
    (97, 8)
    """
    if bands < 8 or bands % 8:
        raise ValueError(f"bands must be a multiple of 8, got {bands}")
    if not width > 0:
        raise ValueError(f"width must be positive, got {width}")
    rng = np.random.default_rng(seed)
    first, second, third, fourth, fifth = (max(1, round(width * channels)) for channels in _CHANNELS)
    return nn.Sequential(
        nn.Unflatten(1, (1, bands)),
        *_convolution(1, first, (5, 5), (2, 2), rng), nn.ReLU(),
        _residual(first, second, (3, 3), (2, 1), rng), nn.ReLU(),
        _residual(second, third, (3, 3), (2, 2), rng), nn.ReLU(),
        nn.Conv2d(third, fourth, (bands // 8, 1), mode="valid", bias=False, rng=rng), nn.BatchNorm(fourth), nn.ReLU(),
        _residual(fourth, fifth, (1, 7), (1, 2), rng), nn.ReLU(),
        nn.GlobalAvgPool(),
        nn.Dropout(dropout, rng=rng.spawn(1)[0]),
        nn.Linear(fifth, classes, rng=rng),
    )  # fmt: skip


def _convolution(
    inputs: int, outputs: int, size: tuple[int, int], stride: tuple[int, int], rng: np.random.Generator
) -> tuple[nn.Layer, nn.Layer]:
    """A convolution padded along the bands, and the normalisation behind it."""
    half = size[0] // 2
    mode = ((half, half), (0, 0))
    return nn.Conv2d(inputs, outputs, size, stride, mode=mode, bias=False, rng=rng), nn.BatchNorm(outputs)


def _residual(
    inputs: int, outputs: int, size: tuple[int, int], stride: tuple[int, int], rng: np.random.Generator
) -> nn.Residual:
    """Two convolutions, and past them the frames in the middle of what they read."""
    lost = (size[1] - 1) * (1 + stride[1])
    body = nn.Sequential(
        *_convolution(inputs, outputs, size, stride, rng),
        nn.ReLU(),
        *_convolution(outputs, outputs, size, (1, 1), rng),
    )
    shortcut = nn.Sequential(nn.Crop(lost // 2, lost - lost // 2), *_convolution(inputs, outputs, (1, 1), stride, rng))
    return nn.Residual(body, shortcut)
