"""Which taps meet: the index relation of every convolution, and its two adjoints.

A convolution is the set of index triples (output o, kernel k, input i) with

    stride·o + step·k = spread·i + offset

and everything outside the arrays is zero. The relation is symmetric in its three roles, so both gradients
of a convolution are convolutions again, each with another geometry.
"""

from typing import Literal, NamedTuple

Mode = Literal["full", "same", "valid"] | tuple[int, int]


class Geometry(NamedTuple):
    """The index relation stride·o + step·k = spread·i + offset along one axis, with the three lengths.

    Attributes
    ----------
    n_out, n_kernel, n_in : int
        Lengths of output, kernel and input, in samples.
    stride : int
        Distance between outputs; above 1 decimates.
    step : int
        −1 is convolution, +1 correlation; its magnitude is the dilation of the kernel.
    spread : int
        Distance between input samples; above 1 is a transposed convolution.
    offset : int
        Alignment of the two sides.

    Examples
    --------
    >>> g = convolution_geometry(3, 3, "full")
    >>> g
    Geometry(n_out=5, n_kernel=3, n_in=3, stride=1, step=-1, spread=1, offset=0)
    >>> g.wrt_input().wrt_input() == g
    True
    """

    n_out: int
    n_kernel: int
    n_in: int
    stride: int = 1
    step: int = -1
    spread: int = 1
    offset: int = 0

    def wrt_input(self) -> "Geometry":
        """Return the relation with output and input exchanged: it maps (kernel, ȳ) to x̄."""
        return Geometry(self.n_in, self.n_kernel, self.n_out, self.spread, -self.step, self.stride, -self.offset)

    def wrt_kernel(self) -> "Geometry":
        """Return the relation whose output is the kernel's gradient.

        With step > 0 it takes ȳ as kernel and reads x; with step < 0 it takes x as kernel and reads ȳ,
        because strides have to stay positive.
        """
        if self.step > 0:
            return Geometry(self.n_kernel, self.n_out, self.n_in, self.step, self.stride, self.spread, self.offset)
        return Geometry(self.n_kernel, self.n_in, self.n_out, -self.step, self.spread, self.stride, -self.offset)

    def reach(self) -> tuple[int, int]:
        """Count the samples that are read before index 0 and after the last one of the input.

        Only meant for spread = 1, the geometries of a forward convolution.
        """
        ends = (0, self.step * (self.n_kernel - 1))
        first = min(ends) - self.offset
        last = self.stride * (self.n_out - 1) + max(ends) - self.offset
        return max(0, -first), max(0, last - (self.n_in - 1))

    def extended(self, before: int, after: int) -> "Geometry":
        """Return the same relation on an input that was extended by so many samples on each side."""
        return self._replace(n_in=before + self.n_in + after, offset=self.offset - self.spread * before)


def dilated_length(n_kernel: int, dilation: int) -> int:
    """Return the length of a kernel whose taps lie `dilation` samples apart."""
    return dilation * (n_kernel - 1) + 1


def output_interval(n_in: int, length: int, mode: Mode, centre: int) -> tuple[int, int]:
    """Return first and one-past-last output index of a mode, for a (dilated) kernel of `length` taps.

    Raises
    ------
    ValueError
        If the interval is empty.
    """
    if mode == "full":
        first, stop = 0, n_in + length - 1
    elif mode == "same":
        first, stop = centre, centre + n_in
    else:
        before, after = (0, 0) if mode == "valid" else mode
        first, stop = length - 1 - before, n_in + after
    if stop <= first:
        raise ValueError(
            f"mode={mode!r} leaves no output: a kernel of length {length} (dilation included) needs at least "
            f"as many samples, the signal has {n_in}; shorten the kernel or extend with mode=(before, after)"
        )
    return first, stop


def convolution_geometry(
    n_in: int, n_kernel: int, mode: Mode, *, stride: int = 1, dilation: int = 1, centre: int = 0
) -> Geometry:
    """Return the geometry of y[n] = Σ_k h[k] x[n − dilation·k] on the indices of `mode`.

    `centre` is the first output index of mode "same".
    """
    first, stop = output_interval(n_in, dilated_length(n_kernel, dilation), mode, centre)
    n_out = -(-(stop - first) // stride)
    return Geometry(n_out, n_kernel, n_in, stride, -dilation, 1, -first)


def correlation_geometry(
    n_in: int, n_kernel: int, mode: Mode, *, stride: int = 1, dilation: int = 1, centre: int = 0
) -> Geometry:
    """Return the geometry of convolution with the reversed kernel, without reversing it.

    `centre` counts in the reversed kernel, as for `convolution_geometry`.
    """
    length = dilated_length(n_kernel, dilation)
    g = convolution_geometry(n_in, n_kernel, mode, stride=stride, dilation=dilation, centre=centre)
    return g._replace(step=dilation, offset=g.offset + length - 1)
