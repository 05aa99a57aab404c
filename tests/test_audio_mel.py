"""The mel bank against its definition, and the log-mel front end against the engine's own convolution."""

import json

import librosa
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import ltisys as lti
from ltisys import audio

SMALL = audio.LogMel(rate=1000, window=0.02, hop=0.005, n_fft=32, bands=5)


@given(st.floats(0, 24000), st.sampled_from(["slaney", "htk"]))
def test_the_mel_scale_is_inverted(frequency, scale):
    there = audio.hz_to_mel(frequency, scale=scale)
    assert audio.mel_to_hz(there, scale=scale) == pytest.approx(frequency, abs=1e-8)


def test_the_mel_scale_of_htk():
    assert audio.hz_to_mel(1000, scale="htk") == pytest.approx(999.9855, abs=1e-4)
    assert audio.hz_to_mel(0, scale="htk") == 0


def test_slaneys_mel_scale_is_linear_to_1000_hz_and_then_27_steps_lead_to_the_6_4_fold():
    np.testing.assert_allclose(np.diff(audio.hz_to_mel(np.arange(0, 1001, 200))), 3, rtol=1e-12)
    steps = audio.mel_to_hz(15 + np.arange(28))
    np.testing.assert_allclose(steps[1:] / steps[:-1], 6.4 ** (1 / 27), rtol=1e-12)
    assert steps[-1] == pytest.approx(6400)


@pytest.mark.parametrize("f", [audio.hz_to_mel, audio.mel_to_hz])
def test_an_unknown_scale_is_named(f):
    with pytest.raises(ValueError, match="scale must be 'slaney' or 'htk', got 'bark'"):
        f(1.0, scale="bark")


@pytest.mark.parametrize("scale", ["slaney", "htk"])
@pytest.mark.parametrize("norm", ["slaney", None])
def test_the_matrix_is_its_definition_bin_by_bin(scale, norm):
    matrix = audio.mel_matrix(8000, 256, 10, low=100, high=3500, scale=scale, norm=norm)
    low, high = audio.hz_to_mel([100, 3500], scale=scale)
    corners = audio.mel_to_hz(np.linspace(low, high, 12), scale=scale)
    for band in range(10):
        below, centre, above = corners[band : band + 3]
        for k in range(129):
            f = k * 8000 / 256
            expected = (f - below) / (centre - below) if f <= centre else (above - f) / (above - centre)
            peak = 1 if norm is None else 2 / (above - below)
            assert matrix[band, k] == pytest.approx(peak * max(0, expected), abs=1e-12)


def test_white_noise_has_the_same_energy_in_all_bands_of_slaneys_matrix():
    energies = audio.mel_matrix(16000, 1 << 15, 20, low=100).sum(axis=1) * 16000 / (1 << 15)
    np.testing.assert_allclose(energies, 1, rtol=1e-4)


def test_neighbouring_bands_share_every_bin_between_the_outermost_centres():
    front_end = audio.LogMel(norm=None)
    frequencies = np.arange(257) * 16000 / 512
    inside = (frequencies >= front_end.centres[0]) & (frequencies <= front_end.centres[-1])
    np.testing.assert_allclose(front_end.matrix.sum(axis=0)[inside], 1)


def test_centres_are_where_the_bands_peak_equally_spaced_in_mel():
    front_end = audio.LogMel(n_fft=1 << 15)
    peaks = front_end.matrix.argmax(axis=1) * 16000 / (1 << 15)
    np.testing.assert_allclose(front_end.centres, peaks, atol=16000 / (1 << 15))
    np.testing.assert_allclose(np.diff(audio.hz_to_mel(front_end.centres), n=2), 0, atol=1e-9)


@pytest.mark.parametrize("front_end", [SMALL, audio.LogMel(rate=8000, n_fft=256, bands=20, high=3800)])
def test_log_mel_is_a_bank_of_filters_a_modulus_and_a_decimation(front_end):
    x = np.random.default_rng(0).standard_normal((3, 1, 1000)) * 0.1
    taps = front_end.taps[:, np.newaxis]
    spectra = lti.convolve_bank(x.astype(complex), taps, mode="valid", stride=front_end.hop_samples)
    expected = np.log(front_end.matrix @ np.abs(spectra) ** 2 + front_end.floor)
    np.testing.assert_allclose(front_end(x[:, 0]), expected, rtol=1e-4, atol=1e-4)


