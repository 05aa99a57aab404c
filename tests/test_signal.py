import numpy as np
import pytest
from cases import integer_arrays
from hypothesis import given
from hypothesis import strategies as st

from ltisys import Signal


@st.composite
def signals(draw, longest=6):
    return Signal(draw(integer_arrays((draw(st.integers(1, longest)),))), draw(st.integers(-9, 9)))


@st.composite
def images(draw):
    shape = draw(st.tuples(st.integers(1, 3), st.integers(1, 3)))
    return Signal(draw(integer_arrays(shape)), draw(st.tuples(st.integers(-5, 5), st.integers(-5, 5))))


either = st.one_of(signals(), images())
pairs = st.one_of(st.tuples(signals(), signals()), st.tuples(images(), images()))
triples = st.one_of(st.tuples(signals(), signals(), signals()), st.tuples(images(), images(), images()))


def test_it_knows_where_it_lies():
    x = Signal([3, 1, 2], start=-1, rate=8000)
    assert (x.start, x.stop, x.support, x.rate, len(x), x.ndim, x.channels) == (-1, 2, (-1, 2), 8000, 3, 1, ())
    np.testing.assert_array_equal(x.n, [-1, 0, 1])
    image = Signal(np.zeros((2, 3)), start=(4, 5))
    assert (image.start, image.stop, image.support) == ((4, 5), (6, 8), ((4, 6), (5, 8)))
    assert [n.tolist() for n in image.n] == [[4, 5], [5, 6, 7]]


def test_indexing_is_by_time_and_zero_outside():
    x = Signal([3, 1, 2], start=2)
    assert [int(x[n]) for n in range(6)] == [0, 0, 3, 1, 2, 0]
    assert x[-1] == 0
    assert x[np.int64(3)] == 1


@given(signals(), st.integers(-15, 15), st.integers(1, 9))
def test_an_interval_is_exactly_that_interval(x, low, length):
    part = x[low : low + length]
    assert part.support == (low, low + length)
    assert part.samples.tolist() == [x[n] for n in range(low, low + length)]


def test_open_intervals_end_where_the_signal_does():
    x = Signal([3, 1, 2], start=2)
    assert x[:].support == x.support
    assert (x[3:].samples.tolist(), x[3:].start) == ([1, 2], 3)
    assert (x[:3].samples.tolist(), x[:3].start) == ([3], 2)


def test_images_are_indexed_along_both_axes():
    image = Signal([[1, 2], [3, 4]], start=(0, -1))
    assert image[1, 0] == 4
    assert image[7, 0] == 0
    part = image[-1:2, 0:2]
    assert part.start == (-1, 0)
    assert part.samples.tolist() == [[0, 0], [2, 0], [4, 0]]
    row = image[1, :]
    assert (row.start, row.samples.tolist()) == (-1, [3, 4])


def test_channels_come_first():
    x = Signal([[1, 2, 3], [4, 5, 6]], start=1)
    assert (x.channels, len(x), x.support) == ((2,), 3, (1, 4))
    assert x[2].tolist() == [2, 5]
    assert x[3:5].samples.tolist() == [[3, 0], [6, 0]]
    assert (x * Signal([1, -1])).samples.tolist() == [[1, 1, 1, -3], [4, 1, 1, -6]]
    assert x + Signal([1], start=1) == Signal([[2, 2, 3], [5, 5, 6]], start=1)


def test_it_cannot_be_changed():
    source = np.array([1.0, 2.0])
    x = Signal(source)
    source[0] = 7
    assert x[0] == 1
    with pytest.raises(ValueError, match="read-only"):
        x.samples[0] = 3
    with pytest.raises(AttributeError, match="cannot assign"):
        x.start = 1  # type: ignore[misc]
    with pytest.raises(TypeError, match="unhashable"):
        hash(x)


def test_it_is_an_array_for_numpy():
    x = Signal(np.array([1, 2], np.float32))
    assert np.asarray(x).dtype == np.float32
    assert np.asarray(x, np.float64).dtype == np.float64
    assert not np.asarray(x).flags.writeable
    copy = np.array(x)
    copy[0] = 5
    assert x[0] == 1


