"""Ten thousand random calls of the engine against the definition, within the numeric contract.

Case (chunk, number) is made from these two integers alone: ``run(*case(chunk, number))`` repeats it.
"""

from typing import Any, NamedTuple

import numpy as np
import pytest
from gathered import Axis, gather

import ltisys as lti
from ltisys.convolution.explain import error_factor

CHUNKS, CASES = 40, 250
PADDINGS = ("zero", "zero", "constant", "reflect", "symmetric", "replicate", "circular")
DTYPES = ("f4", "f4", "f4", "f8", "f8", "c8", "c16", "f2", "i4", "u1", "?", "i8", ">f4", ">i2")


class Case(NamedTuple):
    """A call: the function by name, its operands, its words as typed, and per axis what they mean."""

    name: str
    x: np.ndarray
    h: np.ndarray
    words: dict[str, Any]
    axes: list[Axis]
    gradient: bool
    use_out: bool

    @property
    def function(self):
        return getattr(lti, self.name)


def case(chunk: int, number: int) -> Case:
    rng = np.random.default_rng((chunk, number))
    name = str(
        rng.choice(
            ["convolve", "correlate", "convolve2d", "correlate2d", "convolve_bank"], p=[0.3, 0.1, 0.25, 0.1, 0.25]
        )
    )
    bank = name == "convolve_bank"
    rank = int(rng.integers(1, 3)) if bank else 1 + name.endswith("2d")
    lengths, taps = _sizes(rng, rank, bank)
    axes, words = _words(rng, name, lengths, taps)
    groups = int(rng.choice([1, 1, 2, 3])) if bank else 1
    channels, maps = (int(rng.choice([1, 2, 3, 5])) for _ in range(2))
    if bank:
        batch = int(rng.choice([1, 2, 7, 16, 17, 20]))
        if np.prod(lengths) * np.prod(taps) * batch * channels * maps * groups**2 > 2e5:
            batch, channels, maps, groups = 17, 2, 2, 1
        x_shape, h_shape = (batch, channels * groups, *lengths), (maps * groups, channels, *taps)
        if groups > 1:
            words["groups"] = groups
    else:
        before = tuple(int(n) for n in rng.integers(1, 4, rng.integers(0, 2)))
        x_shape, h_shape = (*before, *lengths), taps
        if rng.random() < 0.02:
            x_shape = (0, *lengths)
    x, h = (_array(rng, shape) for shape in (x_shape, h_shape))
    h = _outer_product(rng, h) if len(taps) == 2 and not bank and rng.random() < 0.3 else h
    floats = np.result_type(x, h).kind in "fc"  # what a forced method refuses of integers has tests of its own
    methods = ["auto", "auto", "direct", "fft", *_special(bank, h, taps, words)]
    if (method := str(rng.choice(methods))) != "auto" and floats:
        words["method"] = method
    gradient = floats and rng.random() < 0.3 and all(a.dtype.kind in "fc" for a in (x, h))
    gradient = gradient and not name.startswith("correlate")
    return Case(name, x, h, words, axes, gradient, bool(rng.random() < 0.1))


def _outer_product(rng, h):
    column, row = rng.standard_normal((len(h), 1)), rng.standard_normal((1, h.shape[1]))
    return (column * row).astype(h.dtype) if h.dtype.kind in "fc" else h


def _special(bank, h, taps, words):
    """The methods that apply to some jobs only."""
    if bank:
        is_square = taps == (3, 3) and words["stride"] in (1, (1, 1)) and words["dilation"] in (1, (1, 1))
        return ["gemm", "winograd", "winograd"] if is_square else ["gemm"]
    wide = h.astype(np.result_type(h, np.float64)) if h.ndim == 2 else None
    return (
        ["separable"] * 3 if wide is not None and np.isfinite(wide).all() and np.linalg.matrix_rank(wide) <= 1 else []
    )


def _sizes(rng, rank, bank):
    """Mostly small, some beyond the edges of tiles and blocks."""
    if rank == 1:
        n = int(rng.choice([rng.integers(1, 20), rng.integers(20, 200), rng.integers(200, 1500)]))
        k = int(rng.choice([rng.integers(1, 8), rng.integers(8, 70), rng.integers(70, 300)], p=[0.6, 0.3, 0.1]))
        return (min(n, 60) if bank else n,), (min(k, 20) if bank else k,)
    most, largest = (14, 5) if bank else (48, 12)
    n = tuple(int(i) for i in rng.integers(1, most, 2))
    k = (3, 3) if bank and rng.random() < 0.4 else tuple(int(i) for i in rng.integers(1, largest, 2))
    return n, k


