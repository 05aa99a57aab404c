"""The engine's public functions on arrays; their gradients stand in `gradients`."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from .arguments import Extent, Extents, Integers, Origin, Origins, Strings
from .arrays import filter_along, filter_bank, pair_of_axes


def convolve(
    x: ArrayLike,
    h: ArrayLike,
    mode: Extent = "full",
    *,
    padding: str = "zero",
    value: complex = 0,
    axis: int = -1,
    stride: int = 1,
    dilation: int = 1,
    origin: Origin = None,
    method: str = "auto",
    out: np.ndarray | None = None,
) -> np.ndarray:
    """Convolve x with the response h along one axis: y[n] = Σ_k h[k] x[n − k].

    Parameters
    ----------
    x : array_like, shape (..., N, ...)
        Signals along `axis`; any number of other axes.
    h : array_like, shape (K,)
        The unit sample response.
    mode : str or pair of int
        The wanted output indices: "full" (0 … N+K−2), "same" (as many as x has, from `origin` on), "valid" (only
        outputs that read no padding), or (before, after): the valid part of x extended by so many samples.
        With "valid" and K > N the roles are exchanged, as in NumPy.
    padding : str
        What x is outside its support: "zero", "constant", "reflect", "symmetric", "replicate" or "circular".
    value : scalar
        The constant of padding "constant".
    axis : int
        The axis of x to filter.
    stride : int
        Keep every stride-th output, starting with the first.
    dilation : int
        Distance between the taps of h.
    origin : None, str or int
        The position of the (dilated) response that is time 0 for mode "same": None or "numpy" → (K−1)//2,
        "ndimage" → K//2, "causal" → 0, or any integer.
    method : str
        "auto", "direct" or "fft". All agree within the numeric contract.
    out : ndarray, optional
        Where to write the result; it must have its shape and dtype.

    Returns
    -------
    ndarray, shape (..., N', ...)
        Of dtype `np.result_type(x, h)`; integers and booleans are computed exactly and returned as int64.

    Raises
    ------
    ValueError
        For an unknown word, a wrong rank, an empty operand or an empty result.
    TypeError
        For a dtype the engine does not compute.
    OverflowError
        If an integer result might not fit int64.

    Examples
    --------
    >>> import ltisys as lti
    >>> lti.convolve([3, 1, 2], [3, 2, 1])
    array([ 9,  9, 11,  5,  2])
    >>> lti.convolve([3.0, 1.0, 2.0], [0.5, 0.5], "same", padding="replicate")
    array([3. , 2. , 1.5])
    """
    return filter_along(x, h, (mode, padding, value, stride, dilation, origin, method), axis, out)


def correlate(
    x: ArrayLike,
    h: ArrayLike,
    mode: Extent = "full",
    *,
    padding: str = "zero",
    value: complex = 0,
    axis: int = -1,
    stride: int = 1,
    dilation: int = 1,
    origin: Origin = None,
    method: str = "auto",
    out: np.ndarray | None = None,
) -> np.ndarray:
    """Correlate x with h along one axis: exactly `convolve(x, conj(h[::-1]))`.

    Parameters
    ----------
    x : array_like, shape (..., N, ...)
        Signals along `axis`.
    h : array_like, shape (K,)
        The template; it is conjugated and not reversed.
    mode, padding, value, axis, stride, dilation, method, out
        As in `convolve`.
    origin : None, str or int
        The tap of h, counted as it was passed, that meets sample n in output n of mode "same". None, "numpy" and
        "ndimage" all mean K//2, as in those libraries; "causal" → 0.

    Returns
    -------
    ndarray, shape (..., N', ...)
        Of dtype `np.result_type(x, h)`, int64 for integers.

    Raises
    ------
    ValueError, TypeError, OverflowError
        As `convolve`.

    Examples
    --------
    >>> import ltisys as lti
    >>> lti.correlate([1, 2, 3, 4], [1, 0, 2], "valid")
    array([ 7, 10])
    """
    words = (mode, padding, value, stride, dilation, origin, method, True)
    return filter_along(x, h, words, axis, out)


def convolve2d(
    x: ArrayLike,
    h: ArrayLike,
    mode: Extents = "full",
    *,
    padding: Strings = "zero",
    value: complex = 0,
    axes: Sequence[int] = (-2, -1),
    stride: Integers = 1,
    dilation: Integers = 1,
    origin: Origins = None,
    method: str = "auto",
    out: np.ndarray | None = None,
) -> np.ndarray:
    """Convolve images with a kernel: y[m, n] = Σ_k Σ_l h[k, l] x[m − k, n − l].

    Parameters
    ----------
    x : array_like, shape (..., H, W)
        Images along `axes`; any number of other axes.
    h : array_like, shape (KH, KW)
        The kernel.
    mode : str, pair of int, or pair of pairs
        As in `convolve`; a pair (before, after) holds for both axes, a pair of pairs gives each axis its own.
        With "valid" the roles are exchanged if h is at least as large on both axes, as in SciPy.
    padding, stride, dilation, origin
        As in `convolve`; one value, or one per axis.
    value, out
        As in `convolve`.
    axes : pair of int
        The axes of x to filter.
    method : str
        "auto", "direct", "fft" or "separable" (sums of at most two outer products).

    Returns
    -------
    ndarray, shape (..., H', W')
        Of dtype `np.result_type(x, h)`, int64 for integers.

    Raises
    ------
    ValueError, TypeError, OverflowError
        As `convolve`.

    Examples
    --------
    >>> import ltisys as lti
    >>> lti.convolve2d([[1, 3, 1], [0, -1, 1], [2, 2, -1]], [[1, 2], [0, -1]])
    array([[ 1,  5,  7,  2],
           [ 0, -2, -4,  1],
           [ 2,  6,  4, -3],
           [ 0, -2, -2,  1]])
    """
    return filter_along(x, h, (mode, padding, value, stride, dilation, origin, method), pair_of_axes(axes), out)


def correlate2d(
    x: ArrayLike,
    h: ArrayLike,
    mode: Extents = "full",
    *,
    padding: Strings = "zero",
    value: complex = 0,
    axes: Sequence[int] = (-2, -1),
    stride: Integers = 1,
    dilation: Integers = 1,
    origin: Origins = None,
    method: str = "auto",
    out: np.ndarray | None = None,
) -> np.ndarray:
    """Correlate images with a kernel: exactly `convolve2d(x, conj(h[::-1, ::-1]))`.

    Parameters
    ----------
    x : array_like, shape (..., H, W)
        Images along `axes`.
    h : array_like, shape (KH, KW)
        The template; it is conjugated and not reversed.
    mode, padding, value, axes, stride, dilation, method, out
        As in `convolve2d`.
    origin
        As in `correlate`; one value, or one per axis.

    Returns
    -------
    ndarray, shape (..., H', W')
        Of dtype `np.result_type(x, h)`, int64 for integers.

    Raises
    ------
    ValueError, TypeError, OverflowError
        As `convolve`.

    Examples
    --------
    >>> import ltisys as lti
    >>> lti.correlate2d([[1, 2], [3, 4]], [[1, 0], [0, 1]], "valid")
    array([[5]])
    """
    words = (mode, padding, value, stride, dilation, origin, method, True)
    return filter_along(x, h, words, pair_of_axes(axes), out)


def convolve_bank(
    x: ArrayLike,
    bank: ArrayLike,
    mode: Extents = "same",
    *,
    padding: Strings = "zero",
    value: complex = 0,
    stride: Integers = 1,
    dilation: Integers = 1,
    groups: int = 1,
    origin: Origins = None,
    method: str = "auto",
    order: str = "K",
    out: np.ndarray | None = None,
) -> np.ndarray:
    """Apply a bank of filters to signals or images of several channels: y[b, m] = Σ_c bank[m, c] ∗ x[b, c].

    Parameters
    ----------
    x : array_like, shape (B, C, N) or (B, C, H, W)
        Batch, channels, and one or two axes.
    bank : array_like, shape (M, C//groups, K) or (M, C//groups, KH, KW)
        One response per map and channel: a true convolution.
    mode, padding, value, stride, dilation, origin
        As in `convolve` or `convolve2d`; "valid" never exchanges the roles.
    groups : int
        Cut channels and maps into so many independent banks; `groups=C` is depthwise.
    method : str
        "auto", "direct", "fft", "gemm", or, for 3×3 responses without stride and dilation, "winograd".
    order : str
        "K": the result may lie in memory as the engine likes; "C": contiguous.
    out : ndarray, optional
        Where to write the result.

    Returns
    -------
    ndarray, shape (B, M, N') or (B, M, H', W')
        Of dtype `np.result_type(x, bank)`, int64 for integers.

    Raises
    ------
    ValueError
        As `convolve`, and for channels, maps and groups that do not fit each other.
    TypeError, OverflowError
        As `convolve`.

    Examples
    --------
    >>> import numpy as np, ltisys as lti
    >>> x = np.arange(4.0).reshape(1, 1, 4)
    >>> lti.convolve_bank(x, [[[1.0, 1.0]], [[1.0, -1.0]]], "valid")
    array([[[1., 3., 5.],
            [1., 1., 1.]]])
    """
    words = (mode, padding, value, stride, dilation, origin, method)
    return filter_bank(x, bank, words, groups, out, order)
