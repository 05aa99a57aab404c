"""The few vector instructions that Numba does not offer, as an emitter of LLVM code for register tiles.

A kernel that keeps a tile of sums in vector registers cannot be written as a loop over arrays. It is an `@intrinsic`
whose body uses an `Emitter`: loads, stores, splats, fused multiply-adds and a counted loop whose state stays in
registers. Nothing here checks bounds: each tile states which elements it touches, and its caller keeps to that.
"""

from collections.abc import Callable, Sequence

import llvmlite.binding as llvm
from llvmlite import ir
from numba.core import cgutils, types

from .compilation import part

INDEX = ir.IntType(64)
LANE = ir.IntType(32)


def _register_bytes() -> int:
    features = llvm.get_host_cpu_features()
    if features.get("avx512f"):
        return 64
    return 32 if features.get("avx2") else 16


def _registers() -> int:
    arm = llvm.get_process_triple().startswith(("aarch64", "arm64"))
    return 32 if arm or REGISTER_BYTES == 64 else 16


# Tiles are shaped for the registers of the machine that compiles them; Numba's disk cache is kept apart by machine.
REGISTER_BYTES = _register_bytes()
REGISTERS = _registers()


@part
def lanes_of(itemsize: int) -> int:
    """Return how many samples of so many bytes one vector register holds."""
    return REGISTER_BYTES // itemsize


