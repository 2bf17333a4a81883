"""The probe of a trained network: every activation, and the gradient of its logits, as two ONNX files.

`python -m mnist_core.training.probe_graph FOLDER` writes a model's probe anew from its model.keras.
"""

import sys
from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np
import onnx
import tensorflow as tf
from msgspec import json
from numpy.typing import NDArray
from onnx import TensorProto, helper

from mnist_core.config import CELL_SIZE, DIGIT_CLASSES, ModelFiles
from mnist_core.errors import ModelError
from mnist_core.explanations.architecture import ARCHITECTURE_KEY, Architecture
from mnist_core.explanations.probe import KINDS, Probe
from mnist_core.storage.atomic import write_whole
from mnist_core.training.gradient_graph import Floats, GradientGraph
from mnist_core.training.network import KIND_LOGITS, LOGITS, logits_model

AGREEMENT = 1e-5
"""Activations and gradients differ from Keras' by less than this, by rounding only."""
_OPSET, _IR_VERSION = 17, 8
Shape = tuple[int | str, ...]
_CELLS_INPUT = "cells"
_CELLS_SHAPE: Shape = ("n", CELL_SIZE, CELL_SIZE, 1)
_LOGIT_WEIGHTS = ("digit_weights", "kind_weights")
"""The gradient's inputs, a weight for each logit of a head."""
_CELLS = 32
_KINKS = 4
"""Cells of these in which a ReLU may sum to 0 but for rounding, where a gradient has two right values."""


def save_probe(network: keras.Model, files: ModelFiles) -> None:
    """Write a network's probe beside the model and check it: whole and right, or not at all.

    Args:
        network: from `build_network`, computing in float32.
        files: the model's.
    Raises:
        ModelError: the network has a layer that no recipe has, or the probe differs from Keras.
        OSError: the folder can't be written to.
    """
    for path, build in ((files.probe, build_probe), (files.gradient, build_gradient)):
        write_whole(path, build(network).SerializeToString())
    try:
        _require_agreement(network, Probe.open(files))
    except ModelError:
        files.probe.unlink()
        files.gradient.unlink()
        raise


def build_probe(network: keras.Model) -> onnx.ModelProto:
    """Return a network as a model with every layer's activations, logits and first weights as outputs.

    Raises:
        ModelError: the network has a layer that no recipe has.
    """
    graph = GradientGraph()
    features = add_layers(graph, network, graph.node("Transpose", _CELLS_INPUT, perm=[0, 3, 1, 2]))
    outputs: dict[str, Shape] = {}
    for name, count in _heads(network).items():
        graph.logits(features, *dense_weights(network.get_layer(name)), name)
        outputs[name] = ("n", count)
    for index, spec in enumerate(graph.layers):
        sides = () if spec.kind == "dense" else (spec.height, spec.width)
        outputs[f"layer_{index}"] = ("n", spec.channels, *sides)
    for name, values in (("filters", graph.first_weights), ("filter_biases", graph.first_biases)):
        assert values is not None  # the logits have weights
        graph.node("Identity", graph.constant(values), name=name)
        outputs[name] = values.shape
    architecture = Architecture(tuple(graph.layers), KIND_LOGITS in outputs)
    properties = {ARCHITECTURE_KEY: json.encode(architecture).decode()}
    return onnx_model(graph, {_CELLS_INPUT: _CELLS_SHAPE}, outputs, properties)


def build_gradient(network: keras.Model) -> onnx.ModelProto:
    """Return the gradient of a weighted sum of a network's logits, by the cell's pixels, as a model.

    A file of its own, since ONNX Runtime computes all of a graph, whichever output is asked for.

    Raises:
        ModelError: the network has a layer that no recipe has.
    """
    graph = GradientGraph()
    add_layers(graph, network, graph.node("Transpose", _CELLS_INPUT, perm=[0, 3, 1, 2]))
    inputs: dict[str, Shape] = {_CELLS_INPUT: _CELLS_SHAPE}
    gradients = []
    for (name, count), weights in zip(_heads(network).items(), _LOGIT_WEIGHTS, strict=False):
        gradients.append(graph.head_gradient(dense_weights(network.get_layer(name))[0], weights))
        inputs[weights] = ("n", count)
    graph.node("Transpose", graph.backward(gradients), name="gradient", perm=[0, 2, 3, 1])
    return onnx_model(graph, inputs, {"gradient": _CELLS_SHAPE}, {})


def _heads(network: keras.Model) -> dict[str, int]:
    """Return the layers of logits that a network has, with the number of their outputs."""
    has_kinds = any(layer.name == KIND_LOGITS for layer in network.layers)
    return {LOGITS: DIGIT_CLASSES} | ({KIND_LOGITS: KINDS} if has_kinds else {})


def add_layers(graph: GradientGraph, network: keras.Model, cells: str) -> str:
    """Add all layers before the heads, from cells (n, 1, 28, 28) on, and return the features' name.

    Raises:
        ModelError: the network has a layer that no recipe has.
    """
    features = cells
    for layer in _layers(network):
        features = _add(graph, layer, features)
    return features


@dataclass(frozen=True, slots=True, eq=False)
class _Normed:
    """A convolution and what batch norm makes of its sums while the network reads."""

    convolution: keras.layers.Conv2D
    norm: keras.layers.BatchNormalization | None


