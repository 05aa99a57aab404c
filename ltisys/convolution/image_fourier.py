"""Large kernels over images: tiles by overlap-save in both axes, with a transform of our own (see `tile_passes`).

Two tiles are the real and the imaginary part of one complex transform; a real response keeps them apart. Tiles inside
the image are read where they lie, those at its borders from a copied window of the infinite extension. Which tiles
share a transform depends on the job alone, so results do not depend on threads.
"""

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from .calibration import price
from .compilation import kernel, part
from .geometry import Geometry
from .image import correlation_of
from .lines import on_a_line, room_on_a_line, zeros_on_a_line
from .numerics import is_finite
from .rows import only_zeros
from .simd import lanes_of
from .team import shared, task_of
from .threads import board_for
from .tile_passes import enter, exchange, filter_line, forward, inverse, leave, passes_of
from .window import Surroundings, copy_window, surroundings

TILES = (16, 32, 64, 128, 256)
LARGEST = 1 << 16  # points of a tile
ABOUT = 1.1  # the model is not more exact than that


def serves(w, geometries: tuple[Geometry, Geometry]) -> bool:
    """Tell whether a real response over images has tiles that it fits into."""
    return tile_of(w.shape[3:], tuple(g.n_out for g in geometries), w.itemsize) is not None


@lru_cache(maxsize=256)
def tile_of(n_taps: tuple[int, int], n_out: tuple[int, int], itemsize: int) -> tuple[int, int] | None:
    """Return the size of the tiles that is cheapest for an image, or None where the kernel is too large for any.

    Of those that cost about the same it is the smallest, which needs the least of the cache.

    Examples
    --------
    >>> tile_of((15, 15), (512, 512), 4)
    (64, 64)
    """
    costs = {}
    for height in TILES:
        for width in TILES:
            tile = height, width
            if min(tile) >= lanes_of(itemsize) and height * width <= LARGEST and min(fresh(tile, n_taps, itemsize)) > 0:
                costs[tile] = cost(tile, n_taps, n_out, itemsize)
    if not costs:
        return None
    least = min(costs.values())
    return min((tile for tile in costs if costs[tile] <= ABOUT * least), key=math.prod)


def fresh(tile: tuple[int, int], n_taps: tuple[int, int], itemsize: int) -> tuple[int, int]:
    """Return how many outputs a tile gives along both axes: those that do not wrap around, in whole vectors."""
    lanes = lanes_of(itemsize)
    return tile[0] - n_taps[0] + 1, (tile[1] - n_taps[1] + 1) // lanes * lanes


def effort(tile: tuple[int, int], n_pairs: int, itemsize: int, n_calls: int = 1) -> tuple[float, ...]:
    """Return the work of pairs of tiles: calls, bytes of points, those by doublings of a tile; see `calibration`."""
    points = tile[0] * tile[1]
    size = n_pairs * points * itemsize
    return n_calls, size, size * math.log2(points)


