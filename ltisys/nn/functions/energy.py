"""What a front end makes of a bank of filters: powers of pairs, and their running mean."""

import numpy as np

from ..graph import Array, Pullback, primitive


@primitive
def pair_power(x: Array) -> tuple[Array, Pullback]:
    """The squared modulus of pairs of channels: (B, 2M, ...) to (B, M, ...), y_k = x_k² + x_{M+k}².

    Examples
    --------
    >>> pair_power([[3.0, 4.0]])
    Variable([[25.]])
    """
    if x.ndim < 2 or x.shape[1] % 2:
        raise ValueError(f"pairs need an even number of channels along axis 1, got shape {x.shape}")
    pairs = x.reshape(len(x), 2, x.shape[1] // 2, *x.shape[2:])
    y = np.square(pairs[:, 0]) + np.square(pairs[:, 1])
    return y, lambda y_bar: ((2 * pairs * y_bar[:, np.newaxis]).reshape(x.shape),)


@primitive
def running_mean(x: Array, *, share: float) -> tuple[Array, Pullback]:
    """A recursive low-pass along the last axis: m[n] = (1 − s) m[n−1] + s x[n], which begins with m[0] = x[0].

    The error signal passes through the same recursion backwards in time: the adjoint of a filter is the filter with
    its response reversed.

    Examples
    --------
    >>> running_mean([1.0, 3.0, 3.0], share=0.5)
    Variable([1. , 2. , 2.5])
    """
    from scipy.signal import lfilter  # takes longer to load than the rest of the library, and few networks need it

    b, a = np.array([share], x.dtype), np.array([1, share - 1], x.dtype)
    y, _ = lfilter(b, a, x, zi=(1 - share) * x[..., :1])

    def pullback(y_bar: Array) -> tuple[Array]:
        x_bar = np.asarray(lfilter(b, a, y_bar[..., ::-1]), x.dtype)[..., ::-1]
        x_bar[..., 0] /= share  # the first sample counts whole
        return (x_bar,)

    return y.astype(x.dtype), pullback
