"""Files written block by block: every sample format, clipping counted, whole or not there."""

import numpy as np
import pytest
import soundfile

from ltisys import audio


@pytest.mark.parametrize(
    ("subtype", "bits"), [("PCM_U8", 8), ("PCM_16", 16), ("PCM_24", 24), ("PCM_32", 32), ("FLOAT", 0), ("DOUBLE", 0)]
)
def test_every_format_holds_the_nearest_value(tmp_path, subtype, bits):
    x = np.random.default_rng(0).uniform(-0.99, 0.99, (2, 501)).astype(np.float32)
    with audio.writing(tmp_path / "x.wav", 8000, 2, subtype=subtype) as file:
        for start in range(0, 501, 100):
            file.write(x[:, start : start + 100])
    assert (file.frames, file.clipped) == (501, 0)
    back, rate = soundfile.read(tmp_path / "x.wav", dtype="float64")
    assert rate == 8000
    assert soundfile.info(tmp_path / "x.wav").subtype == subtype
    assert np.abs(back.T - x).max() <= (0.5 / 2 ** (bits - 1) if bits else 0)


def test_16_bits_are_those_of_write(tmp_path):
    x = np.random.default_rng(1).uniform(-1.2, 1.2, (1, 4000)).astype(np.float32)
    with audio.writing(tmp_path / "x.flac", 8000, 1) as file:
        file.write(x)
    np.testing.assert_array_equal(soundfile.read(tmp_path / "x.flac", dtype="int16")[0], audio.to_int16(x[0]))
    assert file.clipped == np.count_nonzero((np.rint(x * 32768) > 32767) | (np.rint(x * 32768) < -32768))
    assert file.peak == np.abs(x).max()


def test_a_wav_beyond_four_gigabytes_gets_the_larger_header(tmp_path):
    with audio.writing(tmp_path / "x.wav", 48000, 2, frames=1 << 31) as file:
        file.write(np.zeros((2, 10), np.float32))
    assert soundfile.info(tmp_path / "x.wav").format == "RF64"
    assert audio.read(tmp_path / "x.wav").samples.shape == (2, 10)


def test_nothing_is_there_until_all_is_there(tmp_path):
    def half():
        with audio.writing(tmp_path / "x.wav", 8000, 1) as file:
            file.write(np.zeros((1, 10), np.float32))
            assert not (tmp_path / "x.wav").exists()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        half()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "words", "error", "message"),
    [
        ("x.mp4", {}, ValueError, r"x\.mp4: the name of a sound file must end in \.wav or \.flac"),
        ("x.flac", {"subtype": "FLOAT"}, ValueError, "FLAC does not hold samples of format 'FLOAT'; it holds "),
        ("x.flac", {"channels": 99}, ValueError, "FLAC cannot hold 99 channels at 8000 Hz in PCM_16"),
        ("none/x.wav", {}, FileNotFoundError, "the folder does not exist"),
    ],
)
def test_what_cannot_be_written_is_refused(tmp_path, name, words, error, message):
    with pytest.raises(error, match=message), audio.writing(tmp_path / name, 8000, **{"channels": 1, **words}):
        pass
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("block", "message"),
    [
        (np.zeros(3, np.float32), r"blocks have shape \(1, n\), got \(3,\)"),
        (np.zeros((2, 3), np.float32), r"blocks have shape \(1, n\), got \(2, 3\)"),
        (np.full((1, 3), np.nan, np.float32), "samples must be finite"),
    ],
)
def test_blocks_that_do_not_fit_are_refused(tmp_path, block, message):
    with pytest.raises(ValueError, match=message), audio.writing(tmp_path / "x.wav", 8000, 1) as file:
        file.write(block)
    assert list(tmp_path.iterdir()) == []
