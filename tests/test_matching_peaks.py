import numpy as np
import pytest
import scipy.signal
from hypothesis import given
from hypothesis import strategies as st

from ltisys import Signal, find_peaks
from ltisys.matching import Peak

x = np.random.default_rng(0).normal(size=200)


@pytest.mark.parametrize(
    "options", [{}, {"height": 1.0}, {"distance": 7}, {"prominence": 2.0}, {"height": 0.5, "distance": 3}]
)
def test_inside_a_signal_they_are_scipys(options):
    surrounded = np.concatenate(([x.min()] * 10, x, [x.min()] * 10))
    wanted = scipy.signal.find_peaks(surrounded, **options)[0] - 10
    assert [peak.index for peak in find_peaks(x, **options)] == wanted.tolist()


def test_ends_and_plateaus():
    assert [peak.index for peak in find_peaks([5, 1, 2, 2, 2, 1, 9])] == [0, 3, 6]
    assert find_peaks([4, 4, 4]) == find_peaks([7]) == []


def test_a_signal_gives_indices_and_times_and_takes_distances_in_seconds():
    signal = Signal([0, 4, 0, 5, 0, 0, 0, 0, 3, 0], start=-2, rate=10)
    assert find_peaks(signal) == [Peak(-1, 4.0, -0.1), Peak(1, 5.0, 0.1), Peak(6, 3.0, 0.6)]
    assert find_peaks(signal, distance=0.3) == [Peak(1, 5.0, 0.1), Peak(6, 3.0, 0.6)]
    assert find_peaks(Signal([0, 4, 0])) == [Peak(1, 4.0, None)]


def test_nan_is_nowhere_a_peak():
    assert [peak.index for peak in find_peaks([np.nan, 2.0, 1.0, np.nan, 3.0, 0.0])] == [1, 4]
    assert find_peaks([np.nan, np.nan]) == []


@given(st.integers(0, 50))
def test_peaks_of_images_are_not_below_their_neighbours(seed):
    image = np.random.default_rng(seed).integers(0, 4, (8, 9))
    padded = np.pad(image, 1)
    found = find_peaks(image)
    for peak in found:
        i, j = peak.index
        assert peak.height == image[i, j] == padded[i : i + 3, j : j + 3].max()
    assert max((peak.height for peak in found), default=image.min()) == image.max()


def test_images():
    image = np.zeros((9, 9))
    image[2, 2:5] = 3
    image[4, 4] = 5
    image[8, 0] = 1
    assert [peak.index for peak in find_peaks(Signal(image, start=(10, 20)))] == [(12, 23), (14, 24), (18, 20)]
    assert [peak.index for peak in find_peaks(image, distance=2, height=2)] == [(2, 3), (4, 4)]
    assert [peak.index for peak in find_peaks(image, distance=3)] == [(4, 4), (8, 0)]
    assert find_peaks(np.ones((3, 3))) == []


def test_what_has_no_peaks_is_refused_in_words():
    with pytest.raises(TypeError, match="x must be real, got dtype complex128"):
        find_peaks([1j])
    for bad in (np.ones((2, 2, 2)), [], Signal(np.ones((2, 5)))):
        with pytest.raises(ValueError, match="x must have one index axis or two, no channels, and samples, got shape"):
            find_peaks(bad)
    with pytest.raises(ValueError, match="distance must be positive, got 0"):
        find_peaks(x, distance=0)
    with pytest.raises(ValueError, match=r"prominence belongs to signals in time, got 1.0 for an image"):
        find_peaks(np.eye(3), prominence=1.0)