def _words(rng, name, lengths, taps):
    """Draw words, one per axis where that is allowed, and what they mean."""
    rank = len(lengths)
    each = rank == 2 and rng.random() < 0.5

    def drawn(draw):
        first = draw()
        return [first, draw() if each else first][:rank]

    padding = drawn(lambda: str(rng.choice(PADDINGS)))
    stride = drawn(lambda: int(rng.choice([1, 1, 1, 2, 3, 5])))
    dilation = drawn(lambda: int(rng.choice([1, 1, 1, 2, 3])))
    origin = drawn(lambda: [None, "numpy", "ndimage", "causal", -3, 1, 30][rng.integers(7)])
    spans = [d * (k - 1) + 1 for k, d in zip(taps, dilation, strict=True)]
    fits = all(span <= n for span, n in zip(spans, lengths, strict=True))
    contained = all(span >= n for span, n in zip(spans, lengths, strict=True)) and name != "convolve_bank"
    kinds = ["full", "same", "pair", *(["valid"] if fits or contained else [])]
    kind = str(rng.choice(kinds))
    modes = [kind] * rank
    if kind == "pair":
        before = [int(rng.integers(0, 9)) for _ in range(rank)]
        after = [
            max(0, span - n - b) + int(rng.integers(0, 9)) for span, n, b in zip(spans, lengths, before, strict=True)
        ]
        modes = list(zip(before, after, strict=True))
    words: dict[str, Any] = {"mode": (tuple(modes) if rank == 2 else modes[0]) if kind == "pair" else kind}
    for key, values in (("padding", padding), ("stride", stride), ("dilation", dilation), ("origin", origin)):
        words[key] = tuple(values) if each else values[0]
    if "constant" in padding:
        words["value"] = int(rng.integers(0, 2))
    correlates = name.startswith("correlate")
    centres = [_centre(o, span, correlates) for o, span in zip(origin, spans, strict=True)]
    return [Axis(*meant) for meant in zip(modes, padding, stride, dilation, centres, strict=True)], words


def _centre(origin, length, correlates):
    """The first output of "same"; a correlation counts in the response as passed, which lies the other way round."""
    if correlates:
        tap = length // 2 if origin in (None, "numpy", "ndimage") else 0 if origin == "causal" else origin
        return length - 1 - tap
    return {None: (length - 1) // 2, "numpy": (length - 1) // 2, "ndimage": length // 2, "causal": 0}.get(
        origin, origin
    )


def _array(rng, shape):
    """Numbers of some dtype, in some order of memory, sometimes with NaN or infinity among them."""
    dtype = np.dtype(str(rng.choice(DTYPES)))
    if dtype.kind in "fc":
        array = rng.standard_normal(shape).astype(dtype)
        if dtype.kind == "c":
            array += (1j * rng.standard_normal(shape)).astype(dtype)
        if array.size and rng.random() < 0.1:
            array.flat[rng.integers(array.size)] = rng.choice([np.nan, np.inf, -np.inf])
    else:
        low, high = (0, 2) if dtype.kind == "b" else (0, 9) if dtype.kind == "u" else (-9, 9)
        array = rng.integers(low, high, shape).astype(dtype)
    layout = rng.integers(5)
    if layout == 1:
        array = np.asfortranarray(array)
    elif layout == 2:
        array = np.repeat(array, 2, axis=-1)[..., ::2]
    elif layout == 3:
        array = np.flip(np.flip(array).copy())
    elif layout == 4:
        array.flags.writeable = False
    return array


def run(given: Case) -> None:
    """Compare the call with the definition."""
    bank = given.name == "convolve_bank"
    rank = given.h.ndim - 2 if bank else given.h.ndim
    groups = given.words.get("groups", 1)
    whole = (1,) * (2 - rank)  # the axis that a signal does not have
    axes = given.axes if rank == 2 else [Axis("valid", "zero", 1, 1, 0), *given.axes]
    h = given.h
    if given.name.startswith("correlate"):
        h = np.flip(h).conj()
    x5 = given.x.reshape(
        -1, groups, given.x.shape[1] // groups if bank else 1, *whole, *given.x.shape[given.x.ndim - rank :]
    )
    w5 = h.reshape(groups, -1, h.shape[1] if bank else 1, *whole, *h.shape[h.ndim - rank :])
    spans = [a.dilation * (k - 1) + 1 for a, k in zip(given.axes, h.shape[h.ndim - rank :], strict=True)]
    shape = given.x.shape[given.x.ndim - rank :]
    exchange = not bank and all(a.mode == "valid" for a in given.axes)
    exchange = exchange and all(s >= n for s, n in zip(spans, shape, strict=True)) and tuple(spans) != shape
    if exchange and rank == 1:
        axes = [Axis("full", "zero", 1, 1, 0), *given.axes]
    value = given.words.get("value", 0)
    met = gather(x5, w5, (axes[0], axes[1]), value, exchange)
    expected = met.output()
    y = given.function(given.x, given.h, **given.words)
    result = np.result_type(given.x, given.h).newbyteorder("=")
    assert y.dtype == (np.dtype(np.int64) if result.kind in "iub" else result)
    assert y.dtype.isnative
    if given.use_out:
        out = np.full(y.shape, 7, y.dtype)
        assert given.function(given.x, given.h, out=out, **given.words) is out
        np.testing.assert_array_equal(out, y)
    made = y.reshape(expected.shape)
    if result.kind in "iub":
        np.testing.assert_array_equal(made, expected)
        return
    _assert_close(made, expected, met, given)
    if given.gradient and np.isfinite(given.x).all() and np.isfinite(given.h).all():
        _check_gradients(given, met, x5, y.shape)


