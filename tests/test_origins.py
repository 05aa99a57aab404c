"""The table of docs/origins.md: our call for theirs, for odd and even numbers of taps."""

import warnings

import numpy as np
import pytest
from scipy import ndimage, signal

import ltisys as lti

PADDINGS = {"reflect": "mirror", "symmetric": "reflect", "replicate": "nearest", "circular": "wrap"}


@pytest.fixture(params=[1, 2, 3, 4, 5, 8])
def operands(request):
    rng = np.random.default_rng(request.param)
    return rng.integers(-9, 10, 20), rng.integers(-9, 10, request.param)


def test_signals(operands):
    x, h = operands
    k = len(h)
    same = np.testing.assert_array_equal
    for theirs in (np.convolve(x, h, "same"), signal.convolve(x, h, "same", method="direct")):
        same(lti.convolve(x, h, "same"), theirs)
    same(lti.convolve(x, h, "same", origin="ndimage"), ndimage.convolve1d(x, h, mode="constant"))
    same(lti.convolve(x, h, "same", origin="causal"), signal.lfilter(h, 1, x.astype(float)))
    for theirs in (
        np.correlate(x, h, "same"),
        signal.correlate(x, h, "same", method="direct"),
        ndimage.correlate1d(x, h, mode="constant"),
    ):
        same(lti.correlate(x, h, "same"), theirs)
    if k > 2:
        assert not np.array_equal(lti.convolve(x, h, "same"), lti.convolve(x, h, "same", origin="causal"))


def test_images(operands):
    x, h = operands
    image, taps = np.outer(x, x[:7]), np.outer(h, h[:2])
    same = np.testing.assert_array_equal
    same(lti.convolve2d(image, taps, "same"), signal.convolve2d(image, taps, "same"))
    centre = tuple((n - 1) // 2 for n in taps.shape)
    same(lti.correlate2d(image, taps, "same", origin=centre), signal.correlate2d(image, taps, "same"))
    same(lti.correlate2d(image, taps, "same"), ndimage.correlate(image, taps, mode="constant"))
    same(lti.convolve2d(image, taps, "same", origin="ndimage"), ndimage.convolve(image, taps, mode="constant"))


@pytest.mark.parametrize(("ours", "theirs"), PADDINGS.items())
def test_paddings(operands, ours, theirs):
    x, h = operands
    made = lti.convolve(x, h, "same", padding=ours, origin="ndimage")
    np.testing.assert_array_equal(made, ndimage.convolve1d(x, h, mode=theirs))


def test_a_layer_of_pytorch(operands):
    torch = pytest.importorskip("torch")
    x, h = operands
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Using padding='same'", UserWarning)  # an even number of taps costs a copy
        made = torch.nn.functional.conv1d(*(torch.tensor(a[None, None] * 1.0) for a in (x, h)), padding="same")
    expected = lti.correlate(x * 1.0, h * 1.0, "same", origin=(len(h) - 1) // 2)
    np.testing.assert_allclose(expected, made.numpy()[0, 0], atol=1e-12)
