"""Networks as ONNX graphs, for other runtimes: the one place where convolutions become correlations."""

from collections.abc import Callable
from typing import Any

import numpy as np

from ..convolution.arguments import parse_modes, parse_origin, per_axis
from ..convolution.geometry import dilated_length, output_interval
from . import layers
from .folding import folded
from .graph import Array
from .layers import Layer

OPSET = 17


class OnnxGraph:
    """A graph in the making: nodes with the numbers they need.

    Every method that adds a node returns the name of its output.

    Attributes
    ----------
    nodes, constants : list
        Of onnx's NodeProto and TensorProto.

    Raises
    ------
    ImportError
        If onnx is not installed.
    """

    def __init__(self) -> None:
        try:
            import onnx
        except ImportError:
            raise ImportError("ONNX files need the extra [onnx]: python -m pip install 'ltisys[onnx]'") from None
        self._onnx = onnx
        self.nodes: list[Any] = []
        self.constants: list[Any] = []

    def add(self, operation: str, *inputs: str, **attributes: Any) -> str:
        """A node of one output."""
        output = f"{operation.lower()}_{len(self.nodes)}"
        self.nodes.append(self._onnx.helper.make_node(operation, list(inputs), [output], **attributes))
        return output

    def constant(self, values: Any) -> str:
        """Numbers, in float32 unless they are integers."""
        array = np.asarray(values)
        array = np.ascontiguousarray(array, np.int64 if array.dtype.kind == "i" else np.float32)
        name = f"constant_{len(self.constants)}"
        self.constants.append(self._onnx.numpy_helper.from_array(array, name))
        return name

    def layer(self, net: Layer, x: str) -> str:
        """What a network computes of x in evaluation.

        Raises
        ------
        TypeError
            If a layer, or a padding of it, has no counterpart.
        """
        match net:
            case layers.Sequential():
                for step in net:
                    x = self.layer(step, x)
                return x
            case layers.Residual():
                beside = x if net.shortcut is None else self.layer(net.shortcut, x)
                return self.add("Add", self.layer(net.body, x), beside)
            case layers.Parallel():
                return self.add("Concat", *(self.layer(branch, x) for branch in net.branches), axis=1)
        for kind, translate in _TRANSLATIONS.items():
            if isinstance(net, kind):
                return translate(self, net, x)
        raise TypeError(f"{net!r} has no counterpart in ONNX yet")

    def model(self, output: str, inputs: dict[str, list[Any]], outputs: dict[str, list[Any]]) -> Any:
        """The whole as a checked ModelProto, with one output renamed to the first name of `outputs`."""
        helper = self._onnx.helper
        number = self._onnx.TensorProto.FLOAT
        name = next(iter(outputs))
        self.nodes.append(helper.make_node("Identity", [output], [name]))
        values = [
            [helper.make_tensor_value_info(key, number, shape) for key, shape in group.items()]
            for group in (inputs, outputs)
        ]
        graph = helper.make_graph(self.nodes, "ltisys", values[0], values[1], self.constants)
        model = helper.make_model(
            graph, opset_imports=[helper.make_opsetid("", OPSET)], producer_name="ltisys", ir_version=8
        )
        self._onnx.checker.check_model(model, full_check=True)
        return model


def to_onnx(net: Layer, shape: tuple[int, ...]) -> Any:
    """A network as an ONNX model, normalisations folded into the convolutions before them.

    Parameters
    ----------
    net : Layer
        A network.
    shape : tuple of int
        The shape of an input; the length of the batch is left open.

    Returns
    -------
    onnx.ModelProto
        From "x" to "y", in float32.

    Raises
    ------
    ImportError
        If onnx is not installed.
    TypeError
        If a layer, or a padding of it, has no counterpart.
    """
    y = net.predict(np.zeros((1, *shape[1:]), np.float32))
    graph = OnnxGraph()
    out = graph.layer(folded(net), "x")
    return graph.model(out, {"x": ["batch", *shape[1:]]}, {"y": ["batch", *y.shape[1:]]})


