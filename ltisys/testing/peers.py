"""The laws, run on the convolutions and correlations of well-known libraries."""

import warnings
from collections.abc import Callable
from importlib.util import find_spec
from typing import Any, NamedTuple, final

import numpy as np

from ..convolution import convolve, convolve_vjp, correlate
from .adjoints import assert_adjoint
from .laws import assert_commutative, assert_flip, assert_linear, assert_time_invariant

Operation = Callable[[np.ndarray, np.ndarray], Any]


@final
class Peer(NamedTuple):
    """A convolution and the correlation beside it; and what is offered, or taken for want of it, as the adjoint."""

    convolve: Operation
    correlate: Operation
    adjoint: Operation


@final
class Outcome(NamedTuple):
    """One law, for one of them: None if it holds, else the message of the assertion that failed."""

    peer: str
    law: str
    broken: str | None


def peers() -> dict[str, Peer]:
    """The convolutions, by how they are called; those of PyTorch only where it is installed."""
    from scipy import ndimage, signal

    def along(function: Callable[..., np.ndarray], mode: str) -> Operation:
        return lambda x, h: function(x, h, mode=mode)

    def image(function: Callable[..., np.ndarray]) -> Operation:
        return lambda x, h: function(x[None], h[None], "same")[0]

    def habit(convolve: Operation, correlate: Operation) -> Peer:
        return Peer(convolve, correlate, correlate)

    found = {
        "numpy, full; valid": Peer(np.convolve, along(np.correlate, "full"), along(np.correlate, "valid")),
        "numpy, same": habit(along(np.convolve, "same"), along(np.correlate, "same")),
        "scipy.signal, same": habit(along(signal.convolve, "same"), along(signal.correlate, "same")),
        "scipy.signal 2-D, same": habit(image(signal.convolve2d), image(signal.correlate2d)),
    }
    for word in ("constant", "reflect", "wrap"):
        found[f"scipy.ndimage, {word}"] = habit(along(ndimage.convolve1d, word), along(ndimage.correlate1d, word))
    found["ltisys, full; vjp"] = Peer(convolve, correlate, _backward("full", "zero"))
    for padding in ("zero", "symmetric"):
        found[f"ltisys, same, {padding}; vjp"] = Peer(
            lambda x, h, word=padding: convolve(x, h, "same", padding=word),
            lambda x, h, word=padding: correlate(x, h, "same", padding=word),
            _backward("same", padding),
        )
    return found | _torch() if find_spec("torch") else found


def outcomes() -> list[Outcome]:
    """Every law on every convolution."""
    return [
        Outcome(name, law, _failure(trial, peer)) for name, peer in peers().items() for law, trial in _laws().items()
    ]


def table() -> str:
    """The outcomes as a table in Markdown, and below it how each broken law was seen to be broken."""
    found = outcomes()
    verdicts = {(one.peer, one.law): "holds" if one.broken is None else "**broken**" for one in found}
    laws = list(_laws())
    rows = [["mode; adjoint, if not correlate", *laws], ["---"] * (len(laws) + 1)]
    rows += [[name, *(verdicts[name, law] for law in laws)] for name in dict.fromkeys(one.peer for one in found)]
    lines = [f"| {' | '.join(row)} |" for row in rows] + [""]
    return "\n".join(lines + [f"- {one.peer}: {one.broken}" for one in found if one.broken]) + "\n"


def _laws() -> dict[str, Callable[[Peer], None]]:
    x = np.array([1.0, 2.0, 3.0, 4.0, 6.0])
    odd, even = np.array([1.0, 2.0, 4.0]), np.array([1.0, 2.0, 4.0, 3.0])
    return {
        "commutative": lambda peer: assert_commutative(peer.convolve, x[:2], odd),
        "linear": lambda peer: assert_linear(peer.convolve),
        "time-invariant": lambda peer: assert_time_invariant(peer.convolve),
        "correlate is the flip, 3 taps": lambda peer: assert_flip(peer.correlate, peer.convolve, x, odd),
        "4 taps": lambda peer: assert_flip(peer.correlate, peer.convolve, x, even),
        "adjoint, 3 taps": lambda peer: _assert_adjoint(peer, x, odd),
        "adjoint, 4 taps": lambda peer: _assert_adjoint(peer, x, even),
    }


def _assert_adjoint(peer: Peer, x: np.ndarray, h: np.ndarray) -> None:
    y = (-1.0) ** np.arange(peer.convolve(x, h).size) + np.arange(peer.convolve(x, h).size)
    assert_adjoint(lambda x: peer.convolve(x, h), lambda y: peer.adjoint(y, h), x, y)


def _failure(trial: Callable[[Peer], None], peer: Peer) -> str | None:
    try:
        trial(peer)
    except AssertionError as error:
        return str(error)
    return None


def _backward(mode: Any, padding: str) -> Operation:
    """The gradient with respect to the signal as a function of (ȳ, h): it depends on nothing else."""

    def gradient(y_bar: np.ndarray, h: np.ndarray) -> np.ndarray:
        length = y_bar.size if mode == "same" else y_bar.size - h.size + 1
        return convolve_vjp(np.zeros(length), h, y_bar, mode, padding=padding)[0]

    return gradient


def _torch() -> dict[str, Peer]:
    """The layer of PyTorch correlates: it convolves with the flipped response. Its transpose is its backward pass."""
    import torch  # pyright: ignore[reportMissingImports]

    functional = torch.nn.functional

    def batched(array: np.ndarray) -> Any:
        return torch.from_numpy(np.array(array))[None, None]

    def same(x: np.ndarray, h: np.ndarray) -> np.ndarray:
        with warnings.catch_warnings():  # an even number of taps costs a copy, which is no law
            warnings.filterwarnings("ignore", "Using padding='same'", UserWarning)
            return functional.conv1d(batched(x), batched(h), padding="same").numpy()[0, 0]

    def transposed(y: np.ndarray, h: np.ndarray) -> np.ndarray:
        before = (h.size - 1) // 2
        return functional.conv_transpose1d(batched(y), batched(h[::-1])).numpy()[0, 0][before : before + y.size]

    return {"torch.conv1d, same; conv_transpose1d": Peer(lambda x, h: same(x, h[::-1]), same, transposed)}
