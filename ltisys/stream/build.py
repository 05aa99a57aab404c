"""From a system to the node that runs it: every response moved later by as much as it takes to be causal."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from ..systems.combine import Parallel, Series
from ..systems.iir import IIR
from .nodes import Chain, Delay, Node, Recursion, Sum
from .taps import taps_node

if TYPE_CHECKING:
    from ..systems import System


@dataclass(frozen=True)
class Builder:
    """How many channels of which dtype a node gets, and the method of its finite responses."""

    channels: int
    dtype: np.dtype
    method: str

    def node(self, system: "System", delay: int) -> Node:
        """The node for h[n - delay], which must be causal.

        Raises
        ------
        ValueError
            A part that is of none of the kinds that can run.
        """
        if system.is_fir:
            response = system.fuse().response
            taps = response.samples.astype(self._precision_of_taps(response.samples.dtype), copy=False)
            return self._later(delay + response.start, taps_node(taps, self.channels, self.dtype, self.method))
        if isinstance(system, IIR):
            return self._later(delay + system.delay, Recursion(system.sos, self.channels, self.dtype))
        if isinstance(system, Parallel):
            return Sum([self.node(term, delay) for term in system.terms])
        if isinstance(system, Series):
            return self._series(system, delay)
        raise ValueError(f"a stream runs finite and recursive systems, their series and sums, got {system!r}")

    def _series(self, system: Series, delay: int) -> Node:
        """Every later part is moved to begin at time 0; the first one makes up for all of them."""
        starts = [part.support[0] for part in system.parts]
        nodes, builder = [], self
        for i, part in enumerate(system.parts):
            nodes.append(builder.node(part, -starts[i] if i else delay + sum(starts[1:])))
            builder = replace(builder, dtype=nodes[-1].result)
        return Chain(nodes)

    def _later(self, by: int, node: Node) -> Node:
        return Chain([Delay(by, self.channels, self.dtype), node]) if by else node

    def _precision_of_taps(self, dtype: np.dtype) -> np.dtype:
        """Taps have the precision of the samples, as in batch; integers only meet integers."""
        if self.dtype.kind == "i":
            return dtype
        single = self.dtype.char in "fF"
        if dtype.kind == "c":
            return np.dtype(np.complex64 if single else np.complex128)
        return np.dtype(np.float32 if single else np.float64)


def work_dtype(system: "System", dtype: np.dtype) -> tuple[np.dtype, np.dtype]:
    """The dtype in which samples of a dtype are computed, and that of the outputs, up to complex responses."""
    if dtype.kind in "biu":
        taps = system.fuse().response.samples.dtype if system.is_fir else np.dtype(np.float64)
        if taps.kind in "biu":
            return np.dtype(np.int64), np.dtype(np.int64)
        result = np.result_type(dtype, taps).type(0).real.dtype
        return np.result_type(result, np.float32), result
    dtype = dtype.newbyteorder("=")
    if not system.is_fir:
        return np.dtype(np.complex128 if dtype.kind == "c" else np.float64), dtype
    return np.dtype(np.float32) if dtype == np.float16 else dtype, dtype
