"""Banks as products: both layouts, every geometry, and results that depend on nothing but the job."""

import numpy as np
import pytest
from guarded import guarded
from hypothesis import given, settings
from hypothesis import strategies as st

import ltisys as lti
from ltisys.convolution import bank_gradient, cpu, gemm
from ltisys.convolution.arrays import prepare_bank
from ltisys.convolution.flat import cut_of, room_of
from ltisys.convolution.geometry import Geometry, convolution_geometry, correlation_geometry
from ltisys.convolution.lattice import lattice_of
from ltisys.convolution.simd import lanes_of
from ltisys.convolution.slices import batch_is_innermost

POINT = Geometry(1, 1, 1)
FLAT, LANES = (0, 0.0), (1 << 40, 1e9)  # what slices may take, and the cost of a flat sample: they force a layout


@pytest.fixture
def layout(monkeypatch):
    def force(which):
        monkeypatch.setattr(gemm, "SLICE_BYTES", which[0])
        monkeypatch.setattr(gemm, "CACHED_BYTES", which[0])
        monkeypatch.setattr(gemm, "FLAT_SAMPLE", which[1])
        gemm._job.cache_clear()

    yield force
    gemm._job.cache_clear()


@st.composite
def geometries(draw, longest, taps):
    n, k, dilation = draw(st.integers(1, longest)), draw(st.integers(1, taps)), draw(st.integers(1, 3))
    before = draw(st.integers(0, 6))
    after = max(0, dilation * (k - 1) + 1 - n - before) + draw(st.integers(0, 6))
    family = draw(st.sampled_from([convolution_geometry, correlation_geometry]))
    return family(n, k, (before, after), stride=draw(st.integers(1, 4)), dilation=dilation)


@st.composite
def banks(draw):
    """Draw (x, w, rows, columns) in the operator's order, of small integers, whose sums are exact in any order."""
    rows = draw(st.one_of(st.just(POINT), geometries(7, 4)))
    columns = draw(geometries(40, 7))
    batch, groups, maps, channels = (draw(st.integers(1, most)) for most in (37, 2, 11, 5))
    dtype = draw(st.sampled_from([np.float32, np.float64, np.complex64]))
    rng = np.random.default_rng(draw(st.integers(0, 99)))
    x = _integers(rng, (batch, groups, channels, rows.n_in, columns.n_in), dtype)
    return x, _integers(rng, (groups, maps, channels, rows.n_kernel, columns.n_kernel), dtype), rows, columns


def _integers(rng, shape, dtype):
    values = rng.integers(-4, 5, shape)
    return (values + 1j * rng.integers(-4, 5, shape) if np.dtype(dtype).kind == "c" else values).astype(dtype)


def _direct(w, x, rows, columns):
    y = np.empty((len(x), *w.shape[:2], rows.n_out, columns.n_out), x.dtype)
    w, x = w.view(), x.view()
    w.flags.writeable = x.flags.writeable = False
    cpu.convolve_direct(w, x, y, tuple(rows), tuple(columns))
    return y


def _forward(w, x, rows, columns):
    y = np.empty((len(x), *w.shape[:2], rows.n_out, columns.n_out), x.dtype)
    gemm.forward(w, x, y, rows, columns)
    return y


@pytest.mark.parametrize("which", [FLAT, LANES])
def test_any_geometry_in_either_layout(which, layout):
    layout(which)

    @settings(max_examples=60)
    @given(banks(), st.integers(0, 99), st.sampled_from([200, 4000, gemm.PIECE_BYTES]))
    def law(bank, seed, piece_bytes):
        x, w, rows, columns = bank
        gemm.PIECE_BYTES = piece_bytes
        gemm._job.cache_clear()
        y = _forward(w, x, rows, columns)
        np.testing.assert_array_equal(y, _direct(w, x, rows, columns))
        rng = np.random.default_rng(seed)
        y_bar, other_w, other_x = (_integers(rng, array.shape, x.dtype) for array in (y, w, x))
        w_bar = bank_gradient.wrt_kernel(x, y_bar, rows, columns)
        assert np.sum(w_bar * other_w) == np.sum(y_bar * _direct(other_w, x, rows, columns))
        transposed = np.ascontiguousarray(w.swapaxes(1, 2))
        x_bar = _forward(transposed, y_bar, rows.wrt_input(), columns.wrt_input())
        assert np.sum(x_bar * other_x) == np.sum(y_bar * _direct(w, other_x, rows, columns))

    given_bytes = gemm.PIECE_BYTES
    try:
        law()
    finally:
        gemm.PIECE_BYTES = given_bytes


