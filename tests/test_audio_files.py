"""Sound files: every sample format in, 16-bit out, and one clear line for whatever cannot be read."""

import errno
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from ltisys import Signal, audio


@pytest.fixture
def tone() -> np.ndarray:
    """Stereo, exactly representable in 16 bits."""
    return np.random.default_rng(0).integers(-32768, 32768, (2, 1000)).astype(np.float32) / 32768


@pytest.mark.parametrize(
    ("subtype", "suffix", "step"),
    [
        ("PCM_U8", "wav", 2**-7),
        ("PCM_16", "wav", 0),
        ("PCM_24", "wav", 0),
        ("PCM_32", "wav", 0),
        ("FLOAT", "wav", 0),
        ("DOUBLE", "wav", 0),
        ("PCM_S8", "flac", 2**-7),
        ("PCM_16", "flac", 0),
    ],
)
@pytest.mark.parametrize("rate", [8000, 44100])
def test_every_sample_format_reads_as_float32_with_full_scale_at_one(tmp_path, tone, subtype, suffix, step, rate):
    path = tmp_path / f"tone.{suffix}"
    soundfile.write(path, tone.T, rate, subtype=subtype)
    signal = audio.read(path)
    assert signal.samples.dtype == np.float32
    assert signal.rate == rate
    assert signal.samples.shape == tone.shape
    np.testing.assert_allclose(signal.samples, tone, rtol=0, atol=step)


def test_one_channel_has_no_channel_axis(tmp_path, tone):
    soundfile.write(tmp_path / "mono.wav", tone[0], 8000)
    assert audio.read(tmp_path / "mono.wav").samples.shape == (1000,)
    assert [block.shape for block in audio.blocks(tmp_path / "mono.wav", 600)] == [(1, 600), (1, 400)]


def test_info_reads_the_header(tmp_path, tone):
    soundfile.write(tmp_path / "tone.flac", tone.T, 8000)
    info = audio.info(tmp_path / "tone.flac")
    assert info == audio.AudioInfo(rate=8000, channels=2, frames=1000, subtype="PCM_16")
    assert info.duration == 0.125


@pytest.mark.parametrize("size", [1, 7, 1000, 5000])
def test_blocks_put_together_are_the_file(tmp_path, tone, size):
    soundfile.write(tmp_path / "tone.flac", tone.T, 8000)
    blocks = list(audio.blocks(tmp_path / "tone.flac", size))
    assert all(block.shape[1] == size for block in blocks[:-1])
    np.testing.assert_array_equal(np.concatenate(blocks, axis=1), tone)


def test_a_recording_longer_than_one_chunk_is_whole(tmp_path, tone, monkeypatch):
    monkeypatch.setattr(audio.files, "_CHUNK", 300)
    soundfile.write(tmp_path / "tone.flac", tone.T, 8000)
    np.testing.assert_array_equal(audio.read(tmp_path / "tone.flac").samples, tone)


@pytest.mark.parametrize("suffix", ["wav", "flac", "WAV"])
@given(
    samples=hnp.arrays(np.int16, st.one_of(st.integers(1, 40).map(lambda n: (n,)), st.just((3, 5)))),
    rate=st.sampled_from([8000, 16000, 44100]),
)
def test_sixteen_bit_samples_survive_a_round_trip(tmp_path_factory, suffix, samples, rate):
    path = tmp_path_factory.mktemp("round") / f"trip.{suffix}"
    audio.write(path, Signal(samples.astype(np.float32) / 32768, rate=rate))
    back = audio.read(path)
    assert back.rate == rate
    np.testing.assert_array_equal(back.samples * 32768, samples)


@given(hnp.arrays(np.float64, 8, elements=st.floats(-1, 1 - 2**-15)))
def test_rounding_is_to_the_nearest_of_65536_steps(x):
    assert np.abs(audio.to_int16(x) / 32768 - x).max() <= 2**-16


def test_rounding_is_to_even_and_beyond_full_scale_is_clipped():
    steps = np.array([0.5, 1.5, 2.5, -0.5]) / 32768
    assert audio.to_int16(steps).tolist() == [0, 2, 2, 0]
    assert audio.to_int16([1.0, 1.5, -1.0, -9.0]).tolist() == [32767, 32767, -32768, -32768]


def test_half_precision_does_not_overflow():
    assert audio.to_int16(np.array([-1, 0.5, 7], np.float16)).tolist() == [-32768, 16384, 32767]


# ------------------------------------------------------------------------------------------------- what cannot be read


def text_file(path: Path) -> None:
    path.write_text("these are words, not samples\n" * 10)


def empty_file(path: Path) -> None:
    path.write_bytes(b"")


def folder(path: Path) -> None:
    path.mkdir()


@pytest.mark.parametrize("make", [text_file, empty_file, folder])
@pytest.mark.parametrize("look", [audio.read, audio.info, lambda path: audio.blocks(path, 10)])
def test_what_is_no_sound_is_named(tmp_path, make, look):
    path = tmp_path / "words.wav"
    make(path)
    with pytest.raises(ValueError, match=r"words\.wav: not a readable audio file \(.+\)$"):
        look(path)


@pytest.mark.parametrize("look", [audio.read, audio.info, lambda path: audio.blocks(path, 10)])
def test_a_missing_file_is_named(tmp_path, look):
    with pytest.raises(FileNotFoundError, match=r"absent\.wav: no such file$"):
        look(tmp_path / "absent.wav")


