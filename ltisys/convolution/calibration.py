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
        "rows": (5.73e3, 0.0206, 0.00461),
        # by transforms of float32 and of float64: per call, pair of blocks, point, doubling beyond 4096 bytes
        "blocks4": (12.2e3, 1.76e3, 0.155, 0.142),
        "blocks8": (8.88e3, 1.02e3, 0.187, 0.0862),
        # one response over images, tap by tap: per call, output, product
        "images": (11.6e3, 0.0558, 0.00477),
        # by passes along both axes: per call, output of a pass, product down a column, product along a row
        "passes": (14.9e3, 0.0267, 0.00697, 0.0091),
        # by transforms of tiles: per call, point, and doubling of the points of a tile
        "tiles": (8.31e3, 0.159, 0.0379),
        # whatever else, in plain loops: per tap and block of outputs, product
        "loops4": (25.0, 0.045),
        "loops8": (25.0, 0.08),
        # whatever else, by a library's transforms: per call, point, doubling, product of spectra
        "transforms4": (300e3, 1.0, 0.55, 1.2),
        "transforms8": (300e3, 1.0, 0.7, 1.2),
    }
}
# Classes that were not measured: vectors of half the length take twice as long.
for _bytes in (32, 16):
    PRICES[_bytes] = {
        kind: constants[:1] + tuple(c * 64 / _bytes for c in constants[1:]) for kind, constants in PRICES[64].items()
    }


def price(kind: str, effort: Sequence[float]) -> float:
    """Return what an effort of one kind costs on this class of machines, in ns on one core.

    Examples
    --------
    >>> price("rows", (1, 0, 0)) == PRICES[REGISTER_BYTES]["rows"][0]
    True
    """
    return sum(c * e for c, e in zip(PRICES[REGISTER_BYTES][kind], effort, strict=True))
