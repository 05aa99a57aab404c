from typing import Any

import numpy as np
import pytest
import scipy.signal

import ltisys as lti
from ltisys import FIR, IIR
from ltisys.systems import from_scipy, z

peer: Any = scipy.signal  # the types that checkers infer for it are often wrong

CAUSAL = [
    FIR([1, 2, 3]),
    FIR([1.0, 2.0], start=3),
    FIR([0, 0, 1.0]),
    FIR([1, 2], rate=8000),
    IIR([1, 0.5], [1, -0.5, 0.2], rate=44100),
    z**-2 / (1 - 0.5 * z**-1),
    IIR([1], [1, -0.5]) + FIR([1, 2]),
    IIR([1, 2], [3]),
    FIR([0]),
]


@pytest.mark.parametrize("S", CAUSAL, ids=repr)
def test_there_and_back(S):
    system = S.to_scipy()
    assert isinstance(system, peer.dlti)
    assert from_scipy(system) == S
    omega = np.linspace(0, 3, 20)
    dt = 1 if system.dt is True else system.dt
    np.testing.assert_allclose(system.freqresp(omega / dt * dt)[1], S.frequency_response(omega)[1], atol=1e-12)


@pytest.mark.parametrize("S", CAUSAL[:8], ids=repr)
def test_scipy_simulates_the_same(S):
    x = np.random.default_rng(0).normal(size=30)
    _, y = peer.dlsim(S.to_scipy(), x)[:2]
    np.testing.assert_allclose(S(x), np.ravel(y), atol=1e-12)


def test_every_way_in_which_scipy_describes_a_filter():
    b, a = peer.butter(3, 0.2)
    S = IIR(b, a)
    assert from_scipy((b, a)) == S
    assert from_scipy(peer.butter(3, 0.2, output="sos")) == S
    assert from_scipy(peer.butter(3, 0.2, output="zpk")) == S
    for system in (peer.dlti(b, a), peer.dlti(b, a).to_zpk(), peer.dlti(b, a).to_ss()):
        assert from_scipy(system) == S
    assert from_scipy(peer.dlti(b, a, dt=0.5)).rate == 2
    assert from_scipy(peer.dlti(b, a, dt=0.5), rate=3).rate == 3
    assert from_scipy(np.array([1, 2])) == FIR([1, 2])
    assert from_scipy(([1, 2], 2)) == FIR([0.5, 1])
    assert from_scipy(([0.5], [0, 0], 2)) == FIR([0, 2, -1])
    assert from_scipy((b, a), rate=8000).rate == 8000


def test_what_does_not_cross():
    with pytest.raises(ValueError, match="holds causal systems in time only, got FIR"):
        FIR([1, 2], start=-1).to_scipy()
    with pytest.raises(ValueError, match="holds causal systems in time only, got FIR"):
        FIR([[1, 2]]).to_scipy()
    with pytest.raises(TypeError, match=r"a filter is a dlti, taps, sections, .* got TransferFunctionContinuous"):
        from_scipy(peer.lti([1], [1, 1]))
    assert lti.delay(-1) * lti.delay(1) == FIR([1])