def test_numbers_are_gains_from_either_side():
    x = Signal([1, 2], start=3)
    assert 2 * x == x * 2 == np.float64(2) * x == x * np.int8(2) == Signal([2, 4], start=3)
    assert isinstance(np.float64(2) * x, Signal)
    assert x / 2 == Signal([0.5, 1], start=3)
    assert -x + x == Signal([0])
    assert +x == x
    assert (Signal(np.array([1], np.float32)) * 0.5).samples.dtype == np.float32


def test_samples_of_any_byte_order_become_native():
    assert Signal(np.array([1, 2], ">f4")).samples.dtype == np.dtype("=f4")


def test_only_zero_is_added_as_a_number():
    x = Signal([1, 2])
    assert sum([x, x]) == 2 * x
    assert 0 - x == -x
    assert x - 0 == x
    for wrong in (lambda: x + 1, lambda: 1 - x, lambda: x - 1, lambda: x * {}, lambda: x / x):
        with pytest.raises(TypeError, match="unsupported operand"):
            wrong()


def test_small_integers_do_not_wrap():
    x = Signal(np.array([200], np.uint8))
    assert (x + x)[0] == 400
    assert (x * 2)[0] == 400
    assert (x * x)[0] == 40000
    assert (Signal([True]) + Signal([True]))[0] == 2


def test_integers_that_do_not_fit_are_refused():
    big, huge = Signal([2**62]), Signal(np.array([2**64 - 1], np.uint64))
    for wrong, message in (
        (lambda: big + big, "the sum of two signals may reach 9223372036854775808, beyond int64"),
        (lambda: big * 4, "the product of a signal and a gain may reach 18446744073709551616"),
        (lambda: huge + big, "a sample may reach 18446744073709551615"),
    ):
        with pytest.raises(OverflowError, match=message):
            wrong()


def test_the_lecture():
    assert (Signal([3, 1, 2]) * Signal([3, 2, 1])).samples.tolist() == [9, 9, 11, 5, 2]
    x = Signal([[1, 3, 1], [0, -1, 1], [2, 2, -1]], start=(0, 0))
    y = x * Signal([[1, 2], [0, -1]], start=(0, 0))
    assert y.samples.tolist() == [[1, 5, 7, 2], [0, -2, -4, 1], [2, 6, 4, -3], [0, -2, -2, 1]]


@given(pairs)
def test_support_of_a_convolution_is_exact(xy):
    x, y = xy
    z = x * y
    assert z.starts == tuple(a + b for a, b in zip(x.starts, y.starts, strict=True))
    assert z.stops == tuple(a + b - 1 for a, b in zip(x.stops, y.stops, strict=True))


@given(signals(), signals())
def test_convolution_is_its_definition(x, h):
    y = x * h
    for n in range(y.start - 2, y.stop + 2):
        assert y[n] == sum(h[k] * x[n - k] for k in h.n)


@given(triples)
def test_laws_of_convolution(xyz):
    x, y, z = xyz
    assert x * y == y * x
    assert (x * y) * z == x * (y * z)
    assert x * (y + z) == x * y + x * z
    assert x * (3 * y) == 3 * (x * y)
    assert x - y == x + -y
    assert (x * y).reverse() == x.reverse() * y.reverse()


@given(either)
def test_a_signal_is_the_sum_of_its_unit_samples(x):
    terms = list(x.unit_samples())
    assert sum(terms) == x
    assert len(terms) == x.samples.size
    assert all(term.samples.size == 1 for term in terms)


@given(signals(), st.integers(-9, 9), st.integers(-12, 12))
def test_shift_and_reverse_move_indices(x, by, n):
    assert x.shift(by)[n] == x[n - by]
    assert x.reverse()[n] == x[-n]
    assert x.shift(by) == x * Signal([1], start=by)
    assert x.reverse().reverse() == x


@given(images(), st.integers(-5, 5), st.integers(-5, 5))
def test_images_shift_and_reverse_along_both_axes(x, i, j):
    assert x.shift((2, -1))[i, j] == x[i - 2, j + 1]
    assert x.reverse()[i, j] == x[-i, -j]


@given(either)
def test_zeros_at_the_ends_and_the_start_do_not_matter_for_equality(x):
    wider = x[
        tuple(slice(a - 2, b + 3) for a, b in zip(x.starts, x.stops, strict=True)) if x.ndim == 2 else slice(-20, 20)
    ]
    assert wider == x
    assert x.trim() == x
    assert type(wider == x) is bool
    if np.any(x.samples):
        assert x != x.shift(1 if x.ndim == 1 else (1, 0))
        assert x != 2 * x


