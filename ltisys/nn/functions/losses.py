"""What a loss adds to the graph, fused so that it cannot overflow."""

import numpy as np

from ..graph import Array, Pullback, primitive


@primitive
def softmax_cross_entropy(logits: Array, *, targets: Array) -> tuple[Array, Pullback]:
    """The mean over the batch of −Σ_c targets_c log softmax(logits)_c.

    Softmax and logarithm together keep large logits exact, and the error signal is (softmax − targets) / B.

    Parameters
    ----------
    logits : array (B, C)
        Scores before softmax.
    targets : array (B, C)
        Probabilities, each row summing to 1.

    Examples
    --------
    >>> import numpy as np
    >>> round(softmax_cross_entropy([[1.0, 1.0]], targets=np.array([[1.0, 0.0]])).item(), 4)
    0.6931
    """
    shifted = logits - logits.max(axis=1, keepdims=True)
    exponentials = np.exp(shifted)
    total = exponentials.sum(axis=1, keepdims=True)
    loss = (np.log(total).sum() - np.einsum("bc,bc->", targets, shifted)) / len(logits)

    def pullback(loss_bar: Array) -> tuple[Array]:
        return ((exponentials / total - targets) * (loss_bar / len(logits)),)

    return loss, pullback


@primitive
def half_squared_distance(y: Array, t: Array) -> tuple[Array, Pullback]:
    """The mean over the batch of ½ Σ (y − t)².

    Examples
    --------
    >>> half_squared_distance([[3.0, 4.0]], [[0.0, 0.0]]).item()
    12.5
    """
    difference = np.subtract(y, t)
    batch = len(difference) if difference.ndim else 1
    loss = np.sum(difference * difference) / (2 * batch)

    def pullback(loss_bar: Array) -> tuple:
        error = difference * (loss_bar / batch)
        return error, lambda: -error

    return loss, pullback
