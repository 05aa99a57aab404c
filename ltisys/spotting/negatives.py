"""What is nearly a word: pieces of words joined anew, and words of which only an end is heard."""

import numpy as np

_APART = (0.6, 1.1)  # seconds from the middle of one word to the middle of the next
_BACKWARDS, _JOINED = 0.45, 0.3  # shares of the invented words, of which the rest are ends of words
_PAUSE = 0.15  # seconds at most between pieces that are joined


def with_negatives(
    x: np.ndarray, t: np.ndarray, share: float, *, unknown: int, silence: int
) -> tuple[np.ndarray, np.ndarray]:
    """Examples with more of what is no keyword: rows of ones for invented words, rows of zeros for silence.

    What they sound like is decided anew in every epoch, see `Augment`: an hour of sound holds few words and much else.

    Parameters
    ----------
    x : ndarray, (examples, n)
    t : ndarray, (examples,)
        Index into keywords, `unknown`, `silence`.
    share : float
        How many of each kind, as a share of the examples of one keyword.
    unknown, silence : int
        The labels that they get.

    Returns
    -------
    x : ndarray, (more, n)
    t : ndarray, (more,)

    Examples
    --------
    >>> x, t = with_negatives(np.zeros((4, 3)), np.array([0, 0, 1, 2]), 0.5, unknown=1, silence=2)
    >>> x[4:].tolist(), t.tolist()
    ([[1.0, 1.0, 1.0], [0.0, 0.0, 0.0]], [0, 0, 1, 2, 1, 2])
    """
    keywords = len(np.unique(t[(t != unknown) & (t != silence)]))
    count = round(share * np.sum((t != unknown) & (t != silence)) / max(1, keywords))
    invented, nothing = np.ones((count, x.shape[1]), x.dtype), np.zeros((count, x.shape[1]), x.dtype)
    return np.concatenate([x, invented, nothing]), np.concatenate([t, np.repeat((unknown, silence), count)])


def invented(clips: np.ndarray, said: np.ndarray, rate: float, rng: np.random.Generator) -> np.ndarray:
    """A word that nobody says: one of these backwards, or its end, or its end and then the beginning of another.

    The beginning alone, or before the end of another, would not do: "no" cut short is still "no", and what begins as
    "go" and ends as "no" is "go".

    Parameters
    ----------
    clips : ndarray, (clips, n)
        With the words about the middle.
    said : ndarray of int
        The clips in which there is a word.
    rate : float
        Samples per second.
    rng : numpy.random.Generator
        Decides.

    Returns
    -------
    ndarray, (n,)
        The new word, about the middle as well.
    """
    one, other = clips[said[rng.integers(len(said), size=2)]]
    kind = rng.random()
    if kind < _BACKWARDS:
        return one[::-1]
    sound = _halved(one)[1]
    if kind > 1 - _JOINED:
        pause = np.zeros(int(rng.uniform(0, _PAUSE) * rate), clips.dtype)
        sound = np.concatenate([sound, pause, _halved(other)[0]])
    return _about_the_middle(sound, clips.shape[1])


def neighbours(
    clips: np.ndarray, said: np.ndarray, rate: float, chance: float, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """For some of the clips another word, as far from the middle as the next or the last one in a sentence.

    Parameters
    ----------
    clips : ndarray, (clips, n)
        With the words about the middle.
    said : ndarray of int
        The clips in which there is a word.
    rate : float
        Samples per second.
    chance : float
        Probability that a clip gets a neighbour.
    rng : numpy.random.Generator
        Decides.

    Returns
    -------
    those : ndarray of int
        Which clips get one.
    beside : ndarray, (those, n)
        What of it lies within each: zeros, if it is too far away.
    """
    n = clips.shape[1]
    those = np.flatnonzero(rng.random(len(clips)) < chance)
    beside = np.zeros((len(those), n), clips.dtype)
    for row in beside:
        word = clips[said[rng.integers(len(said))]]
        away = min(n, round(rng.uniform(*_APART) * rate))
        if rng.random() < 0.5:
            row[away:] = word[: n - away]
        else:
            row[: n - away] = word[away:]
    return those, beside


def _halved(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """A word without the zeros around it, up to where half of its energy is heard, and from there on."""
    sounding = np.flatnonzero(x)
    if len(sounding) == 0:
        return x, x
    energy = np.cumsum(np.square(x))
    middle = int(np.searchsorted(energy, energy[-1] / 2))
    return x[sounding[0] : middle], x[middle : sounding[-1] + 1]


def _about_the_middle(x: np.ndarray, n: int) -> np.ndarray:
    """So many samples with the sound in their middle, of a longer one the middle."""
    y = np.zeros(n, x.dtype)
    x = x[max(0, len(x) - n) // 2 :][:n]
    start = (n - len(x)) // 2
    y[start : start + len(x)] = x
    return y
