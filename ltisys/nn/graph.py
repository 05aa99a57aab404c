"""The computation graph: variables, and the error signals that flow back through them.

A loss L is a graph of variables v. Its error signals v̄ = ∂L/∂v follow from the chain rule in reverse topological
order, v̄_i = Σ_{j ∈ children(i)} v̄_j ∂v_j/∂v_i: every node is visited once, after all that it feeds.

A primitive is a rule that takes arrays and returns the pair (value, pullback), written side by side. The pullback maps
the error signal of the value to those of the arguments. Rules know nothing of the graph; ``primitive`` lifts them.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, Self, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..convolution.residence import on_gpu
from .devices import as_array

Array: TypeAlias = NDArray[Any]
Error: TypeAlias = "Array | Callable[[], Array] | None"
Pullback: TypeAlias = Callable[[Array], tuple[Error, ...]]
Rule: TypeAlias = Callable[..., tuple[Array, Pullback]]

PRIMITIVES: dict[str, Callable[..., "Variable"]] = {}
"""Every primitive by its name, so that a test of all gradients can miss none."""

_recording: ContextVar[bool] = ContextVar("recording", default=True)


class Variable:
    """A node of the computation graph: an array, and after ``backward`` its error signal.

    Parameters
    ----------
    value : array_like
        Real numbers, in main memory or, as CuPy's, on a GPU. float32 and float64 are kept, integers become float64.
    name : str
        A word for error messages and pictures.

    Attributes
    ----------
    value : numpy.ndarray or cupy.ndarray
        The numbers. Everything computed from numbers on a GPU lies there, too.
    grad : array or None
        The error signal ∂L/∂value, of the same shape and dtype. Variables that were not computed from others (inputs,
        parameters) add up the error signals of several calls of ``backward`` until it is set to None.
    name : str
        As given.
    operation : str
        The primitive that computed it, ``""`` for one made by hand.
    parents : tuple
        The arguments of that primitive, None where one was a constant.

    Raises
    ------
    TypeError
        If the value is not an array of real numbers.

    Examples
    --------
    The circuit f = (x + y)·z of the lecture:

    >>> x, y, z = Variable(-2.0), Variable(5.0), Variable(-4.0)
    >>> f = (x + y) * z
    >>> f.backward()
    >>> float(f.value), float(x.grad), float(y.grad), float(z.grad)
    (-12.0, -4.0, -4.0, 3.0)
    """

    __slots__ = ("_pullback", "grad", "name", "operation", "parents", "value")
    __array_ufunc__ = None  # array + variable is then ours to compute

    def __init__(self, value: ArrayLike, name: str = "") -> None:
        array = value if type(value) is np.ndarray else as_array(value)
        if array.dtype.kind in "biu":
            array = array.astype(np.float64)
        if array.dtype.kind != "f":
            raise TypeError(f"a Variable holds real numbers, got dtype {array.dtype}")
        self.value: Array = array
        self.grad: Array | None = None
        self.name = name
        self.operation = ""
        self.parents: tuple[Variable | None, ...] = ()
        self._pullback: Pullback | None = None

    @classmethod
    def _computed(
        cls, value: Array, operation: str, parents: tuple["Variable | None", ...], pullback: Pullback
    ) -> Self:
        node = cls(value)
        node.operation, node.parents, node._pullback = operation, parents, pullback
        return node

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of the value."""
        return self.value.shape

    @property
    def ndim(self) -> int:
        """The number of axes of the value."""
        return self.value.ndim

    @property
    def dtype(self) -> np.dtype[Any]:
        """The dtype of the value."""
        return self.value.dtype

    def item(self) -> float:
        """The value of a variable with one element as a float."""
        return self.value.item()

    def backward(self, *, keep_errors: bool = True) -> None:
        """Compute the error signal of every variable that this scalar was computed from.

        The graph serves once: afterwards it only remembers values, parents and error signals.

        Parameters
        ----------
        keep_errors : bool
            Keep computed variables and their error signals for inspection. Training does without to save memory: each
            is forgotten as soon as nothing waits for it. Parameters and inputs have their error signals in any case.

        Raises
        ------
        ValueError
            If this is no scalar, if nothing was recorded for it, or if its graph has served before.
        """
        if self.value.size != 1:
            raise ValueError(
                f"backward starts at a scalar, got {self._label()} of shape {self.shape}: sum or average it"
            )
        if not self.operation:
            raise ValueError(
                f"backward starts at a computed value, but nothing was recorded for {self._label()}: "
                "compute a loss from it and begin there"
            )
        order = _reverse_topological_order(self)
        for node in order:
            if node._pullback is None:
                raise ValueError(f"backward has already run through {node._label()}: compute the loss again")
        self.grad = np.ones_like(self.value)
        order.reverse()
        while order:
            node = order.pop()
            parents, pullback, error = node.parents, node._pullback, node.grad
            assert pullback is not None  # checked above
            assert error is not None  # its children came before it
            node._pullback = None
            if not keep_errors:
                node.grad, node.parents = None, ()
            for parent, contribution in zip(parents, pullback(error), strict=True):
                if parent is not None and contribution is not None:
                    parent._receive(contribution() if callable(contribution) else contribution)

    def _receive(self, contribution: Array) -> None:
        value = self.value
        if type(contribution) is not np.ndarray or contribution.dtype is not value.dtype:
            contribution = as_array(contribution).astype(value.dtype, copy=False)
        if contribution.shape != value.shape:
            contribution = _undo_broadcasting(contribution, value.shape)
        self.grad = contribution if self.grad is None else self.grad + contribution

    def _label(self) -> str:
        return repr(self.name or self.operation or "a variable")

    def __repr__(self) -> str:
        label = f", name={self.name!r}" if self.name else ""
        return f"Variable({np.array2string(self.value, threshold=8, separator=', ', prefix='Variable(')}{label})"

    def __add__(self, other: "Variable | ArrayLike") -> "Variable":
        return _functions().add(self, other)

    def __radd__(self, other: ArrayLike) -> "Variable":
        return _functions().add(other, self)

    def __sub__(self, other: "Variable | ArrayLike") -> "Variable":
        return _functions().subtract(self, other)

    def __rsub__(self, other: ArrayLike) -> "Variable":
        return _functions().subtract(other, self)

    def __mul__(self, other: "Variable | ArrayLike") -> "Variable":
        return _functions().multiply(self, other)

    def __rmul__(self, other: ArrayLike) -> "Variable":
        return _functions().multiply(other, self)

    def __truediv__(self, other: "Variable | ArrayLike") -> "Variable":
        return _functions().divide(self, other)

    def __rtruediv__(self, other: ArrayLike) -> "Variable":
        return _functions().divide(other, self)

    def __pow__(self, exponent: "Variable | ArrayLike") -> "Variable":
        return _functions().power(self, exponent)

    def __neg__(self) -> "Variable":
        return _functions().multiply(self, -1)

    def __matmul__(self, other: "Variable | ArrayLike") -> "Variable":
        return _functions().matmul(self, other)

    def __rmatmul__(self, other: ArrayLike) -> "Variable":
        return _functions().matmul(other, self)

    def sum(self, axis: int | tuple[int, ...] | None = None) -> "Variable":
        """The sum over the given axes, over all by default."""
        return _functions().sum(self, axis=axis)

    def mean(self, axis: int | tuple[int, ...] | None = None) -> "Variable":
        """The mean over the given axes, over all by default."""
        return _functions().mean(self, axis=axis)

    def reshape(self, *shape: int) -> "Variable":
        """The same numbers in another shape."""
        return _functions().reshape(self, shape=shape)