def _assert_close(made, expected, met, given):
    # numbers that are not finite reach exactly the outputs that have such a pair
    lost = ~np.isfinite(expected)
    np.testing.assert_array_equal(~np.isfinite(made), lost | ~np.isfinite(expected.astype(made.dtype)))
    real = given.x.dtype.kind != "c" and given.h.dtype.kind != "c"
    if real:
        np.testing.assert_array_equal(np.isnan(made), np.isnan(expected))
    work = np.dtype({"e": "f4"}.get(made.dtype.char, made.dtype))
    method, factor = _promise(given, work)
    with np.errstate(invalid="ignore", over="ignore"):
        scale = met.scale()
        if method in ("fft", "winograd"):  # a block or a tile sees all taps: S is at most that of the whole signal
            taps, samples = (np.where(np.isfinite(a), np.abs(a), 0) for a in (met.taps, given.x))
            largest = max(float(samples.max(initial=0)), given.words.get("value", 0))
            scale = np.full_like(scale, taps.sum(axis=(3, 5, 7)).max() * largest)
        bound = factor * np.finfo(work).eps * scale
        if made.dtype == np.float16:
            bound = bound + np.abs(expected) * np.finfo(np.float16).eps + 2.0**-24
        error = np.abs(made - expected)
    assert (error[~lost & np.isfinite(made)] <= bound[~lost & np.isfinite(made)]).all(), (
        method,
        float(np.nanmax(error - bound)),
    )


def _promise(given: Case, work) -> tuple[str, float]:
    """The method that runs, and how many eps·S its error may be."""
    if given.name.startswith("correlate"):  # plans are of convolutions: take the largest promise of all
        return "fft", 8 * 20 * (2 if work.kind == "c" else 1)
    plan = lti.plan(given.x.shape, given.h.shape, work, **given.words)
    bound = plan.bind(given.h.astype(work))._prepared.bound
    return bound.operator.method, error_factor(bound.operator.method, bound.w, bound.operator)


def _check_gradients(given, met, x5, shape):
    rng = np.random.default_rng(0)
    y_bar = rng.standard_normal(shape).astype(np.result_type(given.x, given.h).newbyteorder("="))
    x_bar, h_bar = getattr(lti, f"{given.name}_vjp")(given.x, given.h, y_bar, **given.words)
    wanted_x, wanted_w = met.gradients(y_bar.reshape(met.output().shape), x5)
    if given.x.dtype.kind != "c":
        wanted_x = wanted_x.real
    if given.h.dtype.kind != "c":
        wanted_w = wanted_w.real
    assert (x_bar.shape, h_bar.shape) == (given.x.shape, given.h.shape)
    for made, wanted, other in ((x_bar, wanted_x, given.h), (h_bar, wanted_w, given.x)):
        work = np.dtype({"e": "f4"}.get(np.result_type(given.x, given.h).char, np.result_type(given.x, given.h)))
        # every sum is of products of one error signal with one sample or tap
        terms = max(np.abs(y_bar).sum(), 1) * max(
            float(np.abs(other).max(initial=0)), float(given.words.get("value", 0))
        )
        bound = 8 * 20 * np.finfo(work).eps * terms
        if np.finfo(made.dtype).eps > np.finfo(work).eps:  # returned in the precision of its operand
            bound = bound + np.abs(wanted) * np.finfo(made.dtype).eps + 2.0**-24
        assert (np.abs(made.reshape(wanted.shape) - wanted) <= bound).all()


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_random_calls_agree_with_the_definition(chunk):
    for number in range(CASES):
        given = case(chunk, number)
        try:
            run(given)
        except Exception as error:
            operands = f"x {given.x.dtype} {given.x.shape}, h {given.h.dtype} {given.h.shape}"
            raise AssertionError(
                f"run(case({chunk}, {number})): {given.name}({operands}, {given.words}): {error}"
            ) from error
