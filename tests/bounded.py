"""The engine with every vector access checked, as a program: ``python tests/bounded.py DTYPE``.

Kernels are compiled with an emitter that compares each address with the bounds of the array it was made from, on every
execution: arrays of the caller, workspaces and packed copies alike. It prints, as JSON, the lines of the engine that
have such accesses, those that were executed, and those that touched anything outside.

Run it with an empty NUMBA_CACHE_DIR: what is compiled here must not be found by others.
"""

import ctypes
import json
import sys
import traceback
from pathlib import Path
from typing import Any

import numpy as np
from llvmlite import ir
from numba.np.arrayobj import make_array

import ltisys as lti
from ltisys.convolution import simd
from ltisys.convolution.compilation import kernel
from ltisys.convolution.rows import copy

MOST = 1 << 15
BYTE, WORD = ir.IntType(8), ir.IntType(64)
executed, outside = ((ctypes.c_uint8 * MOST)() for _ in range(2))
places: list[str] = []


class Bounded(simd.Emitter):
    """An emitter that knows the bounds of the array behind every pointer."""

    def data(self, argument, index=None):
        pointer = super().data(argument)
        self._belongs(pointer, self._bounds(argument))
        return pointer if index is None else self.at(pointer, index)

    def at(self, pointer, index):
        moved = super().at(pointer, index)
        self._belongs(moved, self._of[id(pointer)])
        return moved

    def load(self, pointer):
        self._check(pointer, self.index(self.lanes))
        return super().load(pointer)

    def store(self, vector, pointer):
        self._check(pointer, self.index(self.lanes))
        super().store(vector, pointer)

    def splat(self, pointer):
        self._check(pointer, self.index(1))
        return super().splat(pointer)

    def load_first(self, pointer, n):
        self._check(pointer, self._some(n))
        return super().load_first(pointer, n)

    def store_first(self, vector, pointer, n):
        self._check(pointer, self._some(n))
        super().store_first(vector, pointer, n)

    def _some(self, n):
        """Return how many of the first n lanes there are."""
        b, all_lanes, none = self.builder, self.index(self.lanes), self.index(0)
        n = b.select(b.icmp_signed(">", n, all_lanes), all_lanes, n)
        return b.select(b.icmp_signed("<", n, none), none, n)

    @property
    def _of(self):
        # kept by identity: pointers are values of this one function, alive as long as their blocks
        if not hasattr(self, "_owners"):
            self._owners, self._alive = {}, []
        return self._owners

    def _belongs(self, pointer, bounds):
        self._of[id(pointer)] = bounds
        self._alive.append(pointer)

    def _bounds(self, argument):
        """Return first and last address + 1 of an array, none of them if it is empty; strides are not negative."""
        kind, b = self._signature.args[argument], self.builder
        array = make_array(kind)(self._context, b, value=self._args[argument])
        first = b.ptrtoint(array.data, WORD)
        length, shape, strides = array.itemsize, array.shape, array.strides
        for axis in range(kind.ndim):
            last = b.sub(b.extract_value(shape, axis), self.index(1))
            length = b.add(length, b.mul(last, b.extract_value(strides, axis)))
        empty = b.icmp_signed("==", array.nitems, self.index(0))
        return first, b.add(first, b.select(empty, self.index(0), length))

    def _check(self, pointer, n):
        """Note that this line was executed, and whether it stays within bounds; n = 0 touches nothing."""
        b, (first, end) = self.builder, self._of[id(pointer)]
        begin = b.ptrtoint(pointer, WORD)
        stop = b.add(begin, b.mul(n, self.index(self._itemsize)))
        wrong = b.or_(b.icmp_unsigned("<", begin, first), b.icmp_unsigned(">", stop, end))
        wrong = b.and_(wrong, b.icmp_signed(">", n, self.index(0)))
        number = len(places)
        places.append(_line())
        for flags, value in ((executed, ir.Constant(BYTE, 1)), (outside, b.zext(wrong, BYTE))):
            place = b.inttoptr(ir.Constant(WORD, ctypes.addressof(flags) + number), BYTE.as_pointer())
            b.store(b.or_(b.load(place), value), place)


