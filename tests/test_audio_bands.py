"""Band energies against the product with the matrix."""

import numpy as np
import pytest

from ltisys.audio.bands import FRAMES, band_energies, bands_of


@pytest.mark.parametrize("frames", [1, FRAMES - 1, FRAMES, 2 * FRAMES + 3])
def test_energies_are_the_matrix_times_the_power_wherever_they_are_put(frames):
    rng = np.random.default_rng(frames)
    matrix = np.array([[0, 1.0, 2, 0, 0], [0, 0, 3, 0, 1], [5, 0, 0, 0, 0]])
    spectra = (rng.standard_normal((2, frames, 5)) + 1j * rng.standard_normal((2, frames, 5))).astype(np.complex64)
    out = np.full((3, 3, frames + 4), -1, np.float32)
    band_energies(spectra, *bands_of(matrix), np.float32(0.5), out, 1, 2)
    wanted = 0.5 + matrix @ (np.abs(spectra) ** 2).swapaxes(1, 2)
    np.testing.assert_allclose(out[1:, :, 2:-2], wanted, rtol=1e-5)
    out[1:, :, 2:-2] = -1
    assert (out == -1).all()


def test_a_frame_is_the_same_in_any_company():
    rng = np.random.default_rng(0)
    spectra = (rng.standard_normal((1, 40, 5)) + 1j * rng.standard_normal((1, 40, 5))).astype(np.complex64)
    bands = bands_of(np.array([[0.1, 0.7, 0.3, 0.9, 0.2]]))
    together, alone = np.empty((2, 1, 1, 40), np.float32)
    band_energies(spectra, *bands, np.float32(1e-6), together, 0, 0)
    for m in range(40):
        band_energies(spectra[:, m : m + 1], *bands, np.float32(1e-6), alone, 0, m)
    np.testing.assert_array_equal(alone, together)
