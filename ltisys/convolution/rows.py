"""Copies of short rows, vector by vector, without an access beyond them.

Rows of feature maps have seven, thirteen, fifty samples: entering a general loop costs more than running it. The last
vector of a row overlaps the one before; only a row shorter than a vector takes a masked move, which is slow on many
processors.
"""

from typing import Any

from numba import types
from numba.extending import intrinsic

from .compilation import part
from .simd import Emitter


def _copy(typing_context, source, i, target, o, n):
    """Write target[o + j] = source[i + j] for 0 ≤ j < n; nothing else is read or written."""

    def generate(context, builder, signature, args):
        emit = Emitter(context, builder, signature, args, source.dtype)
        of, to = emit.data(0, args[1]), emit.data(2, args[3])

        def whole(at):
            emit.store(emit.load(emit.at(of, at)), emit.at(to, at))

        def short():
            emit.store_first(emit.load_first(of, args[4]), to, args[4])

        _each_vector(emit, args[4], whole, short)
        return emit.nothing()

    return types.void(source, types.intp, target, types.intp, types.intp), generate


def _take_every_second(typing_context, source, i, target, o, n):
    """Write target[o + j] = source[i + 2·j] for 0 ≤ j < n; reads source[i … i + 2·n − 2], writes nothing else."""

    def generate(context, builder, signature, args):
        emit = Emitter(context, builder, signature, args, source.dtype)
        of, to = emit.data(0, args[1]), emit.data(2, args[3])
        lanes = emit.lanes

        def whole(at):
            # the second vector begins one sample early, and so ends with the last one wanted
            low = emit.at(of, builder.add(at, at))
            pair = emit.load(low), emit.load(emit.at(low, lanes - 1))
            wanted = [*range(0, lanes, 2), *range(lanes + 1, 2 * lanes, 2)]
            emit.store(emit.shuffle(*pair, wanted), emit.at(to, at))

        def short():
            n_read = builder.sub(builder.add(args[4], args[4]), emit.index(1))
            high = builder.sub(n_read, emit.index(lanes))
            pair = emit.load_first(of, n_read), emit.load_first(emit.at(of, lanes), high)
            emit.store_first(emit.shuffle(*pair, range(0, 2 * lanes, 2)), to, args[4])

        _each_vector(emit, args[4], whole, short)
        return emit.nothing()

    return types.void(source, types.intp, target, types.intp, types.intp), generate


def _copy_vectors(typing_context, source, i, step, target, o, target_step, n_rows):
    """Write target[o + r·target_step + v] = source[i + r·step + v] for r < n_rows and v < lanes; nothing else."""

    def generate(context, builder, signature, args):
        emit = Emitter(context, builder, signature, args, source.dtype)
        of, to = emit.data(0, args[1]), emit.data(3, args[4])

        def move(r, _):
            vector = emit.load(emit.at(of, builder.mul(r, args[2])))
            emit.store(vector, emit.at(to, builder.mul(r, args[5])))
            return []

        emit.loop(args[6], [], move)
        return emit.nothing()

    index = types.intp
    return types.void(source, index, index, target, index, index, index), generate


def _each_vector(emit: Emitter, n, whole, short) -> None:
    """Run whole(at) for vectors that cover 0 ≤ at < n, or short() once if n is less than one; nothing for n = 0."""
    builder, lanes, one = emit.builder, emit.index(emit.lanes), emit.index(1)

    def step(number, _):
        at, last = builder.mul(number, lanes), builder.sub(n, lanes)
        whole(builder.select(builder.icmp_signed("<", at, last), at, last))
        return []

    def once(_number, _state):
        short()
        return []

    is_short = builder.icmp_signed("<", n, lanes)
    count = builder.sdiv(builder.add(n, builder.sub(lanes, one)), lanes)
    emit.loop(builder.select(is_short, emit.index(0), count), [], step)
    emit.loop(builder.select(is_short, count, emit.index(0)), [], once)


@part
def put(source, target):
    """Write target[j] = source[j] for all j, any dtype.

    An assignment of slices would make Numba compile the text of an error, which takes longer than a whole kernel.
    """
    for j in range(target.shape[0]):
        target[j] = source[j]


def _has_only_zeros(x):
    """Tell whether there are only zeros in x; a NaN is none."""
    total = x.dtype.type(0)
    for j in range(x.shape[0]):
        total += abs(x[j])
    return total == 0


def _has_only_finite(x):
    """Tell whether no sample of x is NaN or infinite.

    Made of plain arithmetic: with NumPy's functions in a kernel Numba would load its rules to run it from the disk.
    """
    total, nothing = x.dtype.type(0), x.dtype.type(0)
    for j in range(x.shape[0]):
        total += x[j] * nothing
    return total == 0


only_zeros, only_finite = part(_has_only_zeros, reassociate=True), part(_has_only_finite, reassociate=True)

copy: Any = intrinsic(_copy)
copy_vectors: Any = intrinsic(_copy_vectors)
take_every_second: Any = intrinsic(_take_every_second)
