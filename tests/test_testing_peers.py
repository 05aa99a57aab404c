"""What the laws say about NumPy and SciPy."""

import runpy

import pytest

from ltisys.testing import peers


@pytest.fixture(scope="module")
def broken():
    return {(one.peer, one.law) for one in peers.outcomes() if one.broken}


def test_full_convolution_breaks_no_law(broken):
    assert not {name for name, _ in broken} & {"numpy, full; valid", "ltisys, full; vjp"}


def test_an_even_number_of_taps_makes_correlate_same_no_adjoint(broken):
    for name in ("numpy, same", "scipy.signal, same"):
        assert (name, "adjoint, 4 taps") in broken
        assert (name, "adjoint, 3 taps") not in broken
        assert (name, "4 taps") not in broken


def test_the_other_camp_has_the_adjoint_and_not_the_flip(broken):
    for name in ("scipy.signal 2-D, same", "scipy.ndimage, constant", "scipy.ndimage, wrap"):
        assert (name, "adjoint, 4 taps") not in broken
        assert (name, "4 taps") in broken


def test_reflection_is_no_adjoint_of_itself(broken):
    assert {("scipy.ndimage, reflect", "adjoint, 3 taps"), ("scipy.ndimage, reflect", "adjoint, 4 taps")} <= broken


def test_only_what_keeps_the_length_of_x_is_not_commutative_here(broken):
    assert {law for name, law in broken if name.startswith("ltisys")} == {"commutative"}
    assert ("numpy, same", "commutative") not in broken


def test_nobody_breaks_linearity_or_time_invariance(broken):
    assert not {law for _, law in broken} & {"linear", "time-invariant"}


def test_pytorch_keeps_every_law_but_that_of_lengths():
    pytest.importorskip("torch")
    name, peer = next(iter(peers._torch().items()))
    broken = {law for law, trial in peers._laws().items() if peers._failure(trial, peer)}
    assert name.startswith("torch.conv1d")
    assert broken == {"commutative"}


def test_the_command_prints_the_table(capsys, monkeypatch):
    monkeypatch.setattr(peers, "find_spec", lambda name: None)
    runpy.run_module("ltisys.testing", run_name="__main__")
    printed = capsys.readouterr().out
    assert printed == peers.table()
    assert "| numpy, same | holds | holds | holds | holds | holds | holds | **broken** |" in printed
    assert "- numpy, same: not the adjoint: ⟨y, A x⟩ = 316, ⟨Aᴴ y, x⟩ = 361" in printed
