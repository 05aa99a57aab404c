import numpy as np
import pytest
import scipy.signal

import ltisys as lti


def test_unit_sample_is_the_identity_of_convolution():
    x = lti.Signal([3, 1, 2], start=-1)
    assert x * lti.unit_sample() == x
    assert x * lti.unit_sample(3) == x.shift(3)
    image = lti.Signal([[1, 2], [3, 4]], start=(0, 0))
    assert image * lti.unit_sample((1, -1)) == image.shift((1, -1))


def test_unit_step_is_the_running_sum_of_the_unit_sample():
    step = lti.unit_step(5, start=-2, rate=10)
    assert (step.support, step.rate) == ((-2, 3), 10)
    assert step - step.shift(1) == lti.Signal([1, 0, 0, 0, 0, -1], start=-2, rate=10)


def test_sinusoid_counts_hertz_with_a_rate_and_cycles_without():
    x = lti.sinusoid(1000, 8, rate=8000)
    np.testing.assert_allclose(x.samples, np.cos(2 * np.pi * np.arange(8) / 8), atol=1e-15)
    assert x.isclose(lti.sinusoid(1 / 8, 8) + lti.Signal([0], rate=8000), rtol=1e-14)
    assert x.rate == 8000


def test_sinusoid_speaks_of_time_not_of_its_first_sample():
    early, late = lti.sinusoid(0.1, 9, phase=0.3, amplitude=2), lti.sinusoid(0.1, 4, phase=0.3, amplitude=2, start=5)
    np.testing.assert_allclose(late.samples, early[5:9].samples, atol=1e-14)
    far = lti.sinusoid(0.25, 4, start=4 * 10**12)
    np.testing.assert_allclose(far.samples, [1, 0, -1, 0], atol=1e-15)


@pytest.mark.parametrize(("sweep", "method"), [("linear", "linear"), ("exponential", "logarithmic")])
def test_chirp_is_that_of_scipy(sweep, method):
    rate, length = 8000, 400
    x = lti.chirp(100, 3000, length, sweep=sweep, rate=rate)
    t = np.arange(length) / rate
    np.testing.assert_allclose(x.samples, scipy.signal.chirp(t, 100, t[-1], 3000, method), atol=1e-9)


def test_an_exponential_chirp_may_stay():
    assert lti.chirp(0.1, 0.1, 9, sweep="exponential").isclose(lti.sinusoid(0.1, 9), rtol=1e-14)


def test_noise_is_white_and_repeatable():
    x = lti.noise(20000, seed=1, deviation=3.0)
    assert x == lti.noise(20000, seed=1, deviation=3.0)
    assert x != lti.noise(20000, seed=2, deviation=3.0)
    assert abs(x.samples.mean()) < 0.1
    assert abs(x.samples.std() - 3) < 0.1
    assert abs(np.corrcoef(x.samples[:-1], x.samples[1:])[0, 1]) < 0.03
    generator = np.random.default_rng(1)
    assert lti.noise(3, seed=generator) != lti.noise(3, seed=generator)


def test_bad_arguments_are_quoted():
    with pytest.raises(ValueError, match="length must be at least 1, got 0"):
        lti.unit_step(0)
    with pytest.raises(ValueError, match="length must be at least 2, got 1"):
        lti.chirp(0, 0.5, 1)
    with pytest.raises(ValueError, match='sweep must be "linear" or "exponential", got \'quadratic\''):
        lti.chirp(0, 0.5, 9, sweep="quadratic")
    with pytest.raises(ValueError, match="an exponential sweep needs positive frequencies, got 0 and 100"):
        lti.chirp(0, 100, 9, sweep="exponential", rate=8000)
    with pytest.raises(ValueError, match="rate must be positive, got 0"):
        lti.sinusoid(100, 9, rate=0)