def test_what_is_not_equal():
    x = Signal([1, 2])
    assert x != Signal([1, 2], rate=8000)
    assert x != Signal([[1, 2]])
    assert x != Signal([[1, 2]], start=(0, 0))
    assert x != [1, 2]
    assert Signal([np.nan]) != Signal([np.nan])
    assert Signal([0, 0], start=5) == Signal([0.0])


def test_isclose_is_relative_to_the_largest_sample():
    x = Signal([1e6, 1.0])
    assert x.isclose(Signal([1e6, 1.0 + 1e-3]))
    assert not x.isclose(Signal([1e6, 1.0 + 1e-3]), rtol=1e-12)
    assert x.isclose(Signal([0, 1e6, 1.0], start=-1), rtol=0, atol=0)
    assert not Signal([np.nan]).isclose(Signal([np.nan]))


def test_conj_and_complex_samples():
    x = Signal([1 + 2j, 3])
    assert x.conj() == Signal([1 - 2j, 3])
    assert (x * x.conj().reverse())[0] == 14


def test_rates_meet():
    x, y = Signal([1], rate=8000), Signal([1])
    assert (x + y).rate == (y * x).rate == (x - y).rate == (2 * x).rate == x.shift(1).rate == x[0:2].rate == 8000
    for wrong in (lambda: x + Signal([1], rate=16000), lambda: x * Signal([1], rate=16000)):
        with pytest.raises(ValueError, match="rates must agree, got 8000 and 16000"):
            wrong()


def test_repr_shows_start_and_samples():
    assert repr(Signal([3, 1], start=-2, rate=8000)) == "Signal([3, 1], start=-2, rate=8000)"
    assert repr(Signal(np.arange(1000))) == "Signal([  0,   1,   2, ..., 997, 998, 999], start=0)"


def test_it_is_not_iterable():
    with pytest.raises(TypeError, match="not iterable"):
        iter(Signal([1]))  # type: ignore[call-overload]


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (([],), ValueError, r"a signal needs at least one sample, got shape \(0,\)"),
        ((3,), ValueError, r"at least 1 axes for start=0, got \(\)"),
        (([1], (0, 0)), ValueError, r"at least 2 axes for start=\(0, 0\), got \(1,\)"),
        (([1], 0.5), TypeError, "start must be one integer or a pair of them, got 0.5"),
        (([1], (0, 0, 0)), ValueError, "start must be one integer or a pair of them"),
        (([1], 0, -1), ValueError, "rate must be positive, got -1"),
        (([1], 0, float("nan")), ValueError, "rate must be positive, got nan"),
        (([1], 0, "8k"), TypeError, "rate must be a number of samples per second or None, got '8k'"),
        ((["a"],), TypeError, "samples must be numbers of at most double precision, got dtype <U1"),
        ((np.zeros(2, np.longdouble),), TypeError, "got dtype float128"),
        (([None],), TypeError, "got dtype object"),
    ],
)
def test_bad_arguments_are_quoted(arguments, error, message):
    with pytest.raises(error, match=message):
        Signal(*arguments)


def test_bad_indices_are_quoted():
    x, image = Signal([1, 2]), Signal([[1]], start=(0, 0))
    with pytest.raises(ValueError, match="the step of an index interval must be 1, got 2"):
        x[0:2:2]
    with pytest.raises(ValueError, match=r"must hold at least one index, got \[3, 3\)"):
        x[3:3]
    with pytest.raises(TypeError, match=r"indexed by integers and slices of them, got 0\.5"):
        x[0.5]
    with pytest.raises(IndexError, match="a signal with 2 index axes takes as many indices, got 0"):
        image[0]
    with pytest.raises(ValueError, match="2 index axes is shifted along each of them, got 1"):
        image.shift(1)


def test_signals_that_do_not_fit_are_refused():
    image, stereo = Signal([[1]], start=(0, 0)), Signal([[1], [2]])
    for wrong, message in (
        (lambda: Signal([1]) * image, "equally many index axes, got 1 and 2"),
        (lambda: stereo * stereo, r"one of two convolved signals has no channels, got \(2,\) and \(2,\)"),
        (lambda: stereo + Signal([[1], [2], [3]]), r"channels must be equal or absent, got \(2,\) and \(3,\)"),
    ):
        with pytest.raises(ValueError, match=message):
            wrong()
