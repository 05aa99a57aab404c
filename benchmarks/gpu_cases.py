"""The jobs of the benchmark on a GPU, what they cannot do without, and what is right: nothing here needs a GPU.

Every job is a bank in mode "same" with zeros outside, on arrays (B, C, H, W) and (M, C, KH, KW); signals are images of
height 1. Responses have odd lengths, so that all libraries agree on which tap is time 0.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

ITEM = 4  # bytes of a float32
L2 = 60e6  # bytes of an H200's cache: inputs rotate until they pass it twice


@dataclass(frozen=True)
class Case:
    """One job.

    Attributes
    ----------
    suite, name : str
        The table, and the line in it.
    x : tuple (B, C, H, W)
        Shape of the input.
    bank : tuple (M, C, KH, KW)
        Shape of the responses.
    is_gradient : bool
        Whether both gradients are computed instead of the outputs.
    is_separable : bool
        Whether the response is an outer product.
    is_quick : bool
        Whether it belongs to a quick run.
    """

    suite: str
    name: str
    x: tuple[int, int, int, int]
    bank: tuple[int, int, int, int]
    is_gradient: bool = False
    is_separable: bool = False
    is_quick: bool = False

    @property
    def rank(self) -> int:
        """2 for banks, else the number of axes that are filtered."""
        return 1 if self.x[2] == 1 else 2

    @property
    def y(self) -> tuple[int, int, int, int]:
        """Shape of the output."""
        return (self.x[0], self.bank[0], *self.x[2:])

    @property
    def products(self) -> float:
        """Multiply-adds that direct sums take; two passes for an outer product, two sums for gradients."""
        taps = sum(self.bank[2:]) if self.is_separable else self.bank[2] * self.bank[3]
        return float(np.prod(self.y)) * self.bank[1] * taps * (2 if self.is_gradient else 1)

    @property
    def bytes(self) -> float:
        """Bytes of float32 that have to be read and written: with gradients x, ȳ and x̄."""
        outer, inner = float(np.prod(self.y)), float(np.prod(self.x))
        return ITEM * (outer + inner * (2 if self.is_gradient else 1) + float(np.prod(self.bank)))

    def floor(self, ceilings: Mapping[str, float]) -> float:
        """Return the seconds below which direct sums cannot be, whichever of memory and arithmetic takes longer."""
        return max(self.bytes / ceilings["bytes per second"], self.products / ceilings["products per second"])


def cases() -> list[Case]:
    """Return all jobs, the most telling ones of each suite first."""
    signals = [
        Case("1-D", f"{k} taps", (1, 1, 1, 1 << 26), (1, 1, 1, k), is_quick=k in (65, 1025))
        for k in (65, 257, 1025, 17, 129, 4097)
    ]
    images = [
        Case("2-D", f"{k} × {k}", (1, 1, 8192, 8192), (1, 1, k, k), is_quick=k == 7) for k in (3, 7, 11, 21, 31, 5, 15)
    ]
    separable = [
        Case("separable", f"{k} × {k}", (1, 1, 8192, 8192), (1, 1, k, k), is_separable=True, is_quick=k == 31)
        for k in (31, 7, 15)
    ]
    sizes = [((32, 3, 224, 224), 16), ((32, 16, 128, 128), 32), ((32, 8, 224, 224), 8), ((32, 32, 128, 128), 32)]
    banks = [
        Case(suite, f"{x[1]} → {m}, {x[2]}²", x, (m, x[1], 3, 3), is_gradient=suite == "gradients", is_quick=m == 16)
        for suite in ("banks", "gradients")
        for x, m in sizes
    ]
    return [*signals, *images, *separable, *banks]


@dataclass
class Row:
    """What one candidate did in one case: a time in seconds with its spread and error, or why there is none."""

    suite: str
    name: str
    candidate: str
    seconds: float | None = None
    spread: float | None = None
    error: float | None = None
    left_out: str = ""
    work: dict[str, float] = field(default_factory=dict)


def output_at(x, bank, place: tuple[int, int, int, int]) -> float:
    """Return y[b, m, i, j] = Σ bank[m, c, k, l] · x[b, c, i + (KH−1)/2 − k, j + (KW−1)/2 − l] in float64."""
    b, m, i, j = place
    height, width = bank.shape[2:]
    patch, (top, left) = _patch(x[b], i - (height - 1) // 2, j - (width - 1) // 2, height, width)
    taps = bank[m][:, ::-1, ::-1][:, top : top + patch.shape[1], left : left + patch.shape[2]]
    return float(np.sum(patch.astype(np.float64) * taps))


def input_gradient_at(y_bar, bank, place: tuple[int, int, int, int]) -> float:
    """Return x̄[b, c, i, j] in float64: the same sum with maps and channels exchanged and the responses reversed."""
    return output_at(y_bar, bank.swapaxes(0, 1)[:, :, ::-1, ::-1], place)


def bank_gradient_at(x, y_bar, place: tuple[int, int, int, int], size: tuple[int, int]) -> float:
    """Return the gradient of bank[m, c, k, l], for responses of `size`, in float64."""
    m, c, k, l = place
    down, across = (size[0] - 1) // 2 - k, (size[1] - 1) // 2 - l
    height, width = x.shape[2:]
    rows, columns = slice(max(0, -down), height - max(0, down)), slice(max(0, -across), width - max(0, across))
    met = x[:, c, max(0, down) : height + min(0, down), max(0, across) : width + min(0, across)]
    return float(np.sum(met.astype(np.float64) * y_bar[:, m, rows, columns]))


def _patch(x, i: int, j: int, height: int, width: int):
    """Return what of a window lies inside the array, and where in the window that begins."""
    top, left = max(0, -i), max(0, -j)
    return x[:, i + top : i + height, j + left : j + width], (top, left)


def table(rows: list[Row], ceilings: Mapping[str, float]) -> list[str]:
    """Return the tables of all suites: times, errors, and the share of the roofline of direct sums."""
    of = {(case.suite, case.name): case for case in cases()}
    lines = []
    for suite in dict.fromkeys(row.suite for row in rows):
        lines += [
            "",
            f"## {suite}",
            "",
            "| job | candidate | µs | spread | roofline | error |",
            "|---|---|---|---|---|---|",
        ]
        for row in rows:
            if row.suite != suite:
                continue
            if row.seconds is None:
                lines.append(f"| {row.name} | {row.candidate} | – | | | {row.left_out} |")
                continue
            share = of[row.suite, row.name].floor(ceilings) / row.seconds
            figures = (
                f"{1e6 * row.seconds:.4g} | {100 * (row.spread or 0):.0f} % | {100 * share:.0f} % | {row.error:.1e}"
            )
            lines.append(f"| {row.name} | {row.candidate} | {figures} |")
    return lines