def pairs_of(tile: tuple[int, int], n_taps: tuple[int, int], n_out: tuple[int, int], itemsize: int) -> int:
    """Return how many pairs of tiles an image of n_out outputs takes."""
    rows, columns = fresh(tile, n_taps, itemsize)
    return -(-(-(-n_out[0] // rows) * -(-n_out[1] // columns)) // 2)


@lru_cache(maxsize=1024)
def cost(tile: tuple[int, int], n_taps: tuple[int, int], n_out: tuple[int, int], itemsize: int) -> float:
    """Return the time for an image, in ns on one core, with a response that may be new: one call of one pair more."""
    return price("tiles", effort(tile, 1 + pairs_of(tile, n_taps, n_out, itemsize), itemsize, 2))


@dataclass(frozen=True, eq=False)
class Tiles:
    """A response made ready for images cut into tiles of one size.

    Attributes
    ----------
    tile, n_taps, fresh : tuple
        Size of the tiles, of the response, and how many outputs a tile gives, along both axes.
    passes : tuple
        The passes of the transforms along both axes.
    spectrum : ndarray (2·n_h·n_w,)
        As `transform_taps` makes it, divided by the points of a tile.
    offsets : tuple
        Where output 0 begins to read, before sample 0, along both axes.
    around : Surroundings
        What lies outside the images.
    """

    tile: tuple[int, int]
    n_taps: tuple[int, int]
    fresh: tuple[int, int]
    passes: tuple
    spectrum: np.ndarray
    offsets: tuple[int, ...]
    around: Surroundings

    def __call__(self, x, y) -> bool:
        """Write y = the response applied to the images x; tell whether all results are finite."""
        x, y = x.reshape(-1, *x.shape[-2:]), y.reshape(-1, *y.shape[-2:])
        x.flags.writeable = False  # this is a view: one compiled kernel serves all
        n_pairs = -(-len(y) * -(-y.shape[1] // self.fresh[0]) * -(-y.shape[2] // self.fresh[1]) // 2)
        crew = board_for(len(y) * cost(self.tile, self.n_taps, y.shape[1:], x.itemsize))
        return filter_tiles(self.spectrum, x, y, self.offsets, self.around, (self.passes, self.fresh), n_pairs, *crew)


def prepare(
    w, geometries: tuple[Geometry, Geometry], padding: tuple[str, str], value, tile: tuple[int, int] | None = None
) -> Tiles | None:
    """Return the response w ready for images, or None where no tile holds it or a tap is not finite.

    The tile is the one that costs least, if none is given.
    """
    taps, offsets = correlation_of(w, *geometries)
    tile = tile or tile_of(taps.shape, tuple(g.n_out for g in geometries), w.itemsize)
    if tile is None or not is_finite(w):
        return None
    passes = passes_of(tile[0], w.dtype), passes_of(tile[1], w.dtype)
    window = np.zeros(tile, w.dtype)
    window[: taps.shape[0], : taps.shape[1]] = taps
    spectrum = on_a_line((2 * window.size,), w.dtype)
    transform_taps(window.reshape(-1), spectrum, passes)
    spectrum /= window.size
    spectrum.flags.writeable = False
    around = surroundings(padding, value, w.dtype)
    return Tiles(tile, taps.shape, fresh(tile, taps.shape, w.itemsize), passes, spectrum, offsets, around)


@kernel
def filter_tiles(spectrum, x, y, offsets, around, plan, n_pairs, board, threads):
    """Write y = the response applied to the images x; tell whether all results are finite.

    Parameters
    ----------
    spectrum : array (2·n_h·n_w,)
        As `transform_taps` makes it, divided by the points of a tile.
    x, y : arrays (B, H, W), (B, H', W')
        Images, contiguous.
    offsets : tuple
        Where output 0 begins to read, before sample 0, along both axes.
    around : Surroundings
        What lies outside x.
    plan : tuple (passes along both axes, outputs of a tile along both axes)
    n_pairs : int
        Pairs of tiles, counted through the whole batch.
    board, threads
        See `team.shared`.
    """
    return shared(_task((spectrum, x, y, offsets, around, plan)), n_pairs, 1, board, threads)


@part
def filter_pairs(spectrum, x, y, offsets, around, plan, who, start, stop):
    """Do the pairs of tiles start … stop − 1 of `filter_tiles`."""
    passes, fresh = plan
    n_h, n_w = passes[0].n, passes[1].n
    lanes = lanes_of(x.itemsize)
    height, width = x.shape[1], x.shape[2]
    per_column, per_row = -(-y.shape[1] // fresh[0]), -(-y.shape[2] // fresh[1])
    flat_x, flat_y = x.reshape(-1), y.reshape(-1)
    z, line = room_on_a_line(2 * n_h * n_w, x), room_on_a_line(2 * n_w * lanes, x)
    window, sick = room_on_a_line(n_h * n_w, x), np.zeros(lanes, x.dtype)
    for pair in range(start, stop):
        for c in range(2):
            b, rest = divmod(2 * pair + c, per_column * per_row)
            row, column = rest // per_row * fresh[0], rest % per_row * fresh[1]
            top, left = row - offsets[0], column - offsets[1]
            if b >= x.shape[0]:
                window[:] = 0
                _enter_tile(window, 0, n_w, z, c, n_h, n_w)
            elif 0 <= top <= height - n_h and 0 <= left <= width - n_w:
                _enter_tile(flat_x, (b * height + top) * width + left, width, z, c, n_h, n_w)
            else:
                copy_window(x[b], (top, left), (n_h, n_w), around, window, n_w)
                _enter_tile(window, 0, n_w, z, c, n_h, n_w)
        for panel in range(0, n_h * n_w // lanes, n_h):
            forward(z, panel, passes[0])
        for t in range(0, n_h, lanes):
            _rows_to_line(z, t, line, n_h, n_w)
            filter_line(line, spectrum, t // lanes * n_w, passes[1])
            for column in range(0, n_w, lanes):
                exchange(line, column, z, column // lanes * n_h + t)
        for panel in range(0, n_h * n_w // lanes, n_h):
            inverse(z, panel, passes[0])
        for c in range(2):
            b, rest = divmod(2 * pair + c, per_column * per_row)
            if b < x.shape[0]:
                row, column = rest // per_row * fresh[0], rest % per_row * fresh[1]
                n_rows, n_columns = min(fresh[0], y.shape[1] - row), min(fresh[1], y.shape[2] - column)
                o = (b * y.shape[1] + row) * y.shape[2] + column
                for l in range(0, n_columns, lanes):
                    place, size = (o + l, y.shape[2]), (n_rows, n_columns - l)
                    leave(z, 2 * l * n_h + c * lanes, flat_y, place, size, sick)
    return only_zeros(sick)


_task = task_of(filter_pairs)


@kernel
def transform_taps(window, spectrum, passes):
    """Write the conjugate spectrum of a tile (n_h·n_w,), as lines of V rows in the order of the passes."""
    n_h, n_w = passes[0].n, passes[1].n
    lanes = lanes_of(window.itemsize)
    z, line = zeros_on_a_line(2 * n_h * n_w, window), room_on_a_line(2 * n_w * lanes, window)
    _enter_tile(window, 0, n_w, z, 0, n_h, n_w)
    for panel in range(0, n_h * n_w // lanes, n_h):
        forward(z, panel, passes[0])
    for t in range(0, n_h, lanes):
        _rows_to_line(z, t, line, n_h, n_w)
        forward(line, 0, passes[1])
        for p in range(2 * n_w):
            sign = 1 if p % 2 == 0 else -1
            for lane in range(lanes):
                spectrum[(2 * t // lanes * n_w + p) * lanes + lane] = sign * line[p * lanes + lane]


@part
def _enter_tile(x, i, pitch, z, part, n_h, n_w):
    """Read the tile that begins at x[i] as the real (part 0) or the imaginary (part 1) part of z."""
    lanes = lanes_of(x.itemsize)
    for column in range(0, n_w, lanes):
        enter(x, i + column, pitch, z, 2 * column * n_h + part * lanes, n_h)


@part
def _rows_to_line(z, t, line, n_h, n_w):
    """Transpose the rows t … t + V − 1 of all panels into a line of n_w positions."""
    lanes = lanes_of(z.itemsize)
    for column in range(0, n_w, lanes):
        exchange(z, column // lanes * n_h + t, line, column)
