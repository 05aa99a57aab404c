"""Plans: a call checked, laid out and priced before there are samples, and applied as often as there are."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from . import arguments as parse
from .arrays import on_cpu
from .explain import explanation
from .layout import Layout, Words, laid_out, lay_out_bank, lay_out_filter
from .prepared import ON_CPU, bind, recent_filter
from .residence import on_gpu

_MODES = {1: "full", 2: "full", 3: "same", 4: "same"}
_OWN = {1: ("axis", -1), 2: ("axes", (-2, -1)), 3: ("groups", 1), 4: ("groups", 1)}


def plan(x_shape: tuple[int, ...], h_shape: tuple[int, ...], dtype: DTypeLike, **keywords: Any) -> "Plan":
    """Plan a convolution of arrays of these shapes: `convolve`, `convolve2d` or `convolve_bank`.

    Parameters
    ----------
    x_shape : tuple of int
        Shape of the signals.
    h_shape : tuple of int
        Shape of the response; its rank says which function is meant: (K,) `convolve`, (KH, KW) `convolve2d`,
        (M, C/groups, K) and (M, C/groups, KH, KW) `convolve_bank`.
    dtype : dtype
        Of signals and response.
    **keywords
        Those of that function, with its defaults, except `out` and `order`; and `device`, "cpu" or "gpu", where the
        arrays will lie. What runs on a GPU can be planned without one.

    Returns
    -------
    Plan

    Raises
    ------
    ValueError, TypeError
        As the function, and for a keyword that it does not have.

    Examples
    --------
    >>> import numpy as np, ltisys as lti
    >>> plan = lti.plan((4, 48000), (1024,), np.float32, mode="same")
    >>> plan.method, plan.y_shape
    ('fft', (4, 48000))
    >>> smooth = plan.bind(np.full(1024, 1 / 1024, np.float32))
    >>> smooth(np.ones((4, 48000), np.float32)).shape
    (4, 48000)
    """
    x_shape, h_shape = _shape("x_shape", x_shape), _shape("h_shape", h_shape)
    rank = len(h_shape)
    if rank not in _OWN:
        raise ValueError(
            f"the rank of h says what is planned, 1 convolve, 2 convolve2d, 3 or 4 convolve_bank; got h_shape={h_shape}"
        )
    words = Words(mode=_MODES[rank])._asdict()
    del words["correlation"]
    own, where = _OWN[rank]
    device = keywords.pop("device", "cpu")
    if device not in ("cpu", "gpu"):
        raise ValueError(f"unknown device {device!r}: use 'cpu' or 'gpu'")
    for name, given in keywords.items():
        if name == own:
            where = given
        elif name in words:
            words[name] = given
        else:
            raise TypeError(f"this plan takes the keywords {', '.join(words)}, device and {own}, got {name!r}")
    x, h = (np.broadcast_to(np.zeros((), dtype), shape) for shape in (x_shape, h_shape))
    lay_out = lay_out_filter if rank <= 2 else lay_out_bank
    layout = laid_out(lay_out, x, h, tuple(words.values()), where)
    if device == "gpu":
        from .cuda.choice import on_device

        layout = on_device(layout)
    return Plan(x_shape, h_shape, np.dtype(dtype), layout, device)


def _shape(name: str, given: Any) -> tuple[int, ...]:
    if not isinstance(given, tuple | list):
        raise TypeError(f"{name} must be a tuple of integers, got {given!r}")
    return tuple(parse.quantity(f"each length in {name}", n, least=0) for n in given)


@dataclass(frozen=True, eq=False, repr=False)
class Plan:
    """A convolution of arrays of fixed shapes, checked, laid out and priced; `plan` makes one.

    Attributes
    ----------
    x_shape, h_shape : tuple of int
        What it takes.
    dtype : dtype
        Of both.
    device : str
        Where the samples lie, "cpu" or "gpu".

    Examples
    --------
    >>> import numpy as np, ltisys as lti
    >>> plan = lti.plan((4,), (3,), np.float64)
    >>> plan([1, 0, 0, 2], [3, 2, 1])
    array([3., 2., 1., 6., 4., 2.])
    >>> plan
    Plan((4,) * (3,) -> (6,), float64, method='direct')
    """

    x_shape: tuple[int, ...]
    h_shape: tuple[int, ...]
    dtype: np.dtype
    _layout: Layout
    device: str = "cpu"

    @property
    def y_shape(self) -> tuple[int, ...]:
        """Shape of the result."""
        return self._layout.result_shape

    @property
    def method(self) -> str:
        """The method that runs; of images the one for kernels in general, sums of outer products may have a better."""
        return self._layout.method

    def bind(self, h: ArrayLike) -> "Filter":
        """Return the plan with a response: all that follows from it is computed now, and never again.

        Raises
        ------
        ValueError, TypeError
            For another shape or dtype, and for a forced method that cannot apply to this response.
        """
        if self.device == "gpu":
            from .cuda.prepared import FilterOnDevice

            return Filter(self, FilterOnDevice(self._layout, self.x_shape, self._response(h)))
        return Filter(self, bind(self._layout, self._checked("h", h, self.h_shape)))

    def __call__(self, x: ArrayLike, h: ArrayLike, *, out: np.ndarray | None = None) -> np.ndarray:
        """Return the convolution of x and h."""
        if self.device == "gpu":
            return self.bind(h)(x, out=out)
        x, h = self._checked("x", x, self.x_shape), self._checked("h", h, self.h_shape)
        return recent_filter(self._layout, h)(x, out)

    def explain(self) -> str:
        """Say which method runs and why: what each would cost on one core, the workspace, the bound on the error.

        Examples
        --------
        >>> import numpy as np, ltisys as lti
        >>> print(lti.plan((4,), (3,), np.int64).explain())
        Plan((4,) * (3,) -> (6,), int64, method='direct')
        method: direct, which is exact for integers without further conditions
        workspace: about 8.19 KB
        error: none, the result is exact or refused
        """
        return f"{self!r}\n{self._explanation()}"

    def _explanation(self) -> str:
        if self.device == "gpu":
            from .cuda import choice

            return choice.explanation(self._layout)
        return explanation(self._layout)

    def _response(self, h: Any) -> Any:
        """Return a response for the device: it may lie there, or in main memory."""
        return h if on_gpu(h) else self._checked("h", h, self.h_shape)

    def __repr__(self) -> str:
        return f"Plan({self.x_shape} * {self.h_shape} -> {self.y_shape}, {self.dtype}, method={self.method!r})"

    def _checked(self, name: str, given: ArrayLike, shape: tuple[int, ...]) -> np.ndarray:
        array = on_cpu(name, given if hasattr(given, "dtype") else np.asarray(given, self.dtype))
        if array.shape != shape:
            raise ValueError(f"this plan takes {name} of shape {shape}, got {array.shape}")
        if array.dtype != self.dtype:
            if not np.can_cast(array.dtype, self.dtype):
                raise TypeError(f"this plan takes {name} of dtype {self.dtype}, got {array.dtype}: convert it first")
            array = array.astype(self.dtype)
        return array


@dataclass(frozen=True, eq=False, repr=False)
class Filter:
    """A plan with its response: `plan.bind(h)` makes one, ``filter(x)`` applies it.

    Attributes
    ----------
    plan : Plan
        What it came from.

    Examples
    --------
    >>> import numpy as np, ltisys as lti
    >>> difference = lti.plan((4,), (2,), np.float64, mode="valid").bind([1, -1])
    >>> difference([1, 4, 9, 16])
    array([3., 5., 7.])
    """

    plan: Plan
    _prepared: Any

    @property
    def method(self) -> str:
        """The method that runs for this response."""
        return self._prepared.bound.operator.method if isinstance(self._prepared, ON_CPU) else self.plan.method

    def __call__(self, x: ArrayLike, *, out: np.ndarray | None = None) -> np.ndarray:
        """Return the response applied to x.

        Parameters
        ----------
        x : array_like
            Of the plan's shape and dtype.
        out : ndarray, optional
            Where to write the result; it must have its shape and dtype.
        """
        if not isinstance(self._prepared, ON_CPU):
            return self._prepared(x, out)
        return self._prepared(self.plan._checked("x", x, self.plan.x_shape), out)

    def explain(self) -> str:
        """Say which method runs for this response and why; see `Plan.explain`."""
        if not isinstance(self._prepared, ON_CPU):
            return f"{self!r}\n{self.plan._explanation()}"
        return f"{self!r}\n{explanation(self._prepared.layout, self._prepared.bound)}"

    def __repr__(self) -> str:
        shapes = f"{self.plan.x_shape} * {self.plan.h_shape} -> {self.plan.y_shape}"
        return f"Filter({shapes}, {self.plan.dtype}, method={self.method!r})"