class Emitter:
    """Writes vector code for arrays of one floating-point type into the body of an intrinsic.

    Parameters
    ----------
    context, builder, signature, args
        What Numba passes to the code generator of an intrinsic.
    dtype : numba.types.Float
        The type of the samples.
    """

    def __init__(self, context, builder, signature, args, dtype: types.Float):
        self._context, self.builder = context, builder
        self._signature, self._args = signature, args
        self.scalar = ir.FloatType() if dtype is types.float32 else ir.DoubleType()
        self._itemsize = dtype.bitwidth // 8
        self.lanes = lanes_of(self._itemsize)
        self.vector = ir.VectorType(self.scalar, self.lanes)

    def data(self, argument: int, index=None):
        """Return the pointer to element `index` of the array that is the given argument."""
        array = self._context.make_array(self._signature.args[argument])
        pointer = array(self._context, self.builder, value=self._args[argument]).data
        return pointer if index is None else self.at(pointer, index)

    def index(self, number: int):
        """Return an integer constant."""
        return ir.Constant(INDEX, number)

    def at(self, pointer, index):
        """Return the pointer `index` elements on; an int is a constant."""
        return self.builder.gep(pointer, [self.index(index) if isinstance(index, int) else index])

    def load(self, pointer):
        """Return the vector that starts at an element."""
        return self.builder.load(self.builder.bitcast(pointer, self.vector.as_pointer()), align=self._itemsize)

    def store(self, vector, pointer) -> None:
        """Write a vector from an element on."""
        self.builder.store(vector, self.builder.bitcast(pointer, self.vector.as_pointer()), align=self._itemsize)

    def load_first(self, pointer, n):
        """Return the vector of the first n elements, zeros after them; beyond those nothing is read."""
        arguments = [self.vector.as_pointer(), LANE, ir.VectorType(ir.IntType(1), self.lanes), self.vector]
        function = self._masked("load", ir.FunctionType(self.vector, arguments))
        address = self.builder.bitcast(pointer, arguments[0])
        return self.builder.call(function, [address, LANE(self._itemsize), self._first_lanes(n), self.zero()])

    def store_first(self, vector, pointer, n) -> None:
        """Write the first n elements of a vector; what lies beyond stays as it is."""
        arguments = [self.vector, self.vector.as_pointer(), LANE, ir.VectorType(ir.IntType(1), self.lanes)]
        function = self._masked("store", ir.FunctionType(ir.VoidType(), arguments))
        address = self.builder.bitcast(pointer, arguments[1])
        self.builder.call(function, [vector, address, LANE(self._itemsize), self._first_lanes(n)])

    def _masked(self, name: str, function):
        suffix = f"v{self.lanes}f{8 * self._itemsize}.p0"
        return cgutils.get_or_insert_function(self.builder.module, function, f"llvm.masked.{name}.{suffix}")

    def _first_lanes(self, n):
        """Return the mask of the lanes below n: all for n ≥ lanes, none for n ≤ 0."""
        wide = ir.VectorType(INDEX, self.lanes)
        nothing = ir.Constant(wide, ir.Undefined)
        given = self.shuffle(self.builder.insert_element(nothing, n, LANE(0)), nothing, [0] * self.lanes)
        return self.builder.icmp_signed("<", ir.Constant(wide, list(range(self.lanes))), given)

    def splat(self, pointer):
        """Return a vector with one element in every lane."""
        nothing = ir.Constant(self.vector, ir.Undefined)
        first = self.builder.insert_element(nothing, self.builder.load(pointer), ir.Constant(ir.IntType(32), 0))
        return self.shuffle(first, nothing, [0] * self.lanes)

    def shuffle(self, a, b, pattern: Sequence[int]):
        """Return the lanes `pattern` of the concatenation of two vectors."""
        return self.builder.shuffle_vector(
            a, b, ir.Constant(ir.VectorType(ir.IntType(32), len(pattern)), list(pattern))
        )

    def zero(self):
        """Return a vector of zeros."""
        return ir.Constant(self.vector, [0.0] * self.lanes)

    def fma(self, a, b, c):
        """Return a·b + c, rounded once where the machine can."""
        name = f"llvm.fmuladd.v{self.lanes}f{8 * self._itemsize}"
        function = ir.FunctionType(self.vector, [self.vector] * 3)
        return self.builder.call(cgutils.get_or_insert_function(self.builder.module, function, name), [a, b, c])

    def add(self, a, b):
        """Return a + b."""
        return self.builder.fadd(a, b)

    def sub(self, a, b):
        """Return a − b."""
        return self.builder.fsub(a, b)

    def mul(self, a, b):
        """Return a·b."""
        return self.builder.fmul(a, b)

    def neg(self, a):
        """Return −a."""
        return self.builder.fneg(a)

    def constant(self, number: float):
        """Return a vector with a number in every lane."""
        return ir.Constant(self.vector, [number] * self.lanes)

    def transpose(self, rows: Sequence) -> list:
        """Return the columns of as many vectors as a vector has lanes."""
        rows, lanes = list(rows), range(self.lanes)
        step = 1
        while step < self.lanes:  # exchange the off-diagonal blocks of size `step`
            low = [lane if not lane & step else self.lanes + (lane ^ step) for lane in lanes]
            high = [lane | step if not lane & step else self.lanes + lane for lane in lanes]
            for i in lanes:
                if not i & step:
                    a, b = rows[i], rows[i | step]
                    rows[i], rows[i | step] = self.shuffle(a, b, low), self.shuffle(a, b, high)
            step *= 2
        return rows

    def loop(self, count, state: Sequence, body: Callable) -> list:
        """Run `state = body(i, state)` for i in range(count) with the state in registers; return the last state.

        Each turn is one turn of the machine's loop: unrolled, a tile that fills the registers would spill.
        """
        builder = self.builder
        before = builder.block
        inside, after = builder.append_basic_block("tile"), builder.append_basic_block("tile.end")
        builder.cbranch(builder.icmp_signed(">", count, self.index(0)), inside, after)
        builder.position_at_end(inside)
        i = builder.phi(INDEX)
        i.add_incoming(self.index(0), before)
        held = [builder.phi(value.type) for value in state]
        for phi, value in zip(held, state, strict=True):
            phi.add_incoming(value, before)
        updated = body(i, list(held))
        following = builder.add(i, self.index(1))
        last = builder.block
        i.add_incoming(following, last)
        for phi, value in zip(held, updated, strict=True):
            phi.add_incoming(value, last)
        again = builder.cbranch(builder.icmp_signed("<", following, count), inside, after)
        again.set_metadata("llvm.loop", self._as_written())
        builder.position_at_end(after)
        results = []
        for value, final in zip(state, updated, strict=True):
            phi = builder.phi(value.type)
            phi.add_incoming(value, before)
            phi.add_incoming(final, last)
            results.append(phi)
        return results

    def _as_written(self):
        """Return the metadata of a loop that LLVM is not to unroll: a node whose first operand is itself."""
        module = self.builder.module
        hint = module.add_metadata(["llvm.loop.unroll.disable"])
        node = module.add_metadata([INDEX(len(module.metadata)), hint])
        node.operands = (node, hint)
        return node

    def nothing(self):
        """Return what an intrinsic without a result gives back."""
        return self._context.get_dummy_value()
