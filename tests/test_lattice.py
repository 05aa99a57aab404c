"""Both axes laid flat: every pair of the relation is a shift, and what a shift reads beyond the samples is zero."""

from hypothesis import given, settings
from hypothesis import strategies as st

from ltisys.convolution.geometry import Geometry
from ltisys.convolution.lattice import lattice_of

POINT = Geometry(1, 1, 1)


@st.composite
def geometries(draw):
    n_out, n_kernel, n_in = (draw(st.integers(1, 12)) for _ in range(3))
    step = draw(st.integers(1, 4)) * draw(st.sampled_from([-1, 1]))
    stride, spread, offset = draw(st.integers(1, 6)), draw(st.integers(1, 6)), draw(st.integers(-20, 20))
    return Geometry(n_out, n_kernel, n_in, stride, step, spread, offset)


@settings(max_examples=300)
@given(geometries())
def test_shifts_are_the_relation(g):
    """Two lines, one after the other, give each output exactly its pairs; everything else they read is a gap."""
    lattice = lattice_of(POINT, g)
    axis = lattice.columns
    stored = {}  # (plane, position) -> (line, input)
    for plane, (_, remainder) in enumerate(lattice.planes):
        for line in range(2):
            for position in range(axis.pitch):
                i = axis.d_i * (position + axis.first) + remainder
                if 0 <= i < g.n_in:
                    stored[plane, line * axis.pitch + position] = (line, i)
    found = set()
    for c in range(axis.d_o):
        for t in range(lattice.classes[c], lattice.classes[c + 1]):
            _, k, plane, _, shift = lattice.taps[t]
            for line in range(2):
                for cell in range(axis.n_cells):
                    o = axis.d_o * cell + c
                    read = stored.get((plane, line * axis.pitch + cell + shift))
                    if o < g.n_out and read is not None:
                        assert read[0] == line
                        found.add((line, o, int(k), int(read[1])))
    assert found == {
        (line, o, k, i)
        for line in range(2)
        for o in range(g.n_out)
        for k in range(g.n_kernel)
        for i in range(g.n_in)
        if g.stride * o + g.step * k == g.spread * i + g.offset
    }
    assert axis.n_meetings * 2 == len(found)
