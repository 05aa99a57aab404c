"""What is nearly a word: invented ones, and neighbours of which only an end is heard."""

import numpy as np
from tones import RATE, tone_clips

from ltisys.audio import LogMel
from ltisys.spotting.augment import STILL, Augment
from ltisys.spotting.frontend import FrontEnd
from ltisys.spotting.negatives import invented, neighbours, with_negatives

N = 25600
RNG = np.random.default_rng


def words():
    """Two words about the middle, each known by its numbers: 1 to 4000, and 5001 to 9000."""
    x = np.zeros((2, N), np.float32)
    x[:, 10800:14800] = np.add.outer([1, 5001], np.arange(4000))
    return x


def test_invented_words_hold_no_whole_word_forwards():
    rng = RNG(0)
    kinds = set()
    for _ in range(60):
        y = invented(words(), np.array([0, 1]), RATE, rng)
        assert y.shape == (N,)
        sound = y[y != 0]
        rising = np.diff(sound) == 1
        longest = max(len(run) for run in np.split(rising, np.flatnonzero(~rising)))
        assert longest < 3999
        kinds.add("backwards" if not rising.any() else "joined" if (~rising).any() else "end")
        around = np.flatnonzero(y)
        assert abs((around[0] + around[-1]) / 2 - N / 2) < 10
    assert kinds == {"backwards", "joined", "end"}


def test_of_a_neighbour_only_an_end_is_heard():
    those, beside = neighbours(np.resize(words(), (400, N)), np.array([0, 1]), RATE, 0.25, RNG(0))
    assert 70 < len(those) < 130
    heard = np.flatnonzero(beside.any(axis=1))
    assert 30 < len(heard) < 100  # the others lie outside the clip
    for row in beside[heard]:
        place = np.flatnonzero(row)
        assert not np.any(np.abs(place - N / 2) < 0.45 * RATE)
    assert max(np.count_nonzero(row) for row in beside) > 3000


def test_negatives_are_counted_by_the_examples_of_one_keyword():
    x, t = with_negatives(
        np.full((10, 5), 7, np.int16), np.array([0] * 4 + [1] * 4 + [2, 3]), 0.5, unknown=2, silence=3
    )
    assert np.bincount(t).tolist() == [4, 4, 3, 3]
    assert x.dtype == np.int16
    assert (x[t == 2][1:] == 1).all()
    assert (x[t == 3][1:] == 0).all()


def test_a_clip_of_ones_is_heard_as_a_word_and_leaves_the_others_alone():
    front_end = FrontEnd.plain(LogMel())
    for clips in (tone_clips(takes=1), tone_clips(takes=1).audio()):
        x = np.array(clips if isinstance(clips, np.ndarray) else np.round(clips.samples * 32768).astype(np.int16))[:6]
        with_one = np.concatenate([x, np.ones((1, x.shape[1]), x.dtype)])
        before = with_one.copy()
        features = Augment(front_end, (np.zeros(9, np.float32),), STILL)(with_one, RNG(0))
        np.testing.assert_array_equal(with_one, before)
        np.testing.assert_allclose(features[:6], front_end(tone_clips(takes=1).audio()[:6]), atol=0.2)
        assert features[6].max() > -5


def test_a_batch_of_nothing_but_ones_is_silence():
    features = Augment(FrontEnd.plain(LogMel()), (), STILL)(np.ones((2, 16000), np.int16), RNG(0))
    np.testing.assert_allclose(features, np.log(np.float32(1e-6)), atol=1e-3)
