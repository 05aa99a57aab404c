"""Copies of short rows, vector by vector: the rest of a row is one masked move, never an access beyond it.

Rows of feature maps have seven, thirteen, fifty samples: entering a general loop costs more than running it.
"""

from typing import Any

from numba import types
from numba.extending import intrinsic, register_jitable

from .simd import Emitter


def _copy(typing_context, source, i, target, o, n):
    """Write target[o + j] = source[i + j] for 0 ≤ j < n; nothing else is read or written."""

    def generate(context, builder, signature, args):
        emit = Emitter(context, builder, signature, args, source.dtype)
        of, to = emit.data(0, args[1]), emit.data(2, args[3])

        def move(at):
            rest = builder.sub(args[4], at)
            emit.store_first(emit.load_first(emit.at(of, at), rest), emit.at(to, at), rest)

        _each_vector(emit, args[4], move)
        return emit.nothing()

    return types.void(source, types.intp, target, types.intp, types.intp), generate


def _take_every_second(typing_context, source, i, target, o, n):
    """Write target[o + j] = source[i + 2·j] for 0 ≤ j < n; reads source[i … i + 2·n − 2], writes nothing else."""

    def generate(context, builder, signature, args):
        emit = Emitter(context, builder, signature, args, source.dtype)
        of, to = emit.data(0, args[1]), emit.data(2, args[3])
        n_read = builder.sub(builder.add(args[4], args[4]), emit.index(1))

        def move(at):
            low = builder.add(at, at)
            high = builder.add(low, emit.index(emit.lanes))
            pair = [emit.load_first(emit.at(of, begin), builder.sub(n_read, begin)) for begin in (low, high)]
            even = emit.shuffle(pair[0], pair[1], range(0, 2 * emit.lanes, 2))
            emit.store_first(even, emit.at(to, at), builder.sub(args[4], at))

        _each_vector(emit, args[4], move)
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


def _each_vector(emit: Emitter, n, body) -> None:
    """Run body(at) for at = 0, lanes, … below n."""
    count = emit.builder.sdiv(emit.builder.add(n, emit.index(emit.lanes - 1)), emit.index(emit.lanes))

    def step(number, _):
        body(emit.builder.mul(number, emit.index(emit.lanes)))
        return []

    emit.loop(count, [], step)


@register_jitable
def put(source, target):
    """Write target[j] = source[j] for all j, any dtype.

    An assignment of slices would make Numba compile the text of an error, which takes longer than a whole kernel.
    """
    for j in range(target.shape[0]):
        target[j] = source[j]


copy: Any = intrinsic(_copy)
copy_vectors: Any = intrinsic(_copy_vectors)
take_every_second: Any = intrinsic(_take_every_second)
