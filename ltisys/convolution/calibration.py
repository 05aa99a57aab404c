"""What elementary work costs on one core, in ns: the constants of the cost model, for every class of machines.

Each method says of a job how much work of each kind it is, its effort; the price is the sum of effort times constant.
`python -m benchmarks.calibrate` times forced methods on one thread, fits the constants and prints this table anew.
"""

from collections.abc import Sequence

from .simd import REGISTER_BYTES

# Samples count by their bytes, so that one constant serves float32 and float64 where vectors are what costs.
PRICES: dict[int, dict[str, tuple[float, ...]]] = {
    64: {
        # one response along rows, tap by tap: per call, output, product
        "rows": (4.62e3, 0.0199, 0.00455),
        # by transforms of float32 and of float64: per call, pair of blocks, point, doubling beyond 4096 bytes, and
        # sample beyond `overlap.NEAR` (0 where that was not measured)
        "blocks4": (8.87e3, 0.0, 0.54, 0.0574, 0.07),
        "blocks8": (7.96e3, 551.0, 0.3, 0.0486, 0.0533),
        # one response over images, tap by tap: per call, output, product
        "images": (7.33e3, 0.0595, 0.00458),
        # by passes along both axes: per call, output of a pass, product down a column, product along a row
        "passes": (9.16e3, 0.0348, 0.00653, 0.00906),
        # by transforms of tiles: per call, point, and doubling of the points of a tile
        "tiles": (6.6e3, 0.297, 0.0249),
        # whatever else, in plain loops: per call, tap and block of outputs, product
        "loops4": (12e3, 25.0, 0.045),
        "loops8": (12e3, 25.0, 0.08),
        # whatever else, by a library's transforms: per call, point, doubling, product of spectra
        "transforms4": (300e3, 1.0, 0.55, 1.2),
        "transforms8": (300e3, 1.0, 0.7, 1.2),
    },
    32: {
        "rows": (7.1e3, 0.0751, 0.00584),
        "blocks4": (1.63e4, 0.0, 1.2, 0.186, 0.0),
        "blocks8": (1.11e4, 2.21e3, 0.234, 0.143, 0.0),
        "images": (1.33e4, 0.0739, 0.0066),
        "passes": (1.39e4, 0.0714, 0.0072, 0.0107),
        "tiles": (2.57e4, 0.361, 0.0894),
        "loops4": (12e3, 50.0, 0.09),
        "loops8": (12e3, 50.0, 0.16),
        "transforms4": (300e3, 2.0, 1.1, 2.4),
        "transforms8": (300e3, 2.0, 1.4, 2.4),
    },
}
# The class that was not measured: vectors of half the length take twice as long.
PRICES[16] = {kind: constants[:1] + tuple(2 * c for c in constants[1:]) for kind, constants in PRICES[32].items()}


def price(kind: str, effort: Sequence[float]) -> float:
    """Return what an effort of one kind costs on this class of machines, in ns on one core.

    Examples
    --------
    >>> price("rows", (1, 0, 0)) == PRICES[REGISTER_BYTES]["rows"][0]
    True
    """
    return sum(c * e for c, e in zip(PRICES[REGISTER_BYTES][kind], effort, strict=True))
