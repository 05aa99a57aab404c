"""The computation graphs of the lectures, with the numbers printed there."""

import numpy as np
import pytest

from ltisys import nn
from ltisys.nn import functions as F

rng = np.random.default_rng(0)


def _grad(variable) -> np.ndarray:
    assert variable.grad is not None
    return variable.grad


def test_the_circuit_of_a_sum_and_a_product():
    x, y, z = nn.Variable(-2.0), nn.Variable(5.0), nn.Variable(-4.0)
    q = x + y
    f = q * z
    f.backward()
    assert (q.item(), f.item()) == (3, -12)
    assert [float(_grad(v)) for v in (q, x, y, z, f)] == [-4, -4, -4, 3, 1]


def test_the_sigmoid_circuit():
    w = [nn.Variable(value) for value in (2.0, -3.0, -3.0)]
    x = [nn.Variable(value) for value in (-1.0, -2.0)]
    s = w[0] * x[0] + w[1] * x[1] + w[2]
    f = F.sigmoid(s)
    f.backward()
    assert s.item() == 1
    assert round(f.item(), 2) == 0.73
    assert float(_grad(f)) == 1.0
    local = f.item() * (1 - f.item())  # the local gradient (1 − 0.73)·0.73
    assert float(_grad(s)) == pytest.approx(local) == pytest.approx(0.2, abs=0.005)
    assert [round(float(_grad(v)), 2) for v in (*w, *x)] == [-0.2, -0.39, 0.2, 0.39, -0.59]


def test_the_sigmoid_circuit_gate_by_gate_is_the_same():
    def circuit(squash):
        w = [nn.Variable(value) for value in (2.0, -3.0, -3.0)]
        f = squash(w[0] * -1.0 + w[1] * -2.0 + w[2])
        f.backward()
        return [f.item(), *(float(_grad(v)) for v in w)]

    by_gates = circuit(lambda s: 1 / (F.exp(-s) + 1))
    assert circuit(F.sigmoid) == pytest.approx(by_gates)


@pytest.mark.parametrize("t", [0.3, 1.0, 2.5])
def test_the_total_derivative_along_a_curve(t):
    time = nn.Variable(t)
    x, y = _cos(time), time * time
    f = y + F.exp(x * y)
    f.backward()
    a, b = np.cos(t), t**2
    expected = b * np.exp(a * b) * -np.sin(t) + (1 + a * np.exp(a * b)) * 2 * t
    assert float(_grad(time)) == pytest.approx(expected)
    assert float(_grad(x)) == pytest.approx(b * np.exp(a * b))
    assert float(_grad(y)) == pytest.approx(1 + a * np.exp(a * b))


@nn.graph.primitive
def _cos(x):
    return np.cos(x), lambda y_bar: (-np.sin(x) * y_bar,)


del nn.graph.PRIMITIVES["_cos"]  # only the library's own are all tested elsewhere


def test_logistic_least_squares():
    w, b, x, t = nn.Variable(0.5), nn.Variable(-0.2), 1.5, 1.0
    z = w * x + b
    y = F.sigmoid(z)
    loss = nn.squared_error(y.reshape(1), [t])
    assert loss.item() == nn.logistic_least_squares(z.reshape(1), [t]).item()
    loss.backward()
    sigma = 1 / (1 + np.exp(-(0.5 * 1.5 - 0.2)))
    y_bar = sigma - t
    z_bar = y_bar * sigma * (1 - sigma)
    assert float(_grad(y)) == pytest.approx(y_bar)
    assert float(_grad(z)) == pytest.approx(z_bar)
    assert (float(_grad(w)), float(_grad(b))) == pytest.approx((z_bar * x, z_bar))


def test_its_regularised_form_adds_what_both_paths_say():
    w, b, x, t, strength = nn.Variable(0.5), nn.Variable(-0.2), 1.5, 1.0, 0.1
    y = F.sigmoid(w * x + b)
    regulariser = w * w / 2
    loss = (y - t) ** 2 / 2 + strength * regulariser
    assert nn.l2_penalty([w], strength).item() == pytest.approx(strength * regulariser.item())
    loss.backward()
    sigma = 1 / (1 + np.exp(-(0.5 * 1.5 - 0.2)))
    assert float(_grad(regulariser)) == pytest.approx(strength)
    assert float(_grad(w)) == pytest.approx((sigma - t) * sigma * (1 - sigma) * x + strength * 0.5)