@pytest.mark.parametrize("words", [{}, {"stride": 2}, {"groups": 3}, {"dilation": 2, "padding": "reflect"}])
def test_a_result_does_not_depend_on_layout_batch_or_threads(words, layout, monkeypatch):
    rng = np.random.default_rng(0)
    groups = words.get("groups", 1)
    x = rng.standard_normal((37, 33, 14, 13)).astype(np.float32)
    bank = rng.standard_normal((21, 33 // groups, 3, 3)).astype(np.float32)
    y_bar = rng.standard_normal(lti.convolve_bank(x, bank, method="gemm", **words).shape).astype(np.float32)
    results = []
    for which in (FLAT, LANES):
        for n_threads in ("1", "3"):
            layout(which)
            monkeypatch.setenv("LTISYS_THREADS", n_threads)
            y = lti.convolve_bank(x, bank, method="gemm", **words)
            x_bar, bank_bar = lti.convolve_bank_vjp(x, bank, y_bar, method="gemm", **words)
            results.append((which, y, x_bar, bank_bar))
    for which, y, x_bar, bank_bar in results[1:]:
        np.testing.assert_array_equal(y, results[0][1])
        np.testing.assert_array_equal(x_bar, results[0][2])
        same = next(result for result in results if result[0] == which)
        np.testing.assert_array_equal(bank_bar, same[3])
        np.testing.assert_allclose(bank_bar, results[0][3], atol=1e-2)
    alone = [lti.convolve_bank(x[i : i + 1], bank, method="gemm", **words) for i in (0, 36)]
    np.testing.assert_array_equal(np.concatenate(alone), results[0][1][[0, 36]])


@pytest.mark.parametrize("which", [FLAT, LANES])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("n_batch", [1, 15, 16, 17, 33])
@pytest.mark.parametrize("threads", ["1", "2"])
def test_nothing_beyond_the_arrays_is_touched(n_batch, dtype, which, threads, layout, monkeypatch):
    monkeypatch.setenv("LTISYS_THREADS", threads)
    layout(which)
    rng = np.random.default_rng(0)
    for n_maps, n_channels, columns in (
        (1, 1, correlation_geometry(1, 1, "valid")),
        (9, 3, correlation_geometry(13, 5, (2, 2), stride=2)),
        (6, 4, correlation_geometry(50, 3, (1, 1))),
        (3, 2, convolution_geometry(31, 7, "full", dilation=2)),
    ):
        for at_end in (True, False):
            x = guarded(_integers(rng, (n_batch, 1, n_channels, 1, columns.n_in), dtype), at_end)
            w = guarded(_integers(rng, (1, n_maps, n_channels, 1, columns.n_kernel), dtype), at_end)
            y = guarded(np.zeros((n_batch, 1, n_maps, 1, columns.n_out), dtype), at_end)
            gemm.forward(w, x, y, POINT, columns)
            np.testing.assert_array_equal(y, _direct(w, x, POINT, columns))
            w_bar = bank_gradient.wrt_kernel(x, y, POINT, columns)
            assert np.sum(w_bar * w) == np.sum(y * y)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_batch_between_one_vector_and_two_on_one_thread(dtype, monkeypatch):
    monkeypatch.setenv("LTISYS_THREADS", "1")
    lanes = lanes_of(np.dtype(dtype).itemsize)
    rng = np.random.default_rng(0)
    x, bank = (_integers(rng, shape, dtype) for shape in ((lanes + lanes // 2, 40, 3, 7), (80, 40, 3, 3)))
    for n in range(lanes, 2 * lanes + 1):
        job = gemm._job((1, 80, 40, 3, 3), n, False, *_same(3, 7), x.itemsize, 1)
        assert 0 < job.width <= n
    y = lti.convolve_bank(x, bank, method="gemm", order="C")
    np.testing.assert_array_equal(y, lti.convolve_bank(x, bank, method="direct"))


def test_samples_are_brought_into_the_order_of_the_lanes_once():
    lanes, rng = lanes_of(4), np.random.default_rng(0)
    x, bank = (rng.standard_normal(shape).astype(np.float32) for shape in ((2 * lanes, 3, 40), (20, 3, 5)))
    filters = prepare_bank(x, bank)
    arranged = filters.arranged(x)
    assert batch_is_innermost(arranged)
    assert filters.arranged(arranged) is arranged
    np.testing.assert_array_equal(filters(arranged), filters(x))
    y_bar = filters(x)
    np.testing.assert_array_equal(filters.wrt_kernel(arranged, y_bar, bank), filters.wrt_kernel(x, y_bar, bank))
    alone = x[:1]
    assert prepare_bank(alone, bank).arranged(alone) is alone
    assert prepare_bank(x, bank, padding="reflect").arranged(x) is x
    assert prepare_bank(x, bank, method="direct").arranged(x) is x


def _same(*lengths):
    return [convolution_geometry(n, 3, "same", centre=1) for n in lengths]


@given(geometries(9, 4), geometries(60, 9), st.integers(1, 9), st.integers(1, 3000))
def test_a_flat_plane_has_room_for_all_that_is_read(rows, columns, n_batch, n_positions):
    for down, across in ((rows, columns), (rows.wrt_input(), columns.wrt_input())):
        lattice, slack = lattice_of(down, across), 32
        cut = cut_of(lattice, n_batch, n_positions)
        whole = cut.cells == lattice.columns.n_cells
        pitch = lattice.columns.pitch if whole else cut.cells + lattice.columns.reach
        positions = (cut.lines - 1) * pitch + cut.cells
        furthest = positions + lattice.rows.reach * pitch + lattice.columns.reach
        assert furthest + slack <= room_of(lattice, cut, slack)
        assert (lattice.taps[:, 3:] >= 0).all()
        assert (lattice.taps[:, 3] <= lattice.rows.reach).all()
        assert (lattice.taps[:, 4] <= lattice.columns.reach).all()


def test_a_large_image_is_cut_into_lines_and_a_long_signal_into_runs(layout):
    layout(FLAT)
    rng = np.random.default_rng(1)
    for rows, columns in (
        (correlation_geometry(90, 5, (2, 2)), correlation_geometry(300, 3, (1, 1))),
        (POINT, correlation_geometry(60_000, 9, (4, 4), dilation=3)),
        (correlation_geometry(3, 3, (1, 1)), correlation_geometry(40_000, 3, (1, 1), stride=2)),
    ):
        x = _integers(rng, (1, 1, 3, rows.n_in, columns.n_in), np.float32)
        w = _integers(rng, (1, 5, 3, rows.n_kernel, columns.n_kernel), np.float32)
        y = _forward(w, x, rows, columns)
        np.testing.assert_array_equal(y, _direct(w, x, rows, columns))
        w_bar = bank_gradient.wrt_kernel(x, np.ones_like(y), rows, columns)
        assert w_bar is not None
        assert np.sum(w_bar.astype(np.float64) * w) == np.sum(y, dtype=np.float64)


@pytest.mark.parametrize("which", [FLAT, LANES])
def test_not_a_number_stays_where_it_belongs(which, layout):
    layout(which)
    x, bank = np.ones((20, 4, 9, 9), np.float32), np.ones((3, 4, 3, 3), np.float32)
    x[3, 1, 4, 4] = np.nan
    touched = np.zeros((20, 3, 9, 9), bool)
    touched[3, :, 3:6, 3:6] = True
    y = lti.convolve_bank(x, bank, method="gemm")
    np.testing.assert_array_equal(np.isnan(y), touched)
    _, bank_bar = lti.convolve_bank_vjp(x, bank, np.ones_like(y), method="gemm")
    np.testing.assert_array_equal(np.isnan(bank_bar), np.broadcast_to((np.arange(4) == 1)[:, None, None], bank.shape))
    bank[1, 0, 0, 0] = np.inf  # meets no sample at the border: those outputs stay finite
    y = lti.convolve_bank(np.ones_like(x), bank, method="gemm")
    assert np.isinf(y[:, 1, 1:, 1:]).any()
    assert np.isfinite(y[:, 1, -1, -1]).all() or np.isfinite(y[:, 1, 0, 0]).all()
    assert np.isfinite(y[:, [0, 2]]).all()


def test_integers_are_exact_when_forced():
    rng = np.random.default_rng(2)
    x, bank = rng.integers(-(2**40), 2**40, (3, 2, 9)), rng.integers(-99, 99, (4, 2, 3))
    np.testing.assert_array_equal(
        lti.convolve_bank(x, bank, method="gemm"), lti.convolve_bank(x, bank, method="direct")
    )


@pytest.mark.parametrize("which", [FLAT, LANES])
@pytest.mark.parametrize("n_channels", [7, 100, 300, 600])
def test_long_sums_are_closed_in_blocks(n_channels, which, layout):
    layout(which)
    x, bank = np.full((16, n_channels, 12), 0.1, np.float32), np.full((3, n_channels, 9), 0.3, np.float32)
    n_taps = 9 * n_channels
    exact = float(np.float32(0.1)) * float(np.float32(0.3)) * n_taps
    factor = 8 + n_taps / 2 if n_taps <= 512 else 136 + n_taps / 512
    y = lti.convolve_bank(x, bank, "valid", method="gemm")
    assert np.abs(y - exact).max() <= factor * np.finfo(np.float32).eps * exact
