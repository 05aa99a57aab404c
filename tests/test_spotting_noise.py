import numpy as np
import pytest

from ltisys.spotting.noise import coloured, made_noise


@pytest.mark.parametrize("slope", [0.0, 1.0, 2.0])
def test_the_power_falls_as_it_should(slope):
    x = coloured(2**16, slope, np.random.default_rng(0))
    power = np.abs(np.fft.rfft(x)) ** 2
    low, high = power[2000:2400].mean(), power[16000:19200].mean()
    assert np.log2(low / high) == pytest.approx(3 * slope, abs=0.4)
    assert np.mean(x**2) == pytest.approx(1, rel=1e-4)


def test_made_noise_is_steady_enough_to_cut_from():
    for x in made_noise(8000, np.random.default_rng(0), seconds=4):
        assert (x.shape, x.dtype) == ((32000,), np.float32)
        assert 0.02 < np.sqrt(np.mean(x**2)) < 0.4
