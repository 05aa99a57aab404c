import re

import numpy as np
import pytest
from tones import RATE, tone, untrained

from ltisys import nn, spotting


def test_all_of_a_spotter_comes_back(tmp_path):
    before = untrained()
    spotting.save(before, tmp_path / "m.safetensors")
    after = spotting.load(tmp_path / "m.safetensors")
    assert (after.words, after.rate, after.thresholds) == (before.words, before.rate, before.thresholds)
    assert (after.card, after.front_end) == (before.card, before.front_end)
    x = tone("up", 500, np.random.default_rng(0), 3.0)
    assert after.classify(x, RATE) == before.classify(x, RATE)
    assert after.spot(x, RATE) == before.spot(x, RATE)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match=re.escape(f"{tmp_path / 'none'}: no such model file")):
        spotting.load(tmp_path / "none")


def test_a_folder_is_no_model(tmp_path):
    with pytest.raises(IsADirectoryError, match="is a folder, not a model file"):
        spotting.load(tmp_path)


def test_half_a_file_is_refused(tmp_path):
    path = tmp_path / "m.safetensors"
    spotting.save(untrained(), path)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(ValueError, match=re.escape(str(path))):
        spotting.load(path)


def test_another_network_is_no_spotter(tmp_path):
    nn.save(nn.Linear(2, 2), tmp_path / "m.safetensors", {})
    with pytest.raises(ValueError, match="not a keyword spotter"):
        spotting.load(tmp_path / "m.safetensors")


def test_damaged_metadata_are_refused(tmp_path):
    text = {"ltisys_format": "ltisys-spotter-2", "words": "[]", "thresholds": "[]", "front_end": "{}", "card": "{}"}
    nn.save(nn.Linear(2, 2), tmp_path / "m.safetensors", text)
    with pytest.raises(ValueError, match="do not describe a keyword spotter"):
        spotting.load(tmp_path / "m.safetensors")


def test_a_model_of_a_former_version_is_refused(tmp_path):
    nn.save(nn.Linear(2, 2), tmp_path / "m.safetensors", {"ltisys_format": "ltisys-spotter-1"})
    with pytest.raises(ValueError, match="not a keyword spotter"):
        spotting.load(tmp_path / "m.safetensors")
