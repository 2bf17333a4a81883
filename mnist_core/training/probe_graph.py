"""The probe of a trained network: every activation and the gradient of its logits, as an ONNX file.

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
OPSET, _IR_VERSION = 17, 8
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
    write_whole(files.probe, build_probe(network).SerializeToString())
    try:
        _require_agreement(network, Probe.open(files))
    except ModelError:
        files.probe.unlink()
        raise


def build_probe(network: keras.Model) -> onnx.ModelProto:
    """Return a network as a model with all that `Probe` asks for as outputs.

    Raises:
        ModelError: the network has a layer that no recipe has.
    """
    graph = GradientGraph()
    features = add_layers(graph, network, graph.node("Transpose", "cells", perm=[0, 3, 1, 2]))
    heads = {"digit_weights": (LOGITS, DIGIT_CLASSES)}
    has_kinds = any(layer.name == KIND_LOGITS for layer in network.layers)
    if has_kinds:
        heads["kind_weights"] = (KIND_LOGITS, KINDS)
    gradients = [
        graph.head(features, *dense_weights(network.get_layer(name)), name, weights)
        for weights, (name, _) in heads.items()
    ]
    graph.node("Transpose", graph.backward(gradients), name="gradient", perm=[0, 2, 3, 1])
    inputs: dict[str, tuple[int, ...]] = {"cells": (CELL_SIZE, CELL_SIZE, 1)}
    inputs |= {weights: (count,) for weights, (_, count) in heads.items()}
    outputs: dict[str, tuple[int, ...]] = {name: (count,) for name, count in heads.values()}
    for index, spec in enumerate(graph.layers):
        is_flat = spec.kind == "dense"
        outputs[f"layer_{index}"] = (spec.channels,) if is_flat else (spec.channels, spec.height, spec.width)
    outputs["gradient"] = inputs["cells"]
    for name, values in (("filters", graph.first_weights), ("filter_biases", graph.first_biases)):
        assert values is not None  # the logits have weights
        graph.node("Identity", graph.constant(values), name=name)
    architecture = json.encode(Architecture(tuple(graph.layers), has_kinds)).decode()
    return onnx_model(graph, inputs, outputs, {ARCHITECTURE_KEY: architecture})


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
    graph: GradientGraph,
    inputs: dict[str, tuple[int, ...]],
    outputs: dict[str, tuple[int, ...]],
    properties: dict[str, str],
) -> onnx.ModelProto:
    """Return a graph as a model, checked.

    Args:
        graph: complete.
        inputs: their shapes, without the batch.
        outputs: likewise; those of weights, `filters` and `filter_biases`, are added where they are there.
        properties: to store with it, by name.
    """
    described = [
        [
            helper.make_tensor_value_info(name, TensorProto.FLOAT, ["n", *shape])
            for name, shape in each.items()
        ]
        for each in (inputs, outputs)
    ]
    fixed = {"filters": graph.first_weights, "filter_biases": graph.first_biases}
    present = {output for node in graph.nodes for output in node.output}
    described[1] += [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, values.shape)
        for name, values in fixed.items()
        if values is not None and name in present
    ]
    model = helper.make_model(
        helper.make_graph(graph.nodes, "probe", *described, graph.tensors),
        opset_imports=[helper.make_opsetid("", OPSET)],
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
