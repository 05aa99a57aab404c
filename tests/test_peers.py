"""Where the peers put output 0 of mode "same": the table of origins, pinned."""

import numpy as np
import pytest
from scipy import ndimage, signal

import ltisys as lti

RNG = np.random.default_rng(0)
X, IMAGE = RNG.standard_normal(12), RNG.standard_normal((9, 8))
TAPS = (1, 2, 3, 4, 5, 6)


@pytest.mark.parametrize("k", TAPS)
def test_numpy_and_scipy_signal(k):
    h = RNG.standard_normal(k)
    for mode in ("full", "same", "valid"):
        np.testing.assert_allclose(lti.convolve(X, h, mode), np.convolve(X, h, mode), atol=1e-12)
        np.testing.assert_allclose(lti.convolve(X, h, mode), signal.convolve(X, h, mode), atol=1e-12)
        np.testing.assert_allclose(lti.correlate(X, h, mode), np.correlate(X, h, mode), atol=1e-12)
        np.testing.assert_allclose(lti.correlate(X, h, mode), signal.correlate(X, h, mode), atol=1e-12)
        kernel = RNG.standard_normal((k, 3))
        np.testing.assert_allclose(
            lti.convolve2d(IMAGE, kernel, mode), signal.convolve2d(IMAGE, kernel, mode), atol=1e-12
        )
    np.testing.assert_allclose(lti.convolve(X, h, "same", origin="causal"), signal.lfilter(h, 1, X), atol=1e-12)


@pytest.mark.parametrize("k", TAPS)
@pytest.mark.parametrize(
    ("theirs", "ours"),
    [("reflect", "symmetric"), ("mirror", "mirror"), ("nearest", "nearest"), ("wrap", "wrap"), ("constant", "zero")],
)
def test_ndimage(k, theirs, ours):
    h, kernel = RNG.standard_normal(k), RNG.standard_normal((3, k))
    words = {"padding": ours, "origin": "ndimage"}
    np.testing.assert_allclose(lti.convolve(X, h, "same", **words), ndimage.convolve1d(X, h, mode=theirs), atol=1e-12)
    np.testing.assert_allclose(lti.correlate(X, h, "same", **words), ndimage.correlate1d(X, h, mode=theirs), atol=1e-12)
    np.testing.assert_allclose(
        lti.convolve2d(IMAGE, kernel, "same", **words), ndimage.convolve(IMAGE, kernel, mode=theirs), atol=1e-12
    )


def test_upfirdn_is_stride_on_a_spread_signal():
    h = RNG.standard_normal(5)
    np.testing.assert_allclose(lti.convolve(X, h, stride=3), signal.upfirdn(h, X, down=3), atol=1e-12)
