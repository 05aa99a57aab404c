import itertools

import numpy as np
import pytest

from ltisys.convolution import taps
from ltisys.convolution.geometry import Geometry, convolution_geometry, correlation_geometry, output_interval

GEOMETRIES = [
    Geometry(n_out, n_kernel, n_in, stride, step, spread, offset)
    for (n_out, n_kernel, n_in), stride, step, spread, offset in itertools.product(
        [(5, 3, 4), (1, 2, 6), (7, 1, 3)], (1, 2, 3), (-2, -1, 1, 3), (1, 2, 3), (-4, -1, 0, 2, 5)
    )
]


def triples(g):
    """All (o, k, i) of the relation, by definition."""
    return {
        (o, k, i)
        for o, k, i in itertools.product(range(g.n_out), range(g.n_kernel), range(g.n_in))
        if g.stride * o + g.step * k == g.spread * i + g.offset
    }


@pytest.mark.parametrize("g", GEOMETRIES, ids=str)
def test_adjoints_hold_the_same_triples(g):
    ours = triples(g)
    assert triples(g.wrt_input()) == {(i, k, o) for o, k, i in ours}
    if g.step > 0:  # ȳ is the kernel and x is read
        assert triples(g.wrt_kernel()) == {(k, o, i) for o, k, i in ours}
    else:  # x is the kernel and ȳ is read
        assert triples(g.wrt_kernel()) == {(k, i, o) for o, k, i in ours}
    assert g.wrt_input().wrt_input() == g


@pytest.mark.parametrize("g", GEOMETRIES, ids=str)
def test_scalar_core_lists_the_triples(g):
    ours = triples(g)
    by_partner = {
        (o, k, i) for o in range(g.n_out) for k in range(g.n_kernel) if (i := taps.partner(o, k, tuple(g))) >= 0
    }
    assert by_partner == ours
    d_o, d_i = taps.strides_of_meeting(tuple(g))
    by_run = set()
    for k in range(g.n_kernel):
        count, o, i = taps.meeting(k, tuple(g))
        by_run |= {(o + t * d_o, k, i + t * d_i) for t in range(count)}
    assert by_run == ours


def test_modes_are_intervals_of_the_full_result():
    assert output_interval(7, 4, "full", 0) == (0, 10)
    assert output_interval(7, 4, "same", 1) == (1, 8)
    assert output_interval(7, 4, "valid", 0) == (3, 7)
    assert output_interval(7, 4, (3, 3), 0) == (0, 10)
    assert output_interval(2, 4, (1, 1), 0) == (2, 3)


def test_empty_interval_is_refused_with_its_numbers():
    with pytest.raises(ValueError, match=r"mode=\(0, 1\) leaves no output.*length 4.*has 2"):
        output_interval(2, 4, (0, 1), 0)


def test_correlation_geometry_is_convolution_with_the_reversed_kernel():
    for mode, stride, dilation in itertools.product(("full", "same", (2, 1)), (1, 2), (1, 3)):
        g = convolution_geometry(6, 3, mode, stride=stride, dilation=dilation, centre=2)
        c = correlation_geometry(6, 3, mode, stride=stride, dilation=dilation, centre=2)
        assert {(o, 2 - k, i) for o, k, i in triples(c)} == triples(g)


def test_reach_is_what_an_extension_must_supply():
    g = convolution_geometry(5, 4, "same", centre=1)
    assert g.reach() == (2, 1)
    assert g.extended(2, 1).reach() == (0, 0)
    assert convolution_geometry(5, 4, "valid").reach() == (0, 0)


def test_geometry_prints_itself():
    assert str(Geometry(1, 2, 3)) == "Geometry(n_out=1, n_kernel=2, n_in=3, stride=1, step=-1, spread=1, offset=0)"


def test_geometry_is_hashable_and_frozen():
    g = Geometry(1, 2, 3)
    assert {g: 1}[Geometry(1, 2, 3)] == 1
    with pytest.raises(AttributeError):
        g.stride = 2  # pyright: ignore[reportAttributeAccessIssue]


def test_source_index_serves_integers_and_arrays_alike():
    for padding in (taps.REFLECT, taps.SYMMETRIC, taps.REPLICATE, taps.CIRCULAR):
        for n in (1, 2, 5):
            i = np.arange(-23, 24)
            assert taps.source_index(i, n, padding).tolist() == [taps.source_index(int(j), n, padding) for j in i]