def test_the_two_layer_network_by_scalars_and_by_vectors():
    w1, w2 = rng.standard_normal((3, 2)), rng.standard_normal((2, 3))
    b1, b2, x, t = (rng.standard_normal(n) for n in (3, 2, 2, 2))
    by_vectors = [nn.Variable(value) for value in (w1, b1, w2, b2)]
    W1, B1, W2, B2 = by_vectors
    nn.squared_error((W2 @ F.sigmoid(W1 @ x + B1) + B2).reshape(1, 2), t[None]).backward()

    h = 1 / (1 + np.exp(-(w1 @ x + b1)))  # the lecture's equations, written out
    y_bar = w2 @ h + b2 - t
    z_bar = w2.T @ y_bar * h * (1 - h)
    for variable, expected in zip(by_vectors, (np.outer(z_bar, x), z_bar, np.outer(y_bar, h), y_bar), strict=True):
        np.testing.assert_allclose(_grad(variable), expected)

    scalars = [[[nn.Variable(v) for v in np.ravel(row)] for row in np.atleast_2d(a)] for a in (w1, b1, w2, b2)]
    S1, (c1,), S2, (c2,) = scalars
    hidden = [F.sigmoid(row[0] * x[0] + row[1] * x[1] + c) for row, c in zip(S1, c1, strict=True)]
    loss = nn.Variable(0.0)
    for row, c, goal in zip(S2, c2, t, strict=True):
        loss = loss + (row[0] * hidden[0] + row[1] * hidden[1] + row[2] * hidden[2] + c - goal) ** 2 / 2
    loss.backward()
    for given, variable in zip(scalars, by_vectors, strict=True):
        errors = np.array([[float(_grad(v)) for v in row] for row in given]).reshape(variable.shape)
        np.testing.assert_allclose(errors, _grad(variable))


def test_what_gates_do_to_an_error_signal():
    x, y = nn.Variable(3.0), nn.Variable(-5.0)
    (2.0 * (x + y)).backward()
    assert float(_grad(x)) == float(_grad(y)) == 2  # add distributes

    x, y = nn.Variable(3.0), nn.Variable(-5.0)
    (2.0 * (x * y)).backward()
    assert (float(_grad(x)), float(_grad(y))) == (-10, 6)  # multiply swaps

    x = nn.Variable(3.0)
    (2.0 * x + 7.0 * x).backward()
    assert float(_grad(x)) == 9  # copy sums

    pair = nn.Variable([3.0, -5.0])
    (2.0 * F.maxout(pair.reshape(1, 2), pieces=2).sum()).backward()
    assert _grad(pair).tolist() == [2, 0]  # max routes


def test_gradients_vanish_in_a_plain_deep_net_and_not_in_a_residual_one():
    def first_and_last(wrap) -> float:
        generator = np.random.default_rng(1)
        net = nn.Sequential(
            *(wrap(nn.Sequential(nn.Linear(20, 20, rng=generator), nn.Sigmoid())) for _ in range(20))
        ).astype(np.float64)
        x = generator.standard_normal((8, 20))
        (net(nn.Variable(x)) * generator.standard_normal((8, 20))).sum().backward()
        weights = [p for p in net.parameters() if p.ndim == 2]
        return float(np.linalg.norm(_grad(weights[0])) / np.linalg.norm(_grad(weights[-1])))

    assert first_and_last(lambda layer: layer) < 1e-6
    assert first_and_last(nn.Residual) > 1e-2


def test_two_convolutions_without_a_nonlinearity_are_one():
    first, second = rng.standard_normal((4, 2, 5)), rng.standard_normal((3, 4, 3))
    x = rng.standard_normal((1, 2, 30))
    twice = F.convolve_bank(F.convolve_bank(x, first, mode="full"), second, mode="full").value
    fused = np.zeros((3, 2, 7))
    for m, k, c in np.ndindex(3, 4, 2):
        fused[m, c] += np.convolve(second[m, k], first[k, c])
    np.testing.assert_allclose(F.convolve_bank(x, fused, mode="full").value, twice, atol=1e-12)


def test_a_graph_serves_once_and_says_so():
    x = nn.Variable(2.0, "x")
    loss = x * x
    loss.backward()
    with pytest.raises(ValueError, match="backward has already run through 'multiply': compute the loss again"):
        loss.backward()
