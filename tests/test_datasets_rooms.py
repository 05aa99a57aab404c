import numpy as np
import pytest

from ltisys.datasets.rooms import Room, draw_room, echoes, microphone, record, room_noise

RATE = 16000


def rng(seed=0):
    return np.random.default_rng(seed)


def test_echoes_are_the_direct_sound_and_a_decaying_tail():
    h = echoes(Room(echo=0.05, decay=0.1), rng(), RATE).h
    assert h[0] == 1.0
    assert np.sum(h[1:] ** 2) == pytest.approx(0.05)
    assert np.sum(h[1:400] ** 2) > 10 * np.sum(h[400:] ** 2)


def test_a_room_without_echo_is_the_identity():
    h = echoes(Room(echo=0.0), rng(), RATE).h
    assert h[0] == 1.0
    assert not h[1:].any()


def test_a_microphone_hears_nothing_constant_and_tilts():
    gains = []
    for tilt in (-0.5, 0.4):
        omega, response = microphone(Room(tilt=tilt, rumble=100.0), RATE).frequency_response(512)
        assert abs(response[0]) < 1e-9
        gains.append(abs(response[400]) / abs(response[60]))
        assert omega[0] == 0
    assert gains[0] > 1 > gains[1]


@pytest.mark.parametrize("colour", [0.0, 0.5, 0.95])
def test_noise_of_every_colour_has_the_same_power(colour):
    noise = room_noise(Room(colour=colour), 200_000, rng())
    assert noise.std() == pytest.approx(1.0, rel=0.05)
    assert np.corrcoef(noise[1:], noise[:-1])[0, 1] == pytest.approx(colour, abs=0.02)


def test_a_recording_holds_the_speech_where_it_should_at_the_loudness_it_should():
    speech = np.zeros(4000, np.float32)
    speech[1000] = 1.0
    recording = record(speech, RATE, 5000, Room(loudness=0.5, noise=1e-6), rng(), rate=RATE)
    assert recording.dtype == np.float32
    assert recording.shape == (RATE,)
    assert np.argmax(abs(recording)) == 6000
    assert abs(recording).max() == pytest.approx(0.5, abs=1e-4)
    assert abs(recording[:5000]).max() < 1e-4


def test_noise_is_relative_to_speech():
    speech = rng(1).standard_normal(RATE).astype(np.float32)
    recording = record(speech, 2 * RATE, 0, Room(noise=0.1), rng(), rate=RATE)
    assert recording[-RATE // 2 :].std() / recording[:RATE].std() == pytest.approx(0.1, rel=0.05)


def test_a_recording_never_exceeds_full_scale():
    speech = rng(1).standard_normal(8000).astype(np.float32)
    assert abs(record(speech, RATE, 0, Room(loudness=0.99, noise=1.0), rng(), rate=RATE)).max() <= 1.0


def test_drawn_rooms_stay_in_their_ranges():
    rooms = [draw_room(rng(seed)) for seed in range(200)]
    assert all(0 <= room.echo <= 0.09 and 0.1 <= room.loudness < 0.9 for room in rooms)
    snr = [-20 * np.log10(room.noise) for room in rooms]
    assert 5 <= min(snr) < 8
    assert 47 < max(snr) <= 50