def _layers(network: keras.Model) -> list[keras.Layer | _Normed]:
    """Return the layers before the heads, each convolution together with the batch norm behind it."""
    found: list[keras.Layer | _Normed] = []
    for layer in network.layers:
        if layer.name in (LOGITS, KIND_LOGITS):
            return found
        if isinstance(layer, keras.layers.Conv2D):
            found.append(_Normed(layer, None))
        elif (
            isinstance(layer, keras.layers.BatchNormalization)
            and found
            and isinstance(found[-1], _Normed)
            and not found[-1].convolution.use_bias
        ):
            found[-1] = _Normed(found[-1].convolution, layer)
        elif not isinstance(layer, keras.layers.InputLayer | keras.layers.ReLU):
            found.append(layer)
    raise ModelError("The network has no layer of logits.")


def _add(graph: GradientGraph, layer: keras.Layer | _Normed, x: str) -> str:
    """Add one layer to a graph."""
    match layer:
        case _Normed(convolution, norm):
            kernel = np.asarray(convolution.kernel, np.float64).transpose(3, 2, 0, 1)
            bias = np.asarray(convolution.bias, np.float64) if convolution.use_bias else np.zeros(len(kernel))
            if norm is not None:
                factors, shifts = _norm(norm)
                kernel, bias = kernel * factors[:, None, None, None], bias * factors + shifts
            return graph.convolution(
                x, kernel, bias, convolution.strides[0], same=convolution.padding == "same"
            )
        case keras.layers.MaxPooling2D():
            return graph.max_pool(x)
        case keras.layers.BatchNormalization():
            return graph.scale(x, *_norm(layer))
        case keras.layers.Flatten():
            return graph.flatten(x)
        case keras.layers.Dense():
            return graph.dense(x, *dense_weights(layer))
    raise ModelError(f"A layer of the kind {type(layer).__name__} can't be looked into.")


def dense_weights(layer: keras.layers.Dense) -> tuple[Floats, Floats]:
    """Return a dense layer's weights (features, units) and biases (units,)."""
    weights, bias = (np.asarray(each, np.float32) for each in layer.get_weights())
    return weights, bias


def _norm(layer: keras.layers.BatchNormalization) -> tuple[Floats, Floats]:
    """Compute the factor and the shift of each channel that batch norm comes to."""
    gamma, beta, mean, variance = (
        np.asarray(each, np.float64)
        for each in (layer.gamma, layer.beta, layer.moving_mean, layer.moving_variance)
    )
    factors = gamma / np.sqrt(variance + layer.epsilon)
    return factors, beta - mean * factors


def onnx_model(
    graph: GradientGraph, inputs: dict[str, Shape], outputs: dict[str, Shape], properties: dict[str, str]
) -> onnx.ModelProto:
    """Return a graph as a model, checked.

    Args:
        graph: complete.
        inputs: with their shapes; "n" stands for any number of cells.
        outputs: likewise.
        properties: to store with it, by name.
    """
    described = [
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in each.items()]
        for each in (inputs, outputs)
    ]
    model = helper.make_model(
        helper.make_graph(graph.nodes, "probe", *described, graph.tensors),
        opset_imports=[helper.make_opsetid("", _OPSET)],
        ir_version=_IR_VERSION,
    )
    helper.set_model_props(model, properties)
    onnx.checker.check_model(model, full_check=True)
    return model


def tensorflow_gradient(network: keras.Model, batch: NDArray[np.float32], digit: int) -> NDArray[np.float32]:
    """Compute with TensorFlow how one digit's logit changes with each pixel: what the probe has to equal.

    Args:
        network: from `build_network`.
        batch: float32 (n, 28, 28, 1).
        digit: whose logit.
    Returns:
        float32 (n, 28, 28).
    """
    cells = tf.constant(batch)
    with tf.GradientTape() as tape:
        tape.watch(cells)
        logit = logits_model(network)(cells, training=False)[LOGITS][:, digit]
    return np.asarray(tape.gradient(logit, cells), np.float32)[..., 0]


def _require_agreement(network: keras.Model, probe: Probe) -> None:
    cells = np.random.default_rng(0).random((_CELLS, CELL_SIZE, CELL_SIZE), np.float32)
    batch = cells[..., np.newaxis]
    expected = np.asarray(logits_model(network)(batch, training=False)[LOGITS])
    difference = float(np.abs(expected - probe.logits(cells)).max())
    scale = max(1.0, float(np.abs(expected).max()))
    if not difference < AGREEMENT * scale:
        raise ModelError(f"The probe's logits differ from Keras' by {difference:.1e}.")
    one_hot = np.eye(DIGIT_CLASSES, dtype=np.float32)[3]
    gradient = tensorflow_gradient(network, batch, 3)
    differences = np.abs(gradient - probe.gradient(cells, one_hot)).max(axis=(1, 2))
    tolerance = AGREEMENT * min(1.0, float(np.abs(gradient).max()))
    if np.count_nonzero(~(differences <= tolerance)) > _KINKS:
        raise ModelError(f"The probe's gradient differs from TensorFlow's by {differences.max():.1e}.")


def main() -> None:
    """Write the probe of the model in a folder; exit with status 1 and a sentence where that can't be."""
    files = ModelFiles(Path(sys.argv[1]))
    try:
        network = keras.models.load_model(files.keras, compile=False, safe_mode=True)
        save_probe(network, files)
    except (OSError, ValueError, TypeError, KeyError, ModelError) as error:
        sys.exit(f"The model in {files.folder} can't be looked into: {error}")


if __name__ == "__main__":
    main()
