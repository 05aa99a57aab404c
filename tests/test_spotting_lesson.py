import numpy as np
import pytest
from tones import tone_clips, untrained

from ltisys import nn
from ltisys.spotting.lesson import by_shift, centred, nearest_mean


def test_centring_moves_the_word_to_the_middle_and_loses_nothing():
    clips = tone_clips(takes=1).audio()
    rolled = np.roll(clips, 5000, axis=1)
    for x in (centred(clips, 16000), centred(rolled, 16000)):
        np.testing.assert_array_equal(np.sort(x[0]), np.sort(clips[0]))
        energy = np.square(x.astype(float))
        middle = (energy * np.arange(16000)).sum(axis=1) / energy.sum(axis=1)
        np.testing.assert_allclose(middle, 8000, atol=700)


def test_the_nearest_mean_knows_its_own_means():
    rng = np.random.default_rng(0)
    means = rng.standard_normal((3, 4, 5))
    t = np.repeat([0, 1, 2], 20)
    x = means[t] + 0.1 * rng.standard_normal((60, 4, 5))
    assert nearest_mean(x, t, means).tolist() == [0, 1, 2]


def test_both_networks_are_tested_at_every_shift():
    spotter, clips = untrained(), tone_clips(takes=1)
    dense = nn.Sequential(nn.Flatten(), nn.Linear(40 * 98, 4, rng=0))
    x, t = clips.audio(), clips.labels
    lesson = by_shift(spotter, dense, x, t, trained=0.1, shifts=(-0.2, 0.0))
    assert lesson.shifts == (-0.2, 0.0)
    answers = spotter.net.predict(spotter.front_end(x)).argmax(axis=1)
    assert lesson.convolutional[1] == pytest.approx(np.mean(answers == t))
    assert len(lesson.dense) == 2
    assert lesson.dense_parameters == 40 * 98 * 4 + 4
