"""What every layer can do; a network is a layer made of layers."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from .. import functions
from ..devices import CPU, as_array, brought, device_of, is_array, moved
from ..graph import Array, Variable, no_grad


class Layer(ABC):
    """A map of variables with parameters that learn.

    A layer's state is found in its attributes, in the order in which they were set: a Variable is a parameter, an array
    is a buffer (a remembered statistic that does not learn), a Layer or a tuple of layers are its children.

    Attributes
    ----------
    training : bool
        Whether batch statistics and dropout are at work; set for a whole network by ``train`` and ``eval``.
    """

    training = True

    def __init_subclass__(cls, **options: Any) -> None:
        """What computes its output in a way of its own rectifies that, unless it says how."""
        super().__init_subclass__(**options)
        if "__call__" in vars(cls) and "rectified" not in vars(cls):
            cls.rectified = Layer.rectified

    @abstractmethod
    def __call__(self, x: Variable | Array) -> Variable:
        """The output for a batch; an array is a constant, a Variable gets an error signal."""

    def rectified(self, x: Variable | Array) -> Variable:
        """max(0, ·) of the output; layers that can do it in the same pass over memory do."""
        return functions.relu(self(x))

    def arguments(self) -> dict[str, Any]:
        """The constructor's arguments, children aside, as values that JSON can hold."""
        return {}

    def children(self) -> tuple["Layer", ...]:
        """The layers that this one is made of."""
        return tuple(child for _, child in self._named_children())

    def layers(self) -> Iterator["Layer"]:
        """The layer itself and all below it, in network order."""
        yield self
        for child in self.children():
            yield from child.layers()

    def named_parameters(self, prefix: str = "") -> Iterator[tuple[str, Variable]]:
        """Names such as ``"0.weight"`` with the parameters, in network order, weight before bias."""
        for name, value in vars(self).items():
            if isinstance(value, Variable):
                yield prefix + name, value
        for name, child in self._named_children():
            yield from child.named_parameters(f"{prefix}{name}.")

    def parameters(self) -> list[Variable]:
        """The parameters in network order, weight before bias."""
        unique = {id(parameter): parameter for _, parameter in self.named_parameters()}  # a shared layer counts once
        return list(unique.values())

    def state(self) -> dict[str, Array]:
        """Every parameter and buffer by its name: the arrays themselves, no copies."""
        return {name: getattr(owner, attribute) for name, owner, attribute in self._slots()}

    def set_state(self, state: dict[str, Array]) -> None:
        """Take over copies of these parameters and buffers.

        Parameters
        ----------
        state : dict
            Exactly the names of ``state()``, with arrays of the same shapes. Their dtypes are taken over too; where
            they lie is not: the network stays on its device.

        Raises
        ------
        ValueError
            If a name is missing or unknown, or a shape differs. Nothing is changed then.
        """
        own = self.state()
        if missing := sorted(own.keys() - state.keys()):
            raise ValueError(f"no values for {missing[0]!r}: the state is that of another network")
        if unknown := sorted(state.keys() - own.keys()):
            raise ValueError(f"{unknown[0]!r} is no part of this network, which has {', '.join(sorted(own)) or 'none'}")
        for name, array in state.items():
            if array.shape != own[name].shape:
                raise ValueError(f"{name!r} must have shape {own[name].shape}, got {array.shape}")
        for name, owner, attribute in self._slots():
            device = device_of(own[name])
            setattr(owner, attribute, np.array(moved(state[name], device), like=own[name]))

    def astype(self, dtype: DTypeLike) -> Self:
        """Compute in another precision from now on; float64 is for checking gradients.

        Returns
        -------
        Layer
            This layer, changed in place.
        """
        self.set_state({name: array.astype(dtype) for name, array in self.state().items()})
        return self

    def to(self, device: str) -> Self:
        """Keep the network, and compute, on another device from now on.

        An optimiser may be made before or after. Data go the same way: ``fit``, ``evaluate`` and ``predict`` bring
        each batch to the network; where a network is called by hand, its input has to lie there.

        Parameters
        ----------
        device : str
            "cpu" for arrays of NumPy, "gpu" for arrays of CuPy on the current NVIDIA GPU.

        Returns
        -------
        Layer
            This layer, changed in place.

        Raises
        ------
        ValueError, ImportError, RuntimeError
            If there is no such word, no CuPy, or no GPU.

        Examples
        --------
        >>> from ltisys import nn
        >>> nn.Linear(3, 2, rng=0).to("cpu").device
        'cpu'
        """
        for _, owner, attribute in list(self._slots()):
            setattr(owner, attribute, moved(getattr(owner, attribute), device))
            if isinstance(owner, Variable) and owner.grad is not None:
                owner.grad = moved(owner.grad, device)
        return self

    @property
    def device(self) -> str:
        """Where the parameters lie, "cpu" or "gpu"; "cpu" for a layer without any."""
        return next((device_of(parameter.value) for parameter in self.parameters()), CPU)

    @property
    def dtype(self) -> np.dtype[Any]:
        """The dtype of the parameters, float32 for a layer without any."""
        return next((parameter.dtype for parameter in self.parameters()), np.dtype(np.float32))

    @property
    def n_parameters(self) -> int:
        """How many numbers are learned."""
        return sum(parameter.value.size for parameter in self.parameters())

    def train(self) -> Self:
        """Switch batch statistics and dropout on; returns the layer."""
        for layer in self.layers():
            layer.training = True
        return self

    def eval(self) -> Self:
        """Switch to remembered statistics and no dropout; returns the layer."""
        for layer in self.layers():
            layer.training = False
        return self

    @contextmanager
    def evaluating(self) -> Iterator[None]:
        """Evaluation mode and no graph inside this block; every layer's mode is restored afterwards."""
        modes = [(layer, layer.training) for layer in self.layers()]
        self.eval()
        try:
            with no_grad():
                yield
        finally:
            for layer, training in modes:
                layer.training = training

    def predict(self, x: ArrayLike, batch_size: int = 256) -> Array:
        """The outputs in evaluation mode, batch by batch and without a graph.

        Parameters
        ----------
        x : array_like (B, ...)
            Any number of examples; anything with ``len`` and slices.
        batch_size : int
            How many examples to compute at a time.

        Returns
        -------
        array (B, ...)
            In the dtype of the network, on the device of the examples.

        Raises
        ------
        ValueError
            If there are no examples, or batch_size is below 1.
        """
        if batch_size < 1:
            raise ValueError(f"batch_size must be at least 1, got {batch_size}")
        examples = x if hasattr(x, "__getitem__") and not isinstance(x, list | tuple) else as_array(x)
        count = len(examples)  # pyright: ignore[reportArgumentType]
        if count == 0:
            raise ValueError("predict needs at least one example, got none")
        with self.evaluating():
            outputs = [
                self(brought(examples[start : start + batch_size], self.device, self.dtype)).value  # pyright: ignore
                for start in range(0, count, batch_size)
            ]
        return moved(np.concatenate(outputs), device_of(examples))

    def summary(self, shape: tuple[int, ...]) -> str:
        """A table of the layers with their output shapes and numbers of parameters.

        Parameters
        ----------
        shape : tuple of int
            The shape of an input, batch included: ``net.summary(x.shape)``.
        """
        from ..summary import summary  # late: it is written in terms of layers

        return summary(self, shape)

    def __repr__(self) -> str:
        arguments = [repr(child) for child in self.children()]
        arguments += [f"{name}={value!r}" for name, value in self.arguments().items()]
        return f"{type(self).__name__}({', '.join(arguments)})"

    def _named_children(self) -> Iterator[tuple[str, "Layer"]]:
        for name, value in vars(self).items():
            if isinstance(value, Layer):
                yield name, value
            elif isinstance(value, tuple):
                yield from ((str(index), child) for index, child in enumerate(value) if isinstance(child, Layer))

    def _slots(self, prefix: str = "") -> Iterator[tuple[str, Any, str]]:
        """For each parameter and buffer its name, and the object and attribute that hold the array."""
        for name, value in vars(self).items():
            if isinstance(value, Variable):
                yield prefix + name, value, "value"
            elif is_array(value):
                yield prefix + name, self, name
        for name, child in self._named_children():
            yield from child._slots(f"{prefix}{name}.")


def he_normal(shape: tuple[int, ...], rng: np.random.Generator) -> Array:
    """Small random weights (out, in, ...) of variance 2 / (in · ...), which keeps the scale of ReLU activations.

    References
    ----------
    He et al., Delving Deep into Rectifiers, 2015, equation 10.

    Examples
    --------
    >>> he_normal((2, 3), np.random.default_rng(0)).dtype
    dtype('float32')
    """
    fan_in = int(np.prod(shape[1:]))
    weights = rng.standard_normal(shape, dtype=np.float32)
    weights *= np.float32(np.sqrt(2 / fan_in))  # in place: the largest networks have half a gigabyte of them
    return weights


Randomness = np.random.Generator | int | None
"""What ``rng=`` of a layer takes: a generator (drawn from in turn), a seed, or None for fresh entropy."""