def primitive(rule: Rule) -> Callable[..., Variable]:
    """Lift a rule (arrays to value and pullback) to a function of variables.

    Positional arguments are differentiated where they are variables; arrays and numbers are constants, and so are all
    keyword arguments. The pullback gives one error signal per positional argument: an array (broadcasting is undone
    here, not there), None where there is none, or a function of no arguments, called only if its result is wanted.

    Parameters
    ----------
    rule : callable
        ``rule(*arrays, **options) -> (value, pullback)``. It is registered in ``PRIMITIVES`` by its name.

    Returns
    -------
    callable
        The same function for variables; the result is a Variable.
    """

    @wraps(rule)
    def function(*arguments: Any, **options: Any) -> Variable:
        try:
            value, pullback = rule(*[_plain(argument) for argument in arguments], **options)
        except ValueError as error:
            raise ValueError(f"{rule.__name__} of {_shapes(arguments)}: {error}") from error
        except TypeError as error:
            if not any(on_gpu(_plain(argument)) for argument in arguments):
                raise
            raise TypeError(f"{rule.__name__} of {_shapes(arguments)}, partly on a GPU: {error}") from error
        if not _recording.get():
            return Variable(value)
        parents = tuple([argument if isinstance(argument, Variable) else None for argument in arguments])
        if not any(parents):
            return Variable(value)
        return Variable._computed(value, rule.__name__, parents, pullback)

    PRIMITIVES[rule.__name__] = function
    return function


@contextmanager
def no_grad() -> Iterator[None]:
    """Compute without recording a graph, as ``predict`` and validation do.

    Examples
    --------
    >>> w = Variable(3.0)
    >>> with no_grad():
    ...     y = w * w
    >>> y.operation
    ''
    """
    token = _recording.set(False)
    try:
        yield
    finally:
        _recording.reset(token)


def _shapes(arguments: tuple[Any, ...]) -> str:
    """What an operation was given, for its error message: names where there are some, and shapes."""
    return ", ".join(f"{getattr(argument, 'name', '')} {np.shape(_plain(argument))}".strip() for argument in arguments)


def _plain(argument: Any) -> Any:
    if isinstance(argument, Variable):
        return argument.value
    # Python numbers stay what they are: unlike 0-d arrays they never promote float32 to float64.
    return np.asarray(argument) if isinstance(argument, list | tuple) else argument


def forward_order(root: Variable) -> list[Variable]:
    """The computed variables below root, itself included, each after all that it was computed from.

    Examples
    --------
    >>> x = Variable(2.0)
    >>> [node.operation for node in forward_order((x + x) * x)]
    ['add', 'multiply']
    """
    return _reverse_topological_order(root)[::-1]


def _reverse_topological_order(root: Variable) -> list[Variable]:
    """The computed variables below root, each before all that it was computed from; a loop, because graphs are deep."""
    finished: list[Variable] = []
    seen = {id(root)}
    stack = [(root, iter(root.parents))]
    while stack:
        node, parents = stack[-1]
        for parent in parents:
            if parent is not None and parent.operation and id(parent) not in seen:
                seen.add(id(parent))
                stack.append((parent, iter(parent.parents)))
                break
        else:
            finished.append(node)
            stack.pop()
    return finished[::-1]


def _undo_broadcasting(error: Array, shape: tuple[int, ...]) -> Array:
    """Sum over the axes along which a value of this shape was repeated: the adjoint of broadcasting."""
    added = error.ndim - len(shape)
    repeated = [added + axis for axis, size in enumerate(shape) if size == 1 and error.shape[added + axis] != 1]
    summed = error.sum(axis=(*range(added), *repeated), keepdims=True)
    return summed.reshape(shape)


def _functions() -> Any:
    from . import functions  # late: they are built from this module

    return functions
