"""From Keras to ONNX: the same network for ONNX Runtime, compared before it is used."""

from pathlib import Path

import keras
import numpy as np
import onnx
import onnxruntime
import tensorflow as tf
import tf2onnx
from numpy.typing import NDArray

from mnist_core.config import CELL_SIZE
from mnist_core.errors import ModelError
from mnist_core.training.network import DIGIT_PROBABILITY, PROBABILITIES, SIGN_PROBABILITY

AGREEMENT = 1e-5
"""Both runtimes' outputs differ by less than this, by rounding only."""
_OPSET = 17


def export_onnx(network: keras.Model, path: Path) -> None:
    """Write a network as ONNX and check that it agrees with Keras.

    Args:
        network: from `build_network`, computing in float32.
        path: of the file to write.
    Raises:
        ModelError: the exported network's outputs differ.
    """
    names = [name for name in (PROBABILITIES, DIGIT_PROBABILITY, SIGN_PROBABILITY) if name in network.output]
    signature = [tf.TensorSpec((None, CELL_SIZE, CELL_SIZE, 1), tf.float32, name="cells")]

    @tf.function(input_signature=signature, autograph=False)  # type: ignore[untyped-decorator]  # tensorflow has no types
    def predict(cells: tf.Tensor) -> list[tf.Tensor]:
        outputs = network(cells, training=False)
        return [tf.identity(outputs[name], name=name) for name in names]

    model, _ = tf2onnx.convert.from_function(predict, signature, opset=_OPSET)
    onnx.save(_rename(model, ["cells"], names), str(path))
    _require_agreement(network, path, names)


def run_onnx(path: Path, batch: NDArray[np.float32], names: list[str]) -> list[NDArray[np.float32]]:
    """Compute an exported network's outputs, in the order of `names`, for a batch float32 (n, 28, 28, 1)."""
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    outputs: list[NDArray[np.float32]] = session.run(names, {"cells": batch})
    return outputs


def _rename(model: onnx.ModelProto, inputs: list[str], outputs: list[str]) -> onnx.ModelProto:
    """Rename inputs and outputs to these, whatever the converter called them."""
    graph = model.graph
    new_names = dict(zip((entry.name for entry in graph.input), inputs, strict=True))
    new_names.update(zip((entry.name for entry in graph.output), outputs, strict=True))
    for entry in (*graph.input, *graph.output):
        entry.name = new_names[entry.name]
    for node in graph.node:
        node.input[:] = [new_names.get(name, name) for name in node.input]
        node.output[:] = [new_names.get(name, name) for name in node.output]
    onnx.checker.check_model(model)
    return model


def _require_agreement(network: keras.Model, path: Path, names: list[str]) -> None:
    batch = np.random.default_rng(0).random((32, CELL_SIZE, CELL_SIZE, 1), np.float32)
    expected = network(batch, training=False)
    for name, actual in zip(names, run_onnx(path, batch, names), strict=True):
        difference = float(np.abs(np.asarray(expected[name]) - actual).max())
        if not difference < AGREEMENT:
            raise ModelError(f"The exported network's {name} differ from Keras' by {difference:.1e}.")
