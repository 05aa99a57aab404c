"""Who takes part on a GPU: this library and its peers, from CuPy's arrays (B, C, H, W), (M, C, KH, KW) to outputs.

Libraries are imported by whoever is asked for them, so that one which is missing is a line in the table.
"""

from collections.abc import Callable, Mapping
from contextlib import contextmanager
from importlib import import_module
from typing import Any

import ltisys

from .gpu_cases import Case

lti: Any = ltisys
Candidate = Callable[[Any, Any, Any], Any]


def candidates(case: Case) -> Mapping[str, Candidate]:
    """Return candidates by name; each takes (x, bank, y_bar) and gives the outputs, or both gradients."""
    torch = {"torch, TF32 off": _torch(case, tf32=False), "torch, TF32 on": _torch(case, tf32=True)}
    if case.suite in ("banks", "gradients"):
        return {"ltisys": _bank(case), **torch}
    methods = ["auto", "direct", "fft", *(["separable"] if case.is_separable else [])]
    ours = {"ltisys" if m == "auto" else f"ltisys {m}": _filter(case, m) for m in methods}
    return {**ours, **_cupyx(case), **torch}


def _filter(case: Case, method: str) -> Candidate:
    def run(x, bank, _):
        if case.rank == 1:
            return lti.convolve(x[0, 0, 0], bank[0, 0, 0], "same", method=method).reshape(case.y)
        return lti.convolve2d(x[0, 0], bank[0, 0], "same", method=method).reshape(case.y)

    return run


def _bank(case: Case) -> Candidate:
    if case.is_gradient:
        return lambda x, bank, y_bar: lti.convolve_bank_vjp(x, bank, y_bar)
    return lambda x, bank, _: lti.convolve_bank(x, bank)


def _cupyx(case: Case) -> Mapping[str, Candidate]:
    def signal(name: str) -> Candidate:
        def run(x, bank, _):
            function = getattr(import_module("cupyx.scipy.signal"), name)
            one = (x[0, 0, 0], bank[0, 0, 0]) if case.rank == 1 else (x[0, 0], bank[0, 0])
            return function(*one, mode="same").reshape(case.y)

        return run

    def ndimage(x, bank, _):
        image = import_module("cupyx.scipy.ndimage")
        if case.rank == 1:
            return image.convolve1d(x[0, 0, 0], bank[0, 0, 0], mode="constant").reshape(case.y)
        return image.convolve(x[0, 0], bank[0, 0], mode="constant").reshape(case.y)

    names = ("fftconvolve", "oaconvolve") if case.rank == 1 else ("fftconvolve", "convolve2d")
    return {**{f"cupyx.scipy.signal.{name}": signal(name) for name in names}, "cupyx.scipy.ndimage": ndimage}


def _torch(case: Case, *, tf32: bool) -> Candidate:
    half = tuple((k - 1) // 2 for k in case.bank[2:])
    convolve, padding = ("conv1d", half[1:]) if case.rank == 1 else ("conv2d", half)

    def tensors(arrays):
        torch = import_module("torch")
        flat = [each[:, :, 0] if case.rank == 1 else each for each in arrays]
        return torch, [torch.as_tensor(each, device="cuda") for each in flat]

    def run(x, bank, y_bar):
        torch, (x, bank, y_bar) = tensors((x, bank, y_bar))
        bank = torch.flip(bank, list(range(2, bank.ndim)))  # its convolution is a correlation
        with _settings(torch, tf32), torch.no_grad():
            if not case.is_gradient:
                return getattr(torch.nn.functional, convolve)(x, bank, padding=padding).reshape(case.y)
            grad = torch.nn.grad
            x_bar = grad.conv2d_input(x.shape, bank, y_bar, padding=padding)
            return x_bar, torch.flip(grad.conv2d_weight(x, bank.shape, y_bar, padding=padding), [2, 3])

    return run


@contextmanager
def _settings(torch: Any, tf32: bool):
    torch.backends.cudnn.allow_tf32 = torch.backends.cuda.matmul.allow_tf32 = tf32
    torch.backends.cudnn.benchmark = True
    yield
