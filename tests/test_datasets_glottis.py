import numpy as np
import pytest

from ltisys.datasets.articulation import STEP, Articulation
from ltisys.datasets.glottis import envelope, glottis, pulses
from ltisys.datasets.voices import Voice

RATE = 16000


def humming(pitch, moments=500):
    ones = np.ones(moments)
    return Articulation(
        formants=np.outer(ones, (500.0, 1500.0, 2500.0)),
        voicing=ones,
        aspiration=0 * ones,
        frication=0 * ones,
        noise=np.outer(ones, (4000.0, 4000.0)),
        nasality=0 * ones,
        pitch=pitch * ones,
    )


@pytest.mark.parametrize("pitch", [80.0, 125.0, 320.0])
def test_there_is_one_pulse_each_period(pitch):
    x = pulses(humming(pitch), Voice("exact", jitter=0.0, shimmer=0.0), np.random.default_rng(0), RATE)
    assert x.shape == (RATE,)
    centres = np.convolve(x, [0.5, 1.0, 0.5])
    times = np.flatnonzero((centres[1:-1] > centres[:-2]) & (centres[1:-1] >= centres[2:]))
    assert np.diff(times).mean() == pytest.approx(RATE / pitch, rel=0.01)
    assert x.sum() == pytest.approx((pitch - 1) * np.sqrt(RATE / pitch), rel=0.02)


def test_jitter_and_shimmer_make_pulses_irregular():
    rng = np.random.default_rng(0)
    rough = pulses(humming(100.0), Voice("rough", jitter=0.02, shimmer=0.2), rng, RATE)
    gaps = np.diff(np.flatnonzero(rough > 0.55 * rough.max()))
    assert gaps[gaps > 1].std() > 1


def test_nothing_pulses_without_voicing():
    motion = humming(100.0)
    silent = Articulation(**{**vars(motion), "voicing": 0 * motion.voicing})
    assert not pulses(silent, Voice("mute"), np.random.default_rng(0), RATE).any()


def test_the_glottis_is_a_stable_low_pass_without_constant_flow():
    system = glottis(Voice("man", pitch=120.0, tilt=3000.0), RATE)
    omega, response = system.frequency_response(4096)
    gain = abs(response)
    assert gain[0] < 1e-9
    assert gain.max() == pytest.approx(1.0, abs=0.05)
    assert omega[np.argmax(gain)] * RATE / (2 * np.pi) == pytest.approx(96.0, rel=0.1)
    falling = gain[np.argmax(gain) :]
    assert np.all(np.diff(falling) < 0)


def test_an_envelope_joins_the_moments_by_straight_lines():
    track = np.array([0.0, 1.0, 0.5])
    n = round(3 * STEP * RATE)
    y = envelope(track, n, RATE)
    assert y.shape == (n,)
    assert y[48] == pytest.approx(1.0)
    assert y[32] == pytest.approx(0.5)
    assert y[0] == 0.0
    assert y[-1] == 0.5