def test_a_headerless_file_is_refused(tmp_path):
    (tmp_path / "bytes.raw").write_bytes(bytes(100))
    with pytest.raises(ValueError, match=r"bytes\.raw: not a readable audio file"):
        audio.read(tmp_path / "bytes.raw")


@pytest.mark.parametrize("kept", [0.02, 0.3, 0.5, 0.999])
def test_a_flac_cut_short_is_refused(tmp_path, kept):
    path = tmp_path / "cut.flac"
    soundfile.write(path, np.random.default_rng(0).standard_normal(16000) * 0.1, 16000)
    content = path.read_bytes()
    path.write_bytes(content[: int(kept * len(content))])
    with pytest.raises(ValueError, match=r"cut\.flac: not a readable audio file"):
        audio.read(path)
    with pytest.raises(ValueError, match=r"cut\.flac: not a readable audio file"):
        list(audio.blocks(path, 1000))
    with pytest.raises(ValueError, match=r"in\.zip/cut\.flac: not a readable audio file"):
        audio.decode(path.read_bytes(), "in.zip/cut.flac")


def test_a_decoder_that_stops_early_without_a_word_is_noticed(tmp_path, monkeypatch):
    path = tmp_path / "short.flac"
    soundfile.write(path, np.zeros(1000), 16000)
    monkeypatch.setattr(soundfile.SoundFile, "frames", property(lambda self: 1500))
    with pytest.raises(ValueError, match=r"short\.flac: not a readable audio file \(cut short: 1000 of 1500 frames\)"):
        audio.read(path)


def test_a_wav_cut_short_is_read_to_its_end(tmp_path, tone):
    path = tmp_path / "cut.wav"
    soundfile.write(path, tone[0], 8000)
    path.write_bytes(path.read_bytes()[:-1000])
    np.testing.assert_array_equal(audio.read(path).samples, tone[0, :-500])


def test_a_clip_of_zero_length_is_refused(tmp_path):
    path = tmp_path / "nothing.wav"
    soundfile.write(path, np.zeros(0), 8000)
    assert audio.info(path).frames == 0
    with pytest.raises(ValueError, match=r"nothing\.wav: holds no samples$"):
        audio.read(path)
    with pytest.raises(ValueError, match=r"nothing\.wav: holds no samples$"):
        list(audio.blocks(path, 10))


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_samples_that_are_not_finite_are_refused(tmp_path, bad):
    path = tmp_path / "broken.wav"
    soundfile.write(path, np.array([0.1, bad, 0.2]), 8000, subtype="FLOAT")
    with pytest.raises(ValueError, match=r"broken\.wav: holds samples that are NaN or infinite$"):
        audio.read(path)


def test_blocks_have_at_least_one_sample(tmp_path):
    with pytest.raises(ValueError, match="size must be at least 1, got 0"):
        audio.blocks(tmp_path / "any.wav", 0)


# ---------------------------------------------------------------------------------------------- what cannot be written


@pytest.mark.parametrize(
    ("name", "signal", "message"),
    [
        ("x.mp3", Signal([0.0], rate=8000), r"x\.mp3: the name of a sound file must end in \.wav or \.flac"),
        ("x.wav", Signal([0.0]), "needs a whole rate in hertz, got a signal with rate=None"),
        ("x.wav", Signal([0.0], rate=8000.5), r"needs a whole rate in hertz, got a signal with rate=8000\.5"),
        (
            "x.wav",
            Signal(np.zeros((2, 2, 2)), rate=8000),
            r"must have shape \(n,\) or \(channels, n\), got \(2, 2, 2\)",
        ),
        ("x.wav", Signal(np.zeros((2, 2)), start=(0, 0), rate=8000), r"must have shape \(n,\) or \(channels, n\)"),
        ("x.wav", Signal([0.0, np.nan], rate=8000), "samples must be finite, got NaN or infinity"),
        ("x.flac", Signal(np.zeros((9, 4)), rate=8000), r"x\.flac: FLAC cannot hold 9 channels at 8000 Hz"),
    ],
)
def test_what_no_file_can_hold_is_refused_before_anything_is_written(tmp_path, name, signal, message):
    with pytest.raises(ValueError, match=message):
        audio.write(tmp_path / name, signal)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("samples", [[1, 2], [1j, 0]])
def test_only_real_floating_point_samples_have_a_full_scale(tmp_path, samples):
    with pytest.raises(TypeError, match="samples must be floating point with full scale ±1, got dtype"):
        audio.write(tmp_path / "x.wav", Signal(samples, rate=8000))


def test_a_missing_folder_is_named_by_the_file_asked_for(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"absent/x\.wav'$"):
        audio.write(tmp_path / "absent" / "x.wav", Signal([0.0], rate=8000))


def test_a_full_disk_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch):
    path = tmp_path / "x.wav"
    audio.write(path, Signal([0.5], rate=8000))
    old = path.read_bytes()

    def fill_up(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.fsync", fill_up)  # where a full disk may first be noticed
    with pytest.raises(OSError, match=r"No space left on device: '.*x\.wav'"):
        audio.write(path, Signal([0.25], rate=8000))
    assert path.read_bytes() == old
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_in_the_way_leaves_nothing_behind(tmp_path):
    (tmp_path / "x.wav").mkdir()
    with pytest.raises(OSError, match=r"x\.wav'$"):
        audio.write(tmp_path / "x.wav", Signal([0.5], rate=8000))
    assert [path.name for path in tmp_path.iterdir()] == ["x.wav"]
