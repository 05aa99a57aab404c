"""A stand-in for CuPy: arrays that behave as those on a GPU do, around arrays of NumPy, so that a CPU can tell on us.

It is as strict as CuPy 14 where that counts: nothing becomes an array of NumPy by itself, operations do not mix arrays
of both kinds, every result is an array of its own, also one without axes, and only the functions in `FUNCTIONS`
exist, which are some of those that CuPy has (`tests/test_standin.py` compares).
"""

import sys
from types import ModuleType
from typing import Any

import numpy as np

FUNCTIONS = frozenset(
    [
        "absolute",
        "add",
        "allclose",
        "argmax",
        "array",
        "array2string",
        "asarray",
        "ascontiguousarray",
        "broadcast_to",
        "concatenate",
        "copyto",
        "count_nonzero",
        "divide",
        "einsum",
        "empty_like",
        "equal",
        "exp",
        "expand_dims",
        "expm1",
        "flip",
        "greater",
        "greater_equal",
        "isfinite",
        "less",
        "less_equal",
        "lib.stride_tricks.sliding_window_view",
        "log",
        "logical_and",
        "matmul",
        "max",
        "maximum",
        "mean",
        "minimum",
        "moveaxis",
        "multiply",
        "negative",
        "not_equal",
        "ones_like",
        "pad",
        "power",
        "put_along_axis",
        "reshape",
        "result_type",
        "shape",
        "sign",
        "split",
        "sqrt",
        "square",
        "squeeze",
        "stack",
        "subtract",
        "sum",
        "swapaxes",
        "take_along_axis",
        "tanh",
        "transpose",
        "where",
        "zeros_like",
        "bitwise_and",
        "bitwise_or",
        "invert",
    ]
)
"""What the stand-in has, and what this library may use of CuPy in learning."""

INTO = ("array", "asarray", "ascontiguousarray")  # the explicit ways up to the device


class ndarray(np.lib.mixins.NDArrayOperatorsMixin):
    """An array that says it lies on a GPU."""

    __module__ = "cupy"

    def __init__(self, numbers: Any) -> None:
        self.numbers = np.asarray(numbers)

    # what CuPy's arrays refuse

    def __array__(self, *_: Any, **__: Any) -> np.ndarray:
        raise TypeError("Implicit conversion to a NumPy array is not allowed. Please use `.get()`.")

    # how NumPy's words reach this library

    def __array_function__(self, func: Any, types: Any, args: Any, kwargs: Any) -> Any:
        name = ".".join([*func.__module__.split(".")[1:], func.__name__])
        if not all(issubclass(kind, ndarray | np.ndarray) for kind in types):
            return NotImplemented
        refuse_unknown(name)
        return wrapped(func(*own(args, mixed=name in INTO), **own(kwargs)))

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, out: Any = None, **kwargs: Any) -> Any:
        refuse_unknown(ufunc.__name__)
        if method != "__call__":
            return NotImplemented
        if out is None:
            return wrapped(ufunc(*own(inputs), **kwargs))
        (target,) = out
        ufunc(*own(inputs), out=own(target), **kwargs)
        return target

    # what else is there

    __cuda_array_interface__ = property(lambda self: self.numbers.__array_interface__)
    shape = property(lambda self: self.numbers.shape)
    ndim = property(lambda self: self.numbers.ndim)
    size = property(lambda self: self.numbers.size)
    dtype = property(lambda self: self.numbers.dtype)
    flags = property(lambda self: self.numbers.flags)
    T = property(lambda self: ndarray(self.numbers.T))
    mT = property(lambda self: ndarray(self.numbers.mT))

    def __len__(self) -> int:
        return len(self.numbers)

    def __iter__(self) -> Any:
        return iter([ndarray(each) for each in self.numbers])

    def __bool__(self) -> bool:
        return bool(self.numbers)

    def __float__(self) -> float:
        return float(self.numbers)

    def __getitem__(self, key: Any) -> Any:
        return ndarray(self.numbers[own(key)])

    def __setitem__(self, key: Any, value: Any) -> None:
        self.numbers[own(key)] = own(value)

    def get(self) -> np.ndarray:
        """Copy to main memory."""
        return self.numbers.copy()

    def item(self) -> Any:
        """Copy the only element to main memory."""
        return self.numbers.item()


def _method(name: str) -> Any:
    def method(self: ndarray, *args: Any, **kwargs: Any) -> Any:
        return wrapped(getattr(self.numbers, name)(*own(args), **own(kwargs)))

    return method


for _name in (
    "all",
    "any",
    "argmax",
    "astype",
    "copy",
    "max",
    "mean",
    "min",
    "ravel",
    "reshape",
    "squeeze",
    "sum",
    "swapaxes",
    "transpose",
):
    setattr(ndarray, _name, _method(_name))


def refuse_unknown(name: str) -> None:
    if name not in FUNCTIONS:
        raise TypeError(f"the stand-in has no {name}: does CuPy?")


def own(value: Any, *, mixed: bool = False) -> Any:
    """Return NumPy's arrays behind ours; refuse those that lie in main memory, as CuPy does."""
    if isinstance(value, ndarray):
        return value.numbers
    if isinstance(value, tuple | list):
        return type(value)(own(each, mixed=mixed) for each in value)
    if isinstance(value, dict):
        return {name: own(each, mixed=mixed) for name, each in value.items()}
    if isinstance(value, np.ndarray) and not mixed:
        raise TypeError(f"Unsupported type {type(value)}")
    return value


def wrapped(value: Any) -> Any:
    if isinstance(value, np.ndarray | np.generic):
        return ndarray(value)
    return type(value)(map(wrapped, value)) if isinstance(value, tuple | list) else value


def asarray(value: Any) -> Any:
    """Copy to the device what does not lie there."""
    return value if isinstance(value, ndarray) else ndarray(np.array(value))


class Prepared:
    """The engine's `cuda.prepared` on stand-ins: the CPU's results, and a refusal of what lies in main memory."""

    def __init__(self, x: ndarray, bank: ndarray, words: Any, groups: int) -> None:
        from ltisys.convolution.layout import laid_out, lay_out_bank
        from ltisys.convolution.prepared import bind

        x, self.bank = own(x), own(bank)
        self.prepared = bind(laid_out(lay_out_bank, x, self.bank, words, groups), self.bank, copy=False)

    def __call__(self, x: ndarray) -> ndarray:
        return ndarray(np.ascontiguousarray(self.prepared(own(x), order="C")))

    def arranged(self, x: ndarray) -> ndarray:
        return x

    def wrt_input(self, x: ndarray, y_bar: ndarray) -> ndarray:
        return ndarray(self.prepared.wrt_input(own(x), own(y_bar)))

    def wrt_kernel(self, x: ndarray, y_bar: ndarray, h: ndarray) -> ndarray:
        return ndarray(self.prepared.wrt_kernel(own(x), own(y_bar), own(h)))


def install(monkeypatch: Any) -> None:
    """Let `import cupy` and the engine's device find the stand-in."""
    cupy, prepared = ModuleType("cupy"), ModuleType("ltisys.convolution.cuda.prepared")
    vars(cupy).update(ndarray=ndarray, asarray=asarray, is_available=lambda: True)
    vars(prepared).update(prepare_bank=Prepared)
    monkeypatch.setitem(sys.modules, "cupy", cupy)
    monkeypatch.setitem(sys.modules, prepared.__name__, prepared)
    import ltisys.convolution.cuda as package

    monkeypatch.setattr(package, "prepared", prepared, raising=False)