def test_log_mel_gathers_the_spectrogram():
    x = np.random.default_rng(0).standard_normal(8000) * 0.1
    power = audio.spectrogram(x, 16000).power
    front_end = audio.LogMel()
    np.testing.assert_allclose(front_end(x), np.log(front_end.matrix @ power + 1e-6), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("shape", [(400,), (16000,), (2, 700), (2, 3, 1000), (0, 1000), (70, 700)])
def test_leading_axes_are_kept_and_every_clip_is_alone(shape):
    front_end = audio.LogMel()
    x = np.random.default_rng(0).standard_normal(shape).astype(np.float32)
    y = front_end(x)
    assert y.shape == (*shape[:-1], 40, front_end.frames(shape[-1]))
    assert y.dtype == np.float32
    for index in np.ndindex(shape[:-1]):
        np.testing.assert_allclose(y[index], front_end(x[index]), atol=1e-5)


@given(n=st.integers(20, 200), cut=st.integers(0, 30))
def test_a_frame_is_the_same_wherever_it_is_cut_from(n, cut):
    x = np.random.default_rng(n).standard_normal(n + 5 * cut).astype(np.float32)
    np.testing.assert_allclose(SMALL(x)[:, cut:], SMALL(x[5 * cut :]), atol=1e-5)


@given(st.integers(0, 2000))
def test_frames_counts_the_windows_that_fit(n):
    assert SMALL.frames(n) == len(range(0, n - SMALL.window_samples + 1, SMALL.hop_samples))


def test_silence_is_the_logarithm_of_the_floor():
    np.testing.assert_allclose(SMALL(np.zeros(20)), np.log(1e-6), rtol=1e-6)


def test_a_signal_brings_its_rate():
    x = np.random.default_rng(0).standard_normal(100)
    np.testing.assert_array_equal(SMALL(lti.Signal(x, rate=1000)), SMALL(x))
    with pytest.raises(ValueError, match="rate must be that of the signal, 8000 Hz, got 1000 Hz; see"):
        SMALL(lti.Signal(x, rate=8000))


def test_the_input_may_be_strided_and_read_only():
    x = np.random.default_rng(0).standard_normal((4, 200)).astype(np.float32)
    x.setflags(write=False)
    np.testing.assert_array_equal(SMALL(x[::2, ::2]), SMALL(x[::2, ::2].copy()))


def test_parameters_survive_storage():
    front_end = audio.LogMel(rate=8000, n_fft=256, bands=20, high=3800)
    assert audio.LogMel.from_dict(json.loads(json.dumps(front_end.to_dict()))) == front_end


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"rate": 0}, "rate must be positive, got 0"),
        ({"window": 0.0}, r"window must be at least one sample, got 0\.0 s at 16000 Hz"),
        ({"hop": 0.0}, r"hop must be at least one sample, got 0\.0 s at 16000 Hz"),
        ({"n_fft": 399}, "n_fft must be at least the window's 400 samples, got 399"),
        ({"floor": 0.0}, r"floor must be positive, got 0\.0"),
        ({"bands": 0}, "bands must be at least 1, got 0"),
        ({"low": 9000.0}, r"0 <= low < high <= 8000 Hz \(half the rate\), got 9000\.0, 8000\.0"),
        ({"high": 8001.0}, r"0 <= low < high <= 8000 Hz \(half the rate\), got 20\.0, 8001\.0"),
        ({"bands": 200}, r"200 bands are too many for 512 points at 16000 Hz: band \d+ holds no bin"),
    ],
)
def test_what_makes_no_front_end_is_refused_at_once(options, message):
    with pytest.raises(ValueError, match=message):
        audio.LogMel(**options)


def test_a_sound_must_fill_a_window():
    with pytest.raises(ValueError, match=r"samples must hold at least one window of 400, got shape \(2, 399\)"):
        audio.LogMel()(np.zeros((2, 399)))


def test_integers_have_no_full_scale():
    with pytest.raises(TypeError, match="full scale ±1, got dtype int16; divide int16 by 32768"):
        audio.LogMel()(np.zeros(16000, np.int16))


@pytest.mark.parametrize("options", [{}, {"rate": 8000, "bands": 20, "low": 100.0}, {"scale": "htk", "norm": None}])
def test_log_mel_is_what_librosa_computes(options):
    front_end = audio.LogMel(window=512 / options.get("rate", 16000), n_fft=512, **options)
    x = np.random.default_rng(0).standard_normal(16000).astype(np.float32) * 0.1
    power = librosa.feature.melspectrogram(
        y=x, sr=front_end.rate, n_fft=512, hop_length=front_end.hop_samples, center=False, n_mels=front_end.bands,
        fmin=front_end.low, htk=front_end.scale == "htk", norm=front_end.norm,
    )  # fmt: skip
    np.testing.assert_allclose(front_end(x), np.log(power + 1e-6), atol=1e-4)


def test_a_window_shorter_than_the_transform_begins_where_librosa_centres_it():
    x = np.random.default_rng(0).standard_normal(16000).astype(np.float32) * 0.1
    power = librosa.feature.melspectrogram(
        y=x, sr=16000, n_fft=512, win_length=400, hop_length=160, center=False, n_mels=40, fmin=20
    )
    np.testing.assert_allclose(audio.LogMel()(x[56:])[:, : power.shape[1]], np.log(power + 1e-6), atol=1e-4)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"scale": "bark"}, "scale must be 'slaney' or 'htk', got 'bark'"),
        ({"norm": 1}, "norm must be 'slaney' or None"),
    ],
)
def test_unknown_words_are_refused(options, message):
    with pytest.raises(ValueError, match=message):
        audio.LogMel(**options)
