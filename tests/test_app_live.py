"""Listening to a microphone, with a sound system that is made up."""

import sys
import types
from typing import Any

import numpy as np
import pytest
from tones import RATE, tone, untrained

from ltisys.app import live
from ltisys.app.live import listen, meter

DEVICES = [
    {"index": 0, "name": "speakers", "max_input_channels": 0, "default_samplerate": 48000.0},
    {"index": 1, "name": "microphone", "max_input_channels": 2, "default_samplerate": float(RATE)},
]


class Enough(Exception):
    """Raised where a person would press Ctrl-C."""


def sound_system(blocks, devices=DEVICES):
    """A module like sounddevice, whose microphone hears these blocks of (samples, overflow)."""
    module: Any = types.ModuleType("sounddevice")

    class PortAudioError(Exception):
        pass

    class InputStream:
        def __init__(self, **words):
            self.words = words

        def __enter__(self):
            for data, overflow in blocks:
                self.words["callback"](data[:, np.newaxis], len(data), None, overflow)

        def __exit__(self, *_):
            pass

    def query_devices(device=None, kind=None):
        if kind is None:
            return devices
        if device is None:
            return next((one for one in devices if one["max_input_channels"]), {"max_input_channels": 0})
        found = [one for one in devices if device == one["index"] or str(device) in one["name"]]
        if not found:
            raise ValueError(f"No input device matching {device!r}")
        return found[0]

    module.PortAudioError, module.InputStream, module.query_devices = PortAudioError, InputStream, query_devices
    return module


@pytest.fixture
def hears(monkeypatch):
    """Make the microphone hear blocks; listening ends after the last one."""

    def install(blocks, devices=DEVICES):
        monkeypatch.setitem(sys.modules, "sounddevice", sound_system(blocks, devices))
        left = [len(blocks)]

        def shown(level):
            left[0] -= 1
            if not left[0]:
                raise Enough
            return ""

        monkeypatch.setattr(live, "meter", shown)

    return install


def blocks_of(x):
    return [(part, False) for part in np.split(x, len(x) // 1600)]


def test_words_are_printed_as_they_are_said(hears, capsys):
    rng = np.random.default_rng(0)
    x = np.concatenate([tone(word, 500, rng, 0.5) for word in ("up", "down") * 8])
    spotter = untrained()
    hears(blocks_of(x))
    with pytest.raises(Enough):
        listen(spotter, None, None)
    out, err = capsys.readouterr()
    want = spotter.stream(RATE).push(x)
    assert want
    assert [line.split()[2] for line in out.splitlines()] == [d.word for d in want]
    assert f"listening to microphone at {RATE} Hz for up, down; end with Ctrl-C" in err


def test_lost_sound_and_a_muted_microphone_are_said(hears, capsys):
    silence = np.zeros(1600, np.float32)
    hears([(silence, False)] * 40 + [(silence, True)])
    with pytest.raises(Enough):
        listen(untrained(), None, "micro")
    err = capsys.readouterr().err
    assert err.count("nothing comes in: is the microphone muted, or the wrong device chosen?") == 1
    assert "sound was lost: the machine is too busy" in err


@pytest.mark.parametrize("device", ["phone booth", "7", "0"])
def test_a_wrong_device_says_so(hears, device):
    hears([(np.zeros(1600, np.float32), False)])
    with pytest.raises(ValueError, match=f"no input device {device}; there are: 1 microphone"):
        listen(untrained(), None, device)


def test_no_device_at_all_says_so(hears):
    hears([(np.zeros(1600, np.float32), False)], DEVICES[:1])
    with pytest.raises(ValueError, match="there is no input device: plug in a microphone"):
        listen(untrained(), None, None)


def test_without_sounddevice_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "sounddevice", None)
    with pytest.raises(OSError, match=r"the microphone needs sounddevice: python -m pip install \'ltisys\[live\]\'"):
        listen(untrained(), None, None)


@pytest.mark.parametrize(("level", "cells"), [(-120.0, 0), (-60.0, 0), (-30.0, 15), (0.0, 30), (6.0, 30)])
def test_the_meter_shows_sixty_decibels(level, cells):
    assert meter(level).count("#") == cells
