"""Batches: the same ones whoever is faster, made one ahead and no further, and errors where they are due."""

import threading

import numpy as np
import pytest

from ltisys import nn
from ltisys.nn.randomness import set_state

X, T = np.arange(22.0).reshape(11, 2), np.arange(11)


def noisy(x, rng):
    return x + rng.standard_normal(x.shape)


class OnDemand:
    """Examples that are computed when asked for, on whatever thread asks."""

    def __init__(self, values):
        self.values = values
        self.threads = set()
        self.asked = []

    def __len__(self):
        return len(self.values)

    def __getitem__(self, index):
        self.threads.add(threading.current_thread().name)
        self.asked.append(len(index))
        return self.values[index]


def test_all_examples_come_once_with_their_targets():
    seen = list(nn.batches((X, T), 4, rng=3))
    assert [len(batch.x) for batch in seen] == [4, 4, 3]
    index = np.concatenate([batch.index for batch in seen])
    np.testing.assert_array_equal(np.sort(index), np.arange(11))
    for batch in seen:
        np.testing.assert_array_equal(batch.t, T[batch.index])
        np.testing.assert_array_equal(batch.x, X[batch.index])
        assert batch.x.dtype == np.float32


def test_batches_are_the_ones_made_in_turn():
    rng = np.random.default_rng(3)
    order = rng.permutation(11)
    for batch, start in zip(nn.batches((X, T), 4, rng=3, augment=noisy, dtype=float), (0, 4, 8), strict=True):
        np.testing.assert_array_equal(batch.x, noisy(X[order[start : start + 4]], rng))


def test_a_slow_learner_and_a_slow_augmentation_see_the_same():
    gate = threading.Event()

    def patient(x, rng):
        assert gate.wait(10)
        return noisy(x, rng)

    plain = [batch.x for batch in nn.batches((X, T), 2, rng=0, augment=noisy)]
    threading.Timer(0.01, gate.set).start()
    late = [batch.x for batch in nn.batches((X, T), 2, rng=0, augment=patient)]
    np.testing.assert_array_equal(np.concatenate(plain), np.concatenate(late))


def test_one_batch_is_made_ahead_while_one_is_learned_from():
    made = threading.Semaphore(0)
    count = 0

    def counted(x, rng):
        nonlocal count
        assert threading.current_thread() is not threading.main_thread()
        count += 1
        made.release()
        return x

    for number, _ in enumerate(nn.batches((X, T), 2, augment=counted), start=1):
        for _ in range(2 if number == 1 else number < 6):
            assert made.acquire(timeout=10)  # the next one comes without being asked for
        assert count == min(number + 1, 6)  # and none beyond it


def test_arrays_in_memory_need_no_thread_and_others_have_one():
    before = threading.active_count()
    next(iter(nn.batches((X, T), 2)))
    assert threading.active_count() == before
    data = OnDemand(X)
    assert sum(len(batch.x) for batch in nn.batches((data, T), 2)) == 11
    assert data.threads == {"ltisys-batches_0"}


def test_leaving_early_ends_the_thread():
    batches = nn.batches((OnDemand(X), T), 2)
    next(batches)
    batches.close()
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("ltisys-batches")]


def test_an_error_comes_when_its_batch_is_due():
    def fails_at_second(x, rng):
        if calls.append(0) or len(calls) == 2:
            raise RuntimeError("the second batch")
        return x

    calls = []
    batches = nn.batches((X, T), 4, augment=fails_at_second)
    with pytest.raises(RuntimeError, match="the second batch"):
        list(batches)
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("ltisys-batches")]


def test_the_context_of_the_caller_holds_on_the_thread():
    recorded = []

    def augment(x, rng):
        recorded.append((nn.Variable(x) * 1).operation)
        return (x + 1) / np.zeros(1)

    with np.errstate(divide="ignore"), nn.no_grad():
        (batch,) = nn.batches((X, T), 11, augment=augment)
    assert np.isinf(batch.x).all()
    assert recorded == [""]


def test_the_state_after_a_batch_makes_the_next_one():
    def spawning(x, rng):
        return noisy(x, rng.spawn(1)[0]) * rng.uniform()

    seen = list(nn.batches((X, T), 4, rng=7, augment=spawning))
    rng = np.random.default_rng(7)
    set_state(rng, seen[1].randomness)
    np.testing.assert_array_equal(seen[2].x, spawning(X[seen[2].index], rng).astype(np.float32))


@pytest.mark.parametrize(
    ("data", "size", "message"),
    [
        ((X, T[:3]), 2, "data needs one target per example, got 11 examples and 3 targets"),
        ((X[:0], T[:0]), 2, "data holds no examples"),
        ((X, T), 0, "batch_size must be at least 1, got 0"),
    ],
)
def test_what_does_not_fit_is_refused_at_once(data, size, message):
    with pytest.raises(ValueError, match=message):
        nn.batches(data, size)