def _convolution(graph: OnnxGraph, layer: Any, x: str) -> str:
    """A correlation with the reversed kernel."""
    weight: Array = layer.weight.value
    rank = weight.ndim - 2
    words = layer.geometry
    if any(padding != "zero" for padding in per_axis("padding", words["padding"], rank, str)):
        raise TypeError(f"{layer!r} has no counterpart in ONNX: its convolutions pad with zeros only")
    dilations = per_axis("dilation", words.get("dilation", 1), rank, int)
    begins, ends = zip(*_pads(weight.shape[2:], dilations, words), strict=True)
    if min(*begins, *ends) < 0:
        raise TypeError(f"{layer!r} has no counterpart in ONNX: its origin lies outside the kernel")
    bias = getattr(layer, "bias", None)
    reversed_ = weight[(..., *[slice(None, None, -1)] * rank)]
    constants = [graph.constant(reversed_), *([] if bias is None else [graph.constant(bias.value)])]
    return graph.add(
        "Conv", x, *constants, group=words.get("groups", 1), dilations=list(dilations), pads=[*begins, *ends],
        strides=list(per_axis("stride", words["stride"], rank, int)),
    )  # fmt: skip


def _pads(size: tuple[int, ...], dilations: tuple[int, ...], words: dict[str, Any]) -> list[tuple[int, int]]:
    """By how many zeros each axis is extended before and after."""
    origins = per_axis("origin", words["origin"], len(size), lambda origin: origin)
    pads = []
    for length, mode, origin in zip(
        map(dilated_length, size, dilations), parse_modes(words["mode"], len(size)), origins, strict=True
    ):
        first, stop = output_interval(length, length, mode, parse_origin(origin, length, correlation=False))
        pads.append((length - 1 - first, stop - length))
    return pads


def _bank(graph: OnnxGraph, layer: Any, x: str) -> str:
    return _convolution(graph, layer, graph.add("Unsqueeze", x, graph.constant([1])))


def _linear(graph: OnnxGraph, layer: Any, x: str) -> str:
    y = graph.add("MatMul", x, graph.constant(layer.weight.value.T))
    return y if layer.bias is None else graph.add("Add", y, graph.constant(layer.bias.value))


def _normalisation(graph: OnnxGraph, layer: Any, x: str) -> str:
    numbers = (layer.weight.value, layer.bias.value, layer.running_mean, layer.running_var)
    return graph.add("BatchNormalization", x, *map(graph.constant, numbers), epsilon=layer.eps)


def _unflatten(graph: OnnxGraph, layer: Any, x: str) -> str:
    if layer.dim != 1 or len(layer.sizes) != 2 or layer.sizes[0] != 1:
        # a Reshape would have to know all axes of x, and a graph knows only names
        raise TypeError(f"{layer!r} has no counterpart in ONNX yet: it may only put an axis of length 1 in front")
    return graph.add("Unsqueeze", x, graph.constant([1]))


def _crop(graph: OnnxGraph, layer: Any, x: str) -> str:
    stop = -layer.after if layer.after else np.iinfo(np.int64).max
    return graph.add("Slice", x, *(graph.constant([number]) for number in (layer.before, stop, -1)))


def _global_mean(graph: OnnxGraph, layer: Any, x: str) -> str:
    return graph.add("Flatten", graph.add("GlobalAveragePool", x), axis=1)


def _simple(operation: str, **names: str) -> Callable[[OnnxGraph, Any, str], str]:
    """A layer that is one operation, whose attributes are those of the layer under other names."""
    return lambda graph, layer, x: graph.add(
        operation, x, **{name: getattr(layer, attribute) for name, attribute in names.items()}
    )


_TRANSLATIONS: dict[Any, Callable[[OnnxGraph, Any, str], str]] = {
    layers.Conv1d | layers.Conv2d: _convolution,
    layers.FilterBank: _bank,
    layers.Linear: _linear,
    layers.BatchNorm: _normalisation,
    layers.Unflatten: _unflatten,
    layers.Crop: _crop,
    layers.GlobalAvgPool: _global_mean,
    layers.Flatten: _simple("Flatten"),
    layers.ReLU: _simple("Relu"),
    layers.LeakyReLU: _simple("LeakyRelu", alpha="slope"),
    layers.ELU: _simple("Elu", alpha="alpha"),
    layers.Sigmoid: _simple("Sigmoid"),
    layers.Tanh: _simple("Tanh"),
    layers.Softmax: _simple("Softmax", axis="axis"),
}