def _line() -> str:
    """Return the line of the engine that emits the access now."""
    frames = [f for f in traceback.extract_stack() if "/ltisys/convolution/" in f.filename]
    frame = next(f for f in reversed(frames) if not f.filename.endswith("simd.py"))
    return f"{Path(frame.filename).name}:{frame.lineno}"


def drawn(*shape):
    return np.random.default_rng(0).standard_normal(shape).astype(DTYPE)


def rows() -> None:
    for k in (1, 2, 3, 7, 8, 9, 17, 40, 65, 300):
        for n in (1, 5, 17, 100, 777):
            for padding in ("zero", "reflect"):
                lti.convolve(drawn(2, n), drawn(k), padding=padding, method="direct")
    for n, k in ((3, 2), (100, 70), (1000, 7), (5000, 333), (40_000, 2000), (301, 301)):
        lti.convolve(drawn(3, n), drawn(k), method="fft")
        lti.convolve(drawn(n), drawn(k), "same", padding="circular", method="fft")
    for stride, dilation in ((2, 1), (3, 1), (1, 2), (4, 3)):
        lti.convolve(drawn(500), drawn(9), stride=stride, dilation=dilation)


def images() -> None:
    for shape in ((1, 1), (3, 40), (40, 3), (33, 65), (130, 170)):
        for taps in ((1, 1), (3, 3), (5, 5), (7, 6), (1, 9), (9, 1), (15, 17), (31, 20)):
            for method in ("direct", "fft", "separable"):
                h = np.outer(drawn(taps[0]), drawn(taps[1])) if method == "separable" else drawn(*taps)
                for padding in ("zero", "symmetric"):
                    lti.convolve2d(drawn(*shape), h, "same", padding=padding, method=method)
    lti.convolve2d(drawn(60, 600), drawn(3, 300), method="direct")


def banks() -> None:
    for batch in (1, 3, 8, 9, 16, 17, 35, 64):
        for channels, maps, groups in ((1, 1, 1), (3, 5, 1), (8, 9, 2), (16, 33, 1)):
            for shape, taps in (
                ((13,), (3,)),
                ((50,), (9,)),
                ((12,), (1,)),
                ((11, 9), (3, 3)),
                ((7, 12), (5, 2)),
                ((6,), (6,)),
            ):
                bank = drawn(maps * groups, channels, *taps)
                for stride in (1, 2):
                    for given in both_orders(drawn(batch, channels * groups, *shape)):
                        words: dict[str, Any] = {"stride": stride, "groups": groups}
                        methods = ["gemm", "winograd"] if taps == (3, 3) and stride == 1 else ["gemm"]
                        for method in methods:
                            y = lti.convolve_bank(given, bank, method=method, **words)
                            lti.convolve_bank_vjp(given, bank, y, method=method, **words)
    dense = drawn(20, 30, 7), drawn(12, 30, 7)
    y = lti.convolve_bank(*dense, mode="valid", method="gemm")
    lti.convolve_bank_vjp(*dense, y, mode="valid", method="gemm")


def both_orders(x):
    """Return x as NumPy lays it, and with the batch innermost."""
    axes = (*range(2, x.ndim), 1, 0)
    return x, np.ascontiguousarray(x.transpose(axes)).transpose(np.argsort(axes))


def streams() -> None:
    x = drawn(9000)
    for k in (5, 300, 3000):
        stream = lti.FIR(drawn(k)).stream(dtype=DTYPE)
        for block in np.split(x, [64, 100, 1000, 1001, 5000]):
            stream.process(block)
        stream.flush()


def too_far() -> None:
    """Copy one sample more than there are: what the check must find."""
    kernel(lambda source, target: copy(source, 0, target, 0, source.shape[0] + 1))(drawn(20), drawn(30))


def main() -> None:
    for job in (too_far,) if "too_far" in sys.argv else (rows, images, banks, streams):
        job()
    report = {
        "emitted": sorted(set(places)),
        "executed": sorted({place for n, place in enumerate(places) if executed[n]}),
        "outside": sorted({place for n, place in enumerate(places) if outside[n]}),
    }
    print(json.dumps(report))


if __name__ == "__main__":
    DTYPE, plain = np.dtype(sys.argv[1]), simd.Emitter
    for module in list(sys.modules.values()):
        if module.__dict__.get("Emitter") is plain:
            module.__dict__["Emitter"] = Bounded
    main()
