"""Normalisation across neighbouring channels, as AlexNet had it before batch normalisation."""

from ..devices import as_array
from ..graph import Array, Pullback, primitive


@primitive
def local_response_norm(
    x: Array, *, size: int, alpha: float = 1e-4, beta: float = 0.75, k: float = 1.0
) -> tuple[Array, Pullback]:
    """y_c = x_c / d_c^β with d_c = k + α/size · Σ x_j² over the ``size`` channels around c, zeros outside.

    With s_c = ȳ_c x_c d_c^{−β−1}: x̄_c = ȳ_c d_c^{−β} − 2αβ/size · x_c Σ s_j over the channels j that c is near to.

    Parameters
    ----------
    x : array (B, C, ...)
        Activations.
    size : int
        Channels in a neighbourhood: size // 2 before c, (size − 1) // 2 after.
    alpha, beta, k : float
        As in the equation.

    References
    ----------
    Krizhevsky et al., ImageNet Classification with Deep Convolutional Neural Networks, 2012, section 3.3 (whose α is
    ours divided by size).

    Examples
    --------
    >>> local_response_norm([[3.0, 4.0]], size=2, alpha=2.0, beta=1.0, k=0.0).value.round(4)
    array([[0.3333, 0.16  ]])
    """
    x = as_array(x)
    before, after = size // 2, (size - 1) // 2
    d = k + alpha / size * _neighbourhood_sum(x * x, before, after)
    gain = d**-beta

    def pullback(y_bar: Array) -> tuple[Array]:
        shared = _neighbourhood_sum(y_bar * x * gain / d, after, before)
        return (y_bar * gain - (2 * alpha * beta / size) * x * shared,)

    return x * gain, pullback


def _neighbourhood_sum(x: Array, before: int, after: int) -> Array:
    """The sum over the channels from ``before`` in front of each one to ``after`` behind it."""
    total = x.copy()
    channels = x.shape[1]
    for shift in range(1, min(before, channels - 1) + 1):
        total[:, shift:] += x[:, :-shift]
    for shift in range(1, min(after, channels - 1) + 1):
        total[:, :-shift] += x[:, shift:]
    return total
