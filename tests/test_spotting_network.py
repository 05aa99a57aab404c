"""The scanning network: its size, what it sees, and that it is padded along the bands alone."""

import numpy as np
import pytest

from ltisys import nn
from ltisys.spotting.network import scanning_network


def test_size_and_cost_stay_within_what_a_small_device_has():
    net = scanning_network()
    second = nn.macs(net, (1, 40, 98 + 1000)) - nn.macs(net, (1, 40, 98))
    assert net.n_parameters <= 150_000
    assert second <= 10 * 10e6  # ten seconds at ten million multiply-adds a second


@pytest.mark.parametrize(("bands", "width"), [(40, 1.0), (24, 0.5), (64, 0.1)])
def test_a_longer_clip_gives_the_columns_of_its_windows(bands, width):
    body = scanning_network(bands, 5, width=width, seed=1)[:-3]
    x = np.random.default_rng(0).standard_normal((1, bands, 97 + 8 * 4)).astype(np.float32)
    columns = body.predict(x)
    assert columns.shape[-1] == 5
    for k in range(5):
        np.testing.assert_allclose(
            columns[..., k], body.predict(x[..., 8 * k : 8 * k + 97])[..., 0], rtol=2e-3, atol=1e-5
        )


def test_the_seed_decides_the_weights():
    first, again, other = (scanning_network(seed=seed).parameters()[0].value for seed in (0, 0, 1))
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)


@pytest.mark.parametrize(
    ("options", "message"),
    [({"bands": 20}, "bands must be a multiple of 8, got 20"), ({"width": 0}, "width must be positive, got 0")],
)
def test_what_makes_no_network_is_refused(options, message):
    with pytest.raises(ValueError, match=message):
        scanning_network(**options)
