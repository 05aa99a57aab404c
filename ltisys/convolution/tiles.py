"""The register tile of banks of filters: sums of a few maps and a few vectors of outputs over a list of taps.

A tap is a pair of places: where its weights begin and where its samples begin. Behind each lie the channels, a fixed
distance apart. The products of an output are added in the order of the taps, channels within a tap, and sums are
closed at the same taps whatever the layout of the samples is: so a result does not depend on the layout either.
"""

from typing import Any

from numba import types
from numba.extending import intrinsic

from .compilation import kernel, part
from .numerics import SUM_BLOCK
from .rows import only_finite
from .simd import REGISTERS, Emitter, lanes_of

MAPS = REGISTERS // 4  # 8 × 2 sums, 2 samples and a weight in 32 registers, 4 × 2 in 16
VECTORS = 2
WEIGHT, SAMPLE, BLOCK = range(3)  # columns of a table of taps


def _tile(n_maps: int, n_vectors: int) -> Any:
    """Return the intrinsic for the sums of n_maps maps and n_vectors vectors of outputs."""

    @intrinsic
    def tile(typing_context, w, k, x, i, taps, t, counts, strides, y, o, grid):
        """Write y[o + a·strides[1] + v], or add to it, for a < n_maps and v < n_vectors · lanes.

        The sum is Σ w[k + (taps[j, WEIGHT] + c)·n_maps + a] · x[i + taps[j, SAMPLE] + c·strides[0] + v] over the taps
        t ≤ j < t + counts[0] and the channels c < counts[1]. It is added to what y holds if counts[2] is 1. The same is
        done for grid[1] tiles side by side, and for grid[0] blocks of n_maps maps, whose weights are grid[2] apart.
        """

        def generate(context, builder, signature, args):
            emit = Emitter(context, builder, signature, args, x.dtype)
            table = emit.data(4, builder.mul(args[5], emit.index(3)))
            n_taps, n_channels, carries = (builder.extract_value(args[6], n) for n in range(3))
            channel_stride, map_stride = (builder.extract_value(args[7], n) for n in range(2))
            n_blocks, n_tiles, block_stride = (builder.extract_value(args[10], n) for n in range(3))

            def sums_of(weights, samples, target):
                def tap(j, sums):
                    entry = emit.at(table, builder.mul(j, emit.index(3)))
                    place = builder.mul(builder.load(emit.at(entry, WEIGHT)), emit.index(n_maps))
                    column, source = emit.at(weights, place), emit.at(samples, builder.load(emit.at(entry, SAMPLE)))

                    def channel(c, sums):
                        row = emit.at(source, builder.mul(c, channel_stride))
                        vectors = [emit.load(emit.at(row, v * emit.lanes)) for v in range(n_vectors)]
                        taps_of_maps = emit.at(column, builder.mul(c, emit.index(n_maps)))
                        for a in range(n_maps):
                            weight = emit.splat(emit.at(taps_of_maps, a))
                            for v in range(n_vectors):
                                sums[a * n_vectors + v] = emit.fma(weight, vectors[v], sums[a * n_vectors + v])
                        return sums

                    return emit.loop(n_channels, sums, channel)

                sums = emit.loop(n_taps, [emit.zero()] * (n_maps * n_vectors), tap)
                places = [
                    emit.at(emit.at(target, builder.mul(map_stride, emit.index(a))), v * emit.lanes)
                    for a in range(n_maps)
                    for v in range(n_vectors)
                ]
                sums = emit.loop(
                    carries, sums, lambda _, s: [emit.add(x, emit.load(p)) for x, p in zip(s, places, strict=True)]
                )
                for total, place in zip(sums, places, strict=True):
                    emit.store(total, place)

            def block(number, state):
                weights = emit.data(0, builder.add(args[1], builder.mul(number, block_stride)))
                row = builder.mul(number, builder.mul(map_stride, emit.index(n_maps)))

                def one_tile(at, state):
                    begin = builder.mul(at, emit.index(n_vectors * emit.lanes))
                    target = emit.data(8, builder.add(args[9], builder.add(row, begin)))
                    sums_of(weights, emit.data(2, builder.add(args[3], begin)), target)
                    return state

                return emit.loop(n_tiles, state, one_tile)

            emit.loop(n_blocks, [], block)
            return emit.nothing()

        index = types.intp
        triple, pair = types.UniTuple(index, 3), types.UniTuple(index, 2)
        return types.void(w, index, x, index, taps, index, triple, pair, y, index, triple), generate

    return tile


_tile_8_2, _tile_4_2, _tile_2_2, _tile_1_2 = _tile(8, 2), _tile(4, 2), _tile(2, 2), _tile(1, 2)
_tile_8_1, _tile_4_1, _tile_2_1, _tile_1_1 = _tile(8, 1), _tile(4, 1), _tile(2, 1), _tile(1, 1)


