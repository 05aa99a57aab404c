"""Streams: the outputs of the whole signal, however it is cut."""

import copy
import io
import tracemalloc

import numpy as np
import pytest
from cases import integer_arrays
from hypothesis import given, settings
from hypothesis import strategies as st

import ltisys as lti
from ltisys import FIR, IIR

DTYPES = (np.float32, np.float64, np.complex64, np.complex128)


@st.composite
def finite(draw):
    taps = draw(integer_arrays((draw(st.integers(1, 6)),)))
    return FIR(taps if draw(st.booleans()) else taps * (1 + 2j), draw(st.integers(-12, 12)))


@st.composite
def recursive(draw):
    """Recursions whose responses are exact in double precision for a while: poles at 1/2 or rational ones inside."""
    b = draw(integer_arrays((draw(st.integers(1, 3)),)))
    a = [1, draw(st.sampled_from([-0.5, 0.25, 0.5])), draw(st.sampled_from([0.0, 0.125]))]
    return IIR(b, a, draw(st.integers(-6, 6)))


def systems():
    one = st.one_of(finite(), recursive())
    pairs = st.tuples(one, one)
    return st.one_of(one, pairs.map(lambda p: p[0] * p[1]), pairs.map(lambda p: p[0] + p[1]), _nested())


@st.composite
def _nested(draw):
    return (draw(finite()) + draw(recursive())) * draw(recursive()) + draw(finite()) * draw(recursive())


@st.composite
def cuts(draw, n):
    """Lengths of blocks that make up n samples, empty ones among them."""
    return np.diff(sorted([0, n, *draw(st.lists(st.integers(0, n), max_size=8))]))


@st.composite
def recordings(draw, dtypes=DTYPES):
    """Integer-valued samples (n,) or (channels, n) of a dtype, and how they are cut."""
    channels, n = draw(st.integers(1, 3)), draw(st.integers(1, 16))
    dtype = np.dtype(draw(st.sampled_from(dtypes)))
    x = draw(integer_arrays((channels, n))).astype(dtype)
    if dtype.kind == "c":
        x = (x * (1 - 1j)).astype(dtype)
    return (x[0] if channels == 1 else x), draw(cuts(n))


def stream_of(system, x, **options):
    return system.stream(1 if x.ndim == 1 else len(x), x.dtype, **options)


def run(stream, x, lengths, **flush):
    """Everything a stream gives for a signal in blocks of these lengths."""
    stops = np.cumsum(lengths)
    blocks = [stream.process(x[..., stop - length : stop]) for stop, length in zip(stops, lengths, strict=True)]
    return np.concatenate([*blocks, stream.flush(**flush)], axis=-1)


@given(systems(), recordings())
def test_a_stream_gives_the_batch_result(system, recording):
    x, lengths = recording
    stream = stream_of(system, x, method="direct")
    y, wanted = run(stream, x, lengths)[..., stream.latency :], system(x)
    if system.is_fir:
        assert y.dtype == wanted.dtype
        np.testing.assert_array_equal(y, wanted)
    else:
        np.testing.assert_allclose(y, wanted, rtol=1e-5, atol=1e-5 * (1 + np.abs(wanted).max()))


@given(systems(), recordings(), st.data())
def test_no_output_depends_on_the_cuts(system, recording, data):
    x, lengths = recording
    x = x * np.asarray(0.1, x.dtype)
    stream = stream_of(system, x)
    np.testing.assert_array_equal(run(stream, x, lengths), run(stream, x, data.draw(cuts(x.shape[-1]))))


@given(finite(), recordings((np.int8, np.uint16, np.int64, np.bool_)))
def test_integers_are_exact(system, recording):
    x, lengths = recording
    stream = stream_of(system, x)
    y, wanted = run(stream, x, lengths)[..., stream.latency :], system(x)
    assert y.dtype == wanted.dtype == stream.dtype
    np.testing.assert_array_equal(y, wanted)


