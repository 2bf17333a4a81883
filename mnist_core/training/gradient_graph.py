"""Layers as ONNX nodes, forward and backward: what a probe's graph is written with.

ONNX has no gradients: each layer here brings the nodes of its own derivative, and the backward pass is the
list of layers walked in reverse.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from mnist_core.config import CELL_SIZE
from mnist_core.explanations.architecture import LayerSpec

Backward = Callable[[str], str]
"""Adds a layer's derivative: from the name of the gradient by its outputs to that by its inputs."""
Floats = NDArray[np.floating]


@dataclass(slots=True)
class GradientGraph:
    """A graph while it is written, from the cell on; each call adds a layer and returns its output's name.

    Attributes:
        half: whether fixed values are stored in half precision; they are computed with in float32.
        shape: of the activations so far, without the batch: (channels, height, width), or (features,).
        layers: those whose activations are outputs, `layer_0` and so on.
        first_weights: of the first layer that has any, a picture for each of its units: (units, k, k).
        first_biases: of the same layer, (units,).
        nodes: of the graph, in the order of computing.
        tensors: its fixed values.
    """

    half: bool = False
    shape: tuple[int, ...] = (1, CELL_SIZE, CELL_SIZE)
    layers: list[LayerSpec] = field(default_factory=list)
    first_weights: Floats | None = None
    first_biases: Floats | None = None
    nodes: list[onnx.NodeProto] = field(default_factory=list)
    tensors: list[onnx.TensorProto] = field(default_factory=list)
    _backwards: list[Backward] = field(default_factory=list)
    _count: int = 0

    def node(self, kind: str, *inputs: str, name: str = "", **attributes: Any) -> str:
        """Add a node with one output and return the output's name."""
        output = name or self._new_name()
        self.nodes.append(helper.make_node(kind, list(inputs), [output], **attributes))
        return output

    def constant(self, values: NDArray[np.generic]) -> str:
        """Add fixed values, floats as float32, and return their name."""
        name = self._new_name()
        is_float = np.issubdtype(values.dtype, np.floating)
        kind = (np.float16 if self.half else np.float32) if is_float else values.dtype
        array = np.ascontiguousarray(values, kind).reshape(values.shape)
        self.tensors.append(numpy_helper.from_array(array, name))
        return self.node("Cast", name, to=TensorProto.FLOAT) if is_float and self.half else name

    def convolution(self, x: str, kernel: Floats, bias: Floats, stride: int, same: bool) -> str:
        """Add a convolution with its ReLU, whose activations are an output.

        Args:
            x: its input, (channels, height, width).
            kernel: (filters, channels, k, k).
            bias: (filters,).
            stride: of its rows and columns.
            same: whether zeros around the input give it outputs for the edges, too.
        """
        _, height, width = self.shape
        size = kernel.shape[2]
        top, bottom = _padding(height, size, stride, same)
        left, right = _padding(width, size, stride, same)
        rows, columns = (
            (height + top + bottom - size) // stride + 1,
            (width + left + right - size) // stride + 1,
        )
        options: dict[str, Any] = {
            "kernel_shape": [size, size],
            "strides": [stride, stride],
            "pads": [top, left, bottom, right],
        }
        # Rows and columns at the far edge that no place of the kernel reaches.
        unreached = [
            height + top + bottom - size - stride * (rows - 1),
            width + left + right - size - stride * (columns - 1),
        ]
        weights = self.constant(kernel)
        self._note_first_weights(kernel[:, 0], bias)
        sums = self.node("Conv", x, weights, self.constant(bias), **options)
        self._backwards.append(
            lambda gradient: self.node(
                "ConvTranspose", gradient, weights, output_padding=unreached, **options
            )
        )
        self.shape = (len(kernel), rows, columns)
        return self._relu(sums, LayerSpec("conv", len(kernel), rows, columns, size, stride, top, left))

    def dense(self, x: str, weights: Floats, bias: Floats) -> str:
        """Add a dense layer, weights (features, units), with its ReLU, whose activations are an output."""
        matrix = self.constant(weights)
        self._note_first_weights(weights.T.reshape(len(bias), *self._square()), bias)
        sums = self.node("Gemm", x, matrix, self.constant(bias))
        self._backwards.append(lambda gradient: self.node("Gemm", gradient, matrix, transB=1))
        self.shape = (len(bias),)
        return self._relu(sums, LayerSpec("dense", len(bias), 1, 1))

    def max_pool(self, x: str) -> str:
        """Add max pooling over 2x2, which is an output."""
        options: dict[str, Any] = {"kernel_shape": [2, 2], "strides": [2, 2]}
        channels, height, width = self.shape
        self.shape = (channels, height // 2, width // 2)
        y = self.node(
            "MaxPool", x, name=self._new_output(LayerSpec("pool", *self.shape, kernel=2, stride=2)), **options
        )

        def backward(gradient: str) -> str:
            # Pooled once more: to note the places as well would slow the forward pass of every stroke.
            largest, places = self._new_name(), self._new_name()
            self.nodes.append(helper.make_node("MaxPool", [x], [largest, places], **options))
            return self.node("MaxUnpool", gradient, places, self.node("Shape", x), **options)

        self._backwards.append(backward)
        return y

    def scale(self, x: str, factors: Floats, shifts: Floats) -> str:
        """Add what batch norm is while a network reads: a factor and a shift for each channel."""
        sides = (1,) * (len(self.shape) - 1)
        factor = self.constant(factors.reshape(-1, *sides))
        self._backwards.append(lambda gradient: self.node("Mul", gradient, factor))
        return self.node("Add", self.node("Mul", x, factor), self.constant(shifts.reshape(-1, *sides)))

    def flatten(self, x: str) -> str:
        """Add maps as one vector in Keras' order, channels last."""
        channels, height, width = self.shape
        features = channels * height * width
        vector = self.constant(np.array([-1, features], np.int64))
        maps = self.constant(np.array([-1, height, width, channels], np.int64))

        def backward(gradient: str) -> str:
            return self.node("Transpose", self.node("Reshape", gradient, maps), perm=[0, 3, 1, 2])

        self._backwards.append(backward)
        self.shape = (features,)
        return self.node("Reshape", self.node("Transpose", x, perm=[0, 2, 3, 1]), vector)

    def logits(self, x: str, weights: Floats, bias: Floats, name: str = "") -> str:
        """Add a head's dense layer without a ReLU, weights (features, outputs)."""
        self._note_first_weights(weights.T.reshape(len(bias), *self._square()), bias)
        return self.node("Gemm", x, self.constant(weights), self.constant(bias), name=name)

    def head_gradient(self, weights: Floats, output_weights: str) -> str:
        """Add the gradient of a weighted sum of a head's logits by the features.

        Args:
            weights: of the head, (features, outputs).
            output_weights: the input of the graph that holds a weight for each logit, (n, outputs).
        """
        return self.node("Gemm", output_weights, self.constant(weights), transB=1)

    def backward(self, gradients: list[str]) -> str:
        """Add the backward pass down to the cell, (n, 1, 28, 28).

        Args:
            gradients: by the features that all heads share, one a head; they are added up.
        """
        gradient = gradients[0]
        for other in gradients[1:]:
            gradient = self.node("Add", gradient, other)
        for backward in reversed(self._backwards):
            gradient = backward(gradient)
        return gradient

    def _relu(self, sums: str, spec: LayerSpec) -> str:
        y = self.node("Relu", sums, name=self._new_output(spec))
        zero = self.constant(np.zeros((), np.float32))
        # Its gradient passes where it is above 0.
        self._backwards.append(
            lambda gradient: self.node("Where", self.node("Greater", y, zero), gradient, zero)
        )
        return y

    def _square(self) -> tuple[int, int]:
        """Return the shape in which a unit's weights are a picture: the cell's, or a row of features."""
        (features,) = self.shape
        return (CELL_SIZE, CELL_SIZE) if features == CELL_SIZE**2 else (1, features)

    def _note_first_weights(self, weights: Floats, bias: Floats) -> None:
        if self.first_weights is None:
            self.first_weights, self.first_biases = weights, bias

    def _new_output(self, spec: LayerSpec) -> str:
        self.layers.append(spec)
        return f"layer_{len(self.layers) - 1}"

    def _new_name(self) -> str:
        self._count += 1
        return f"_{self._count}"


def _padding(side: int, kernel: int, stride: int, same: bool) -> tuple[int, int]:
    """Compute TensorFlow's rows of zeros before and after: with an odd number the one more stands after."""
    total = max(0, (-(-side // stride) - 1) * stride + kernel - side) if same else 0
    return total // 2, total - total // 2
