"""A tile of one plane of samples in shared memory, filled by all threads of a block."""

from numba.extending import register_jitable

from .edges import reading_within
from .tile import INSIDE


def filler(is_strange, threads: tuple[int, int], pitch: int):
    """Return the function that fills a tile whose rows lie `pitch` places apart; threads = (across, down)."""
    across, down = threads

    @register_jitable
    def fill(tile, plane, first, shape, extended, edges, lane, line, value, zero):
        """Fill shape = (rows, columns) places with what stands at `first` and after it; return 1 if any is strange.

        Positions count in the extended plane, whose lengths `extended` are; what no tap meets is zero.
        """
        row, column = first[0] - edges[0][0], first[1] - edges[1][0]
        strange = 0
        if row >= 0 and column >= 0 and row + shape[0] <= edges[0][1] and column + shape[1] <= edges[1][1]:
            inner = plane[row:, column:]
            for i in range(line, shape[0], down):
                for j in range(lane, shape[1], across):
                    sample = inner[i & INSIDE, j & INSIDE]
                    strange |= is_strange(sample)
                    tile[(i * pitch + j) & INSIDE] = sample
            return strange
        for j in range(lane, shape[1], across):
            column = reading_within(first[1] + j, extended[1], edges[1])
            for i in range(line, shape[0], down):
                row = reading_within(first[0] + i, extended[0], edges[0])
                sample = zero
                if row >= 0 and column >= 0:
                    sample = plane[row, column]
                elif row >= -1 and column >= -1:
                    sample = value
                strange |= is_strange(sample)
                tile[(i * pitch + j) & INSIDE] = sample
        return strange

    return fill