@given(finite(), recordings(), st.integers(1, 5))
def test_a_decimating_stream_keeps_every_stride_th_output(system, recording, stride):
    x, lengths = recording
    stream = stream_of(system, x, stride=stride, method="direct")
    assert stream.latency == -(-system.latency // stride)
    np.testing.assert_array_equal(run(stream, x, lengths)[..., stream.latency :], system(x, stride=stride))


@given(recursive(), recordings((np.float64,)), st.integers(2, 5))
def test_a_decimating_recursion_keeps_every_stride_th_output(system, recording, stride):
    x, lengths = recording
    stream = stream_of(system, x, stride=stride)
    y = run(stream, x, lengths)[..., stream.latency :]
    np.testing.assert_allclose(y, system(x)[..., ::stride], rtol=1e-12, atol=1e-9)


@given(systems(), recordings())
def test_a_block_gives_as_many_outputs_as_it_has_samples(system, recording):
    x, lengths = recording
    stream, stop = stream_of(system, x), 0
    assert stream.latency == system.latency
    for length in lengths:
        stop += length
        y = stream.process(x[..., stop - length : stop])
        assert (y.shape, y.dtype) == (x.shape[:-1] + (length,), stream.dtype)
    assert stream.flush().shape == x.shape[:-1] + (system.latency,)


@given(finite(), recordings())
def test_the_tail_completes_the_full_convolution(system, recording):
    x, lengths = recording
    y = run(stream_of(system, x, method="direct"), x, lengths, tail=True)
    full = system(lti.Signal(x))
    stream = stream_of(system, x)
    extra = len(system.h) - 1 + max(0, system.start)
    assert y.shape[-1] == x.shape[-1] + stream.latency + extra
    np.testing.assert_array_equal(y, full[-stream.latency : x.shape[-1] + extra].samples)


@given(systems(), recordings(), st.data())
def test_a_state_is_taken_up_by_another_stream(system, recording, data):
    x, _ = recording
    at = data.draw(st.integers(0, x.shape[-1]))
    stream, other = stream_of(system, x), stream_of(system, x)
    stream.process(x[..., :at])
    file = io.BytesIO()
    np.savez(file, allow_pickle=False, **copy.deepcopy(stream.state))
    file.seek(0)
    rest = stream.process(x[..., at:])
    with np.load(file) as state:
        other.state = state
    np.testing.assert_array_equal(other.process(x[..., at:]), rest)


@given(systems(), recordings())
def test_a_stream_begins_anew(system, recording):
    x, lengths = recording
    stream = stream_of(system, x)
    first = run(stream, x, lengths)
    np.testing.assert_array_equal(run(stream, x, lengths), first)
    stream.process(x)
    stream.reset()
    np.testing.assert_array_equal(run(stream, x, lengths), first)


@given(systems(), recordings())
def test_outputs_go_where_they_are_wanted(system, recording):
    x, _ = recording
    stream = stream_of(system, x)
    wanted = stream.process(x)
    stream.reset()
    out = np.empty(x.shape, stream.dtype)
    assert stream.process(x, out=out) is out
    np.testing.assert_array_equal(out, wanted)
    stream.reset()
    if stream.dtype == x.dtype:
        stream.process(x, out=x)
        np.testing.assert_array_equal(x, wanted)


@pytest.mark.parametrize("taps", [100, 2000])
def test_a_block_with_a_place_for_its_outputs_costs_no_memory(taps):
    stream = FIR(np.ones(taps)).stream(channels=2, dtype=np.float32)
    block, out = np.ones((2, 4096), np.float32), np.empty((2, 4096), np.float32)
    stream.process(block, out=out)
    tracemalloc.start()
    for _ in range(3):
        stream.process(block, out=out)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 4096


@given(finite(), st.integers(1, 4))
def test_decimated_outputs_go_where_they_are_wanted(system, stride):
    x = np.arange(10.0)
    stream = system.stream(stride=stride, dtype=np.complex128)
    wanted = stream.process(x)
    stream.reset()
    out = np.empty_like(wanted)
    assert stream.process(x, out=out) is out
    np.testing.assert_array_equal(out, wanted)


def test_a_long_delay_costs_no_taps():
    x = np.arange(10.0)
    stream = lti.delay(4).stream()
    assert {name: array.shape for name, array in stream.state.items()}["0.ring"] == (1, 4)
    np.testing.assert_array_equal(run(stream, x, [1, 0, 6, 3], tail=True), np.concatenate((np.zeros(4), x)))


def test_blocks_are_converted_and_left_alone():
    stream = FIR([1, 2]).stream(channels=2, dtype=np.float32)
    block = np.arange(8, dtype=">f8").reshape(4, 2).T
    block.setflags(write=False)
    np.testing.assert_array_equal(stream.process(block), [[0, 2, 8, 14], [1, 5, 11, 17]])
    np.testing.assert_array_equal(stream.process([[1], [2]]), [[13], [16]])


def test_half_precision_is_computed_in_single_precision():
    x = np.linspace(-1, 1, 50).astype(np.float16)
    system = FIR(np.linspace(0, 1, 9))
    y = system.stream(dtype=np.float16).process(x)
    assert y.dtype == np.float16
    np.testing.assert_array_equal(y, system(x))
    assert np.isinf(FIR([1e4]).stream(dtype=np.float16).process(np.array([1e4], np.float16)))


@pytest.mark.parametrize(
    ("dtype", "h", "result"),
    [
        (np.int16, np.array([1], np.float32), np.float32),
        (np.int64, np.array([1], np.float32), np.float64),
        (np.int64, [1.5], np.float64),
        (np.int64, [1.5j], np.complex128),
        (np.float32, [1j], np.complex64),
        (np.float16, [1j], np.complex64),
    ],
)
def test_outputs_have_the_dtype_of_the_batch(dtype, h, result):
    x = np.arange(4).astype(dtype)
    stream = FIR(h).stream(dtype=dtype)
    assert stream.dtype == FIR(h)(x).dtype == result
    np.testing.assert_array_equal(stream.process(x), FIR(h)(x))


def test_integers_that_might_overflow_are_refused():
    stream = FIR([1, 1]).stream(dtype=np.int64)
    with pytest.raises(OverflowError, match="beyond int64"):
        stream.process([2**62, 2**62])
    with pytest.raises(OverflowError, match="does not fit int64"):
        stream.process(np.array([2**63], np.uint64))


@settings(max_examples=20)
@given(st.integers(257, 1500), st.integers(-300, 300), st.sampled_from(DTYPES), st.booleans(), st.integers(0, 99))
def test_long_responses_keep_the_numeric_contract(taps, start, dtype, two_channels, seed):
    rng = np.random.default_rng(seed)
    h, x = rng.standard_normal(taps), rng.standard_normal((1 + two_channels, 2000)).astype(dtype)
    if np.dtype(dtype).kind == "c":
        h, x = h + 1j * rng.standard_normal(taps), (x * (1 - 2j)).astype(dtype)
    x = x if two_channels else x[0]
    system = FIR(h, start)
    stream = stream_of(system, x, method="fft")
    lengths = rng.integers(0, 200, 40)
    lengths[-1] += 2000 - min(2000, lengths.sum())
    lengths = np.diff(np.minimum(np.cumsum(lengths), 2000), prepend=0)
    y = run(stream, x, lengths)
    np.testing.assert_array_equal(y, run(stream, x, [2000]))
    wanted = system(x.astype(np.complex128 if np.dtype(dtype).kind == "c" else np.float64))
    bound = 16 * np.finfo(dtype).eps * np.log2(taps) * np.abs(h).sum() * np.abs(x).max()
    assert np.abs(y[..., stream.latency :] - wanted).max() <= bound


REFUSED = [
    ({}, FIR([[1]]), "a stream runs in time, got a system with 2 index axes"),
    ({}, IIR([1], [1, -0.5]).H, "its response never ends towards the past"),
    ({}, IIR([1], [1, -0.5]).H + 1, "its response never ends towards the past"),
    ({"channels": 0}, FIR([1]), "channels must be at least 1, got 0"),
    ({"stride": 0}, FIR([1]), "stride must be at least 1, got 0"),
    ({"padding": "reflect"}, FIR([1]), "padding=\"zero\", got padding='reflect'"),
    ({"method": "winograd"}, FIR([1]), "unknown method 'winograd'"),
    ({"method": "fft"}, FIR([1, 2]), 'method="fft" streams more than 256 taps, got 2'),
    ({}, FIR([1, np.inf]), r"a response that runs must be finite, got \[ 1\. inf\]"),
    ({"method": "fft", "dtype": int}, FIR([1]), "integers stream exactly"),
]


@pytest.mark.parametrize(("options", "system", "message"), REFUSED)
def test_what_cannot_stream_is_refused(options, system, message):
    with pytest.raises(ValueError, match=message):
        system.stream(**options)


def test_arguments_of_the_wrong_kind_are_refused():
    with pytest.raises(TypeError, match=r"channels must be an integer, got 1\.5"):
        FIR([1]).stream(1.5)  # pyright: ignore[reportArgumentType]
    with pytest.raises(TypeError, match="dtype must be numbers of at most double precision, got dtype object"):
        FIR([1]).stream(dtype=object)


def test_blocks_that_do_not_fit_are_refused():
    stream = FIR([1]).stream(channels=2, dtype=np.float32)
    with pytest.raises(ValueError, match=r"a block of this stream has the shape \(2, n\), got \(3,\)"):
        stream.process(np.zeros(3))
    with pytest.raises(ValueError, match=r"the shape \(n,\), got \(\)"):
        FIR([1]).stream().process(np.float64(3))
    with pytest.raises(TypeError, match="a stream of dtype float32 cannot hold a block of dtype complex128"):
        stream.process(np.zeros((2, 3), complex))
    with pytest.raises(TypeError, match="a stream of dtype int64 cannot hold a block of dtype float64"):
        FIR([1]).stream(dtype=int).process([0.5])
    with pytest.raises(
        ValueError, match=r"out must be an array of dtype float32 and shape \(2, 3\), got float64 \(2, 3\)"
    ):
        stream.process(np.zeros((2, 3)), out=np.zeros((2, 3)))
    with pytest.raises(ValueError, match="got list"):
        stream.process(np.zeros((2, 1)), out=[[0], [0]])  # pyright: ignore[reportArgumentType]


def test_states_of_other_streams_are_refused():
    stream = FIR([1, 2, 3]).stream()
    with pytest.raises(
        ValueError, match=r"the state of this stream holds \['clock', 'history', 'phase'\], got \['a'\]"
    ):
        stream.state = {"a": np.zeros(1)}
    with pytest.raises(ValueError, match=r"'history' of this stream's state is float64 \(1, .*\), got float64 \(2, "):
        stream.state = FIR([1, 2, 3]).stream(2).state
    stream = (lti.delay(3) + IIR([1], [1, -0.5]).H.H * FIR(np.ones(600), 2)).stream(stride=2)
    for name, value in {"phase": 2, "0.0.place": 3, "1.0.1.clock": 10**6, "1.0.1.faulty": -1}.items():
        state = stream.state
        assert state[name].dtype == np.int64
        state[name].flat[0] = value
        with pytest.raises(ValueError, match=f"'{name}' of this stream's state lies between 0 and .*, got .*{value}"):
            stream.state = state


def test_the_tail_of_a_recursion_never_ends():
    with pytest.raises(ValueError, match="the tail of a recursive system never ends"):
        IIR([1], [1, -0.5]).stream().flush(tail=True)