@part
def maps_of_tile(n):
    """Return how many of n remaining maps the next tile takes."""
    if n >= MAPS:
        return MAPS
    return 4 if n >= 4 else 2 if n >= 2 else 1


@part
def taps_per_block(n_channels):
    """Return after how many taps sums are closed."""
    return max(1, SUM_BLOCK // n_channels)


@kernel
def pack_weights(weights, shape, steps, order, classes, packed):
    """Write the weights of a bank (G, M, C, KH, KW) in the order the tiles read them; tell whether all are finite.

    That order is [group][class][block of maps][tap][channel][map]; the taps of class c are
    order[classes[c]:classes[c + 1]], places in (KH, KW) raveled.

    Parameters
    ----------
    weights, packed : arrays (G·M·C·KH·KW,)
    shape : tuple (G, M, C)
    steps : tuple
        How far maps lie apart, and channels.
    order, classes : arrays
    """
    n_groups, n_maps, n_channels = shape
    by_map, by_channel = steps
    per_group = packed.size // n_groups
    k = 0
    for g in range(n_groups):
        for number in range(classes.shape[0] - 1):
            m = 0
            while m < n_maps:
                n = maps_of_tile(n_maps - m)
                for t in range(classes[number], classes[number + 1]):
                    at = g * per_group + m * by_map + order[t]
                    for _ in range(n_channels):
                        if n == MAPS:
                            for a in range(MAPS):  # the most frequent case, its length known to the compiler
                                packed[k + a] = weights[at + a * by_map]
                        else:
                            for a in range(n):
                                packed[k + a] = weights[at + a * by_map]
                        at += by_channel
                        k += n
                m += n
    return only_finite(weights)


@part
def sum_of_taps(weights, source, taps, shape, strides, target, n):
    """Write the sums of all maps for n neighbouring outputs, n at least one vector.

    Parameters
    ----------
    weights, source, target : tuple (array, place)
        Packed weights of one class, samples of the first output, sums of the first output and map.
    taps : array (T, 3)
        WEIGHT and SAMPLE, the two places of a tap, and its BLOCK: sums are closed where that changes.
    shape : tuple (M, C, T)
        Maps, channels, and the taps for which weights are packed; the list may leave some of them out.
    strides : tuple
        Distance of the channels of the samples, and of the maps of the sums.
    n : int
        How many outputs.
    """
    w, k = weights
    y, o = target
    n_maps, n_channels, n_packed = shape
    lanes = lanes_of(y.itemsize)
    n_taps = taps.shape[0]
    m = 0
    while m < n_maps:
        height = maps_of_tile(n_maps - m)
        n_blocks = (n_maps - m) // height if height == MAPS else 1
        begin = 0
        while begin < n:
            width = 2 if n - begin > lanes and n >= 2 * lanes else 1
            begin = min(begin, n - width * lanes)  # the last vectors may repeat some of those before
            grid = (n_blocks, (n - begin) // (width * lanes), height * n_packed * n_channels)
            t, carries = 0, 0
            while t < n_taps or carries == 0:
                stop = n_taps
                if n_taps and taps[t, BLOCK] != taps[n_taps - 1, BLOCK]:
                    stop = t + 1
                    while taps[stop, BLOCK] == taps[t, BLOCK]:
                        stop += 1
                for c in range(0, n_channels, SUM_BLOCK):
                    counts = (stop - t, min(SUM_BLOCK, n_channels - c), carries)
                    at, of, to = k + c * height, source[1] + c * strides[0] + begin, o + m * strides[1] + begin
                    if width == 2:
                        if height == 8:
                            _tile_8_2(w, at, source[0], of, taps, t, counts, strides, y, to, grid)
                        elif height == 4:
                            _tile_4_2(w, at, source[0], of, taps, t, counts, strides, y, to, grid)
                        elif height == 2:
                            _tile_2_2(w, at, source[0], of, taps, t, counts, strides, y, to, grid)
                        else:
                            _tile_1_2(w, at, source[0], of, taps, t, counts, strides, y, to, grid)
                    elif height == 8:
                        _tile_8_1(w, at, source[0], of, taps, t, counts, strides, y, to, grid)
                    elif height == 4:
                        _tile_4_1(w, at, source[0], of, taps, t, counts, strides, y, to, grid)
                    elif height == 2:
                        _tile_2_1(w, at, source[0], of, taps, t, counts, strides, y, to, grid)
                    else:
                        _tile_1_1(w, at, source[0], of, taps, t, counts, strides, y, to, grid)
                    carries = 1
                t = stop
            begin += grid[1] * width * lanes
        k += n_blocks * height * n_packed * n_channels
        m += n_blocks * height
