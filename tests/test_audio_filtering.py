"""Sound files through systems, against the same systems applied to the whole sound at once."""

import numpy as np
import pytest
import soundfile

import ltisys as lti
from ltisys import audio
from ltisys.audio import filtering

RATE = 8000


@pytest.fixture
def sound(tmp_path):
    """Write noise of so many channels in a format whose samples hold it exactly; return (path, samples)."""

    def make(channels=2, frames=5000, name="in.wav"):
        rng = np.random.default_rng(channels)
        samples = (rng.integers(-(2**14), 2**14, (channels, frames)) / 2**15).astype(np.float32)
        path = tmp_path / name
        soundfile.write(path, samples.T, RATE, subtype="PCM_16")
        return path, samples

    return make


@pytest.mark.parametrize("block", [1, 7, 999, 1 << 16])
@pytest.mark.parametrize("start", [-40, -3, 0, 5])
@pytest.mark.parametrize("tail", [False, True])
def test_a_file_is_filtered_as_the_whole_sound_would_be(sound, tmp_path, monkeypatch, block, start, tail):
    monkeypatch.setattr(filtering, "BLOCK", block)
    path, samples = sound(frames=700)
    system = lti.FIR(np.random.default_rng(0).standard_normal(60) / 60, start=start)
    done = audio.filter_file(path, tmp_path / "out.wav", system, tail=tail, subtype="FLOAT")
    after = max(0, system.stop - 1) if tail else 0
    assert (done.frames, done.channels, done.rate, done.clipped) == (700 + after, 2, RATE, 0)
    wanted = system(np.pad(samples, ((0, 0), (0, after))))
    np.testing.assert_allclose(audio.read(tmp_path / "out.wav").samples, wanted, atol=1e-6)
    assert done.peak == pytest.approx(np.abs(wanted).max(), abs=1e-6)


def test_each_channel_may_have_its_response_and_one_channel_may_be_heard_by_several(sound, tmp_path):
    systems = [lti.FIR([1.0, 0.5], start=-9), lti.FIR([0.25], start=3), lti.IIR([0.5], [1, -0.5])]
    for channels in (1, 3):
        path, samples = sound(channels, name=f"{channels}.wav")
        audio.filter_file(path, tmp_path / "out.wav", systems, subtype="FLOAT")
        made = audio.read(tmp_path / "out.wav").samples
        heard = samples if channels == 3 else np.repeat(samples, 3, axis=0)
        for system, x, y in zip(systems, heard, made, strict=True):
            np.testing.assert_allclose(y, system(x), atol=1e-6)


def test_a_file_may_be_replaced_by_its_own_filtering(sound):
    path, samples = sound(1)
    audio.filter_file(path, path, lti.FIR([0.5]))
    np.testing.assert_allclose(audio.read(path).samples, 0.5 * samples[0], atol=2**-16)


def test_progress_counts_up_to_the_end(sound, tmp_path, monkeypatch):
    monkeypatch.setattr(filtering, "BLOCK", 1000)
    seen = []
    audio.filter_file(sound()[0], tmp_path / "o.wav", lti.FIR([1.0]), progress=lambda *done: seen.append(done))
    assert seen == [(1000 * (i + 1), 5000) for i in range(5)]


@pytest.mark.parametrize(
    ("systems", "words", "message"),
    [
        (lti.FIR([1.0], rate=44100), {}, "has 8000 samples per second, the system 44100: resample one"),
        ([lti.FIR([1.0])] * 3, {}, "has 2 channels, and there are 3 responses: give one, or one per channel"),
        (lti.IIR([1], [1, -0.5]), {"tail": True}, "the tail of .* never ends: leave it out"),
        (lti.FIR([[1.0]]), {}, "a stream runs in time"),
        (lti.FIR([1.0]), {"subtype": "PCM_99"}, "WAV does not hold samples of format 'PCM_99'; it holds PCM_16, "),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_is_left(sound, tmp_path, systems, words, message):
    path, _ = sound()
    with pytest.raises(ValueError, match=message):
        audio.filter_file(path, tmp_path / "out.wav", systems, **words)
    assert [p.name for p in tmp_path.iterdir()] == ["in.wav"]


def test_a_source_that_breaks_off_leaves_the_old_target(sound, tmp_path):
    path, _ = sound(name="in.flac")
    path.write_bytes(path.read_bytes()[:-3000])
    target = tmp_path / "out.wav"
    target.write_bytes(b"old")
    with pytest.raises(ValueError, match=r"in\.flac: not a readable audio file"):
        audio.filter_file(path, target, lti.FIR([1.0]))
    assert target.read_bytes() == b"old"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["in.flac", "out.wav"]
