"""Residual networks along time, for keyword spotting."""

import numpy as np

from ..layers import BatchNorm, Conv1d, Dropout, GlobalAvgPool, Linear, ReLU, Residual, Sequential


def tc_resnet8(
    bands: int = 40, classes: int = 10, width: float = 1.0, *, dropout: float = 0.5, seed: int = 0
) -> Sequential:
    """TC-ResNet8 for keyword spotting: convolution along time, with the bands of a spectrogram as channels.

    It takes (B, bands, frames). A 3-tap convolution, three residual blocks of two 9-tap convolutions that each halve
    the frame rate, and the mean over time.

    Parameters
    ----------
    bands, classes : int
        Channels of the spectrogram, and words.
    width : float
        Factor on the channels (16, 24, 32, 48) inside.
    dropout : float
        Probability of a zero before the dense layer.
    seed : int
        Decides the initial weights.

    Raises
    ------
    ValueError
        If width is not positive.

    References
    ----------
    Choi et al., Temporal Convolution for Real-time Keyword Spotting on Mobile Devices, 2019, figure 2 and table 2.

    Examples
    --------
    >>> tc_resnet8().n_parameters, tc_resnet8(width=1.5).n_parameters
    (65050, 144082)
    """
    if not width > 0:
        raise ValueError(f"width must be positive, got {width}")
    rng = np.random.default_rng(seed)
    first, *rest = (max(1, round(width * channels)) for channels in (16, 24, 32, 48))
    net = Sequential(Conv1d(bands, first, 3, bias=False, rng=rng))
    inputs = first
    for outputs in rest:
        net = Sequential(*net, _temporal_block(inputs, outputs, rng), ReLU())
        inputs = outputs
    return Sequential(*net, GlobalAvgPool(), Dropout(dropout, rng=rng.spawn(1)[0]), Linear(inputs, classes, rng=rng))


def _temporal_block(inputs: int, outputs: int, rng: np.random.Generator) -> Residual:
    body = Sequential(
        Conv1d(inputs, outputs, 9, stride=2, bias=False, rng=rng),
        BatchNorm(outputs),
        ReLU(),
        Conv1d(outputs, outputs, 9, bias=False, rng=rng),
        BatchNorm(outputs),
    )
    shortcut = Sequential(Conv1d(inputs, outputs, 1, stride=2, bias=False, rng=rng), BatchNorm(outputs), ReLU())
    return Residual(body, shortcut)
