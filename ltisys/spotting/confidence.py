"""How sure a count is."""

import math

_LEVEL = 0.95
_Z = 1.959963984540054  # the normal quantile of (1 + 0.95) / 2


def of_share(hits: int, trials: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a probability of which `hits` of `trials` were seen.

    Source: E. B. Wilson, Probable Inference, the Law of Succession, and Statistical Inference, 1927.

    Examples
    --------
    >>> [round(x, 4) for x in of_share(970, 1000)]
    [0.9575, 0.9789]
    """
    if trials == 0:
        return 0.0, 1.0
    share, z2 = hits / trials, _Z**2 / trials
    middle = (share + z2 / 2) / (1 + z2)
    half = math.sqrt(z2 * (share * (1 - share) + z2 / 4)) / (1 + z2)
    return max(0.0, middle - half), min(1.0, middle + half)


def of_count(count: int) -> tuple[float, float]:
    """The exact 95 % interval of the mean of a Poisson distribution of which `count` events were seen.

    Source: F. Garwood, Fiducial Limits for the Poisson Distribution, 1936.

    Examples
    --------
    >>> [round(x, 2) for x in of_count(0)], [round(x, 2) for x in of_count(3)]
    ([0.0, 3.69], [0.62, 8.77])
    """
    from scipy.special import gammaincinv

    tail = (1 - _LEVEL) / 2
    low = float(gammaincinv(count, tail)) if count else 0.0
    return low, float(gammaincinv(count + 1, 1 - tail))
