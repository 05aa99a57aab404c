"""How fast the response of recursive sections dies out."""

import numpy as np


class Decay:
    """A bound on how much of h[n] is left after n samples, for stable sections.

    After the unit sample has passed, h[n] = C Aⁿ⁻¹ s for the state matrix A of the sections, their output row C and the
    state s that the unit sample left behind. With m so large that ‖Aᵐ‖ < 1,
    Σ_{k ≥ 0} ‖C Aᵏ‖ ≤ ‖C‖ Σ_{k < m} ‖Aᵏ‖ / (1 - ‖Aᵐ‖), and squaring bounds the sum: the one up to 2m is at most
    (1 + ‖Aᵐ‖) times the one up to m. What is left from n on is at most that times ‖Aⁿ⁻¹ s‖.
    """

    def __init__(self, sos: np.ndarray) -> None:
        from scipy.signal import sosfilt

        sos = sos.copy()  # sosfilt refuses read-only sections
        order = 2 * len(sos)
        states = np.eye(order, dtype=sos.dtype).reshape(order, len(sos), 2).swapaxes(0, 1)
        output, moved = sosfilt(sos, np.zeros((order, 1)), zi=states)
        first, left = sosfilt(sos, np.ones(1), zi=np.zeros((len(sos), 2), sos.dtype))
        self.first = float(abs(first[0]))
        self._state = left.reshape(order)
        self._powers = [moved.swapaxes(0, 1).reshape(order, order).T]  # A, A², A⁴, ...
        gain = float(np.linalg.norm(output))
        while (norm := float(np.linalg.norm(self._powers[-1], 2))) > 0.5:
            if len(self._powers) > 40 or norm > 1e100:
                raise ValueError("the response does not die out: a pole lies on or beyond the unit circle, or all but")
            gain *= 1 + norm
            self._powers.append(self._powers[-1] @ self._powers[-1])
        self._gain = gain / (1 - norm)

    def rest(self, length: int) -> float:
        """A bound on Σ_{n ≥ length} |h[n]|."""
        if length == 0:
            return self.first + self.rest(1)
        state, steps = self._state, length - 1
        for power in self._powers:
            state = power @ state if steps & 1 else state
            steps >>= 1
        for _ in range(steps):
            state = self._powers[-1] @ (self._powers[-1] @ state)
        return self._gain * float(np.linalg.norm(state))

    def length(self, tol: float) -> int:
        """A number of samples after which at most `tol` is left; about the smallest."""
        if self.rest(0) <= tol:
            return 0
        high = 1
        while self.rest(high) > tol:
            high *= 2
        low = high // 2
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if self.rest(middle) > tol else (low, middle)
        return high
