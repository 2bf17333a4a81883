"""ONNX files from strangers' hands: checked as data, tried, and put into the form that reads here."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from google.protobuf.message import DecodeError  # type: ignore[import-untyped]  # it has no types
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from mnist_core.config import CELL_SIZE, DIGIT_CLASSES, AppPaths
from mnist_core.errors import ModelError
from mnist_core.reading.onnx_errors import OPEN_ERRORS, RUN_ERRORS
from mnist_core.training.import_trial import SCALINGS, Scaling, Trial, try_network
from mnist_core.training.network import PROBABILITIES

_RUN_ERRORS: tuple[type[Exception], ...] = (*RUN_ERRORS, ValueError)
_OPEN_ERRORS: tuple[type[Exception], ...] = (*OPEN_ERRORS, ValueError)
_DOMAINS = ("", "ai.onnx")
_MAX_NODES = 5000
_LEAST_OPSET = 7
"""From here on numbers are broadcast, which scaling needs."""
_LEAST_IR = 4
"""From here on weights need not be inputs, too."""
_SHAPES: dict[tuple[int, ...], list[int]] = {
    (CELL_SIZE, CELL_SIZE, 1): [-1, CELL_SIZE, CELL_SIZE, 1],
    (1, CELL_SIZE, CELL_SIZE): [-1, 1, CELL_SIZE, CELL_SIZE],
    (CELL_SIZE, CELL_SIZE): [-1, CELL_SIZE, CELL_SIZE],
    (CELL_SIZE**2,): [-1, CELL_SIZE**2],
}
"""Inputs that a cell can be reshaped to: one channel, so that its values keep their order."""


def import_onnx(content: bytes, path: Path, paths: AppPaths) -> tuple[Trial, int]:
    """Check a network, try it, and write it with input `cells` and output `probabilities`.

    Args:
        content: of the file; only data in it is looked at, and no other file is opened for it.
        path: of the file to write.
        paths: where MNIST may lie, for the trial.
    Returns:
        What came of the trial, and how many parameters it has.
    Raises:
        ModelError: it can't be read here; the message says why.
    """
    model = _parse(content)
    _require_plain(model)
    shape = _input_shape(model)
    output = _output_name(model)
    session = _open(model)
    name = session.get_inputs()[0].name

    def predict(batch: NDArray[np.float32]) -> NDArray[np.float32]:
        try:
            values: NDArray[np.float32] = session.run([output], {name: batch.reshape(shape)})[0]
        except _RUN_ERRORS as error:
            raise ModelError("It can't read several images at once, or takes other images.") from error
        return values

    trial = try_network(predict, paths)
    is_ours = name == "cells" and output == PROBABILITIES and shape == [-1, CELL_SIZE, CELL_SIZE, 1]
    if is_ours and trial.scaling is SCALINGS[0] and not trial.is_logits:
        path.write_bytes(content)  # with what else it answers
    else:
        onnx.save(_wrapped(model, shape, output, trial), str(path))
    return trial, sum(int(np.prod(weights.dims)) for weights in model.graph.initializer)


def _parse(content: bytes) -> onnx.ModelProto:
    try:
        model = onnx.load_model_from_string(content)
    except DecodeError as error:
        raise ModelError("It is no ONNX file, or damaged.") from error
    if not model.graph.node:
        raise ModelError("It is no ONNX file, or an empty one.")
    return model


def _require_plain(model: onnx.ModelProto) -> None:
    """Refuse what is more than a plain graph of known operators over numbers in this very file."""
    nodes = model.graph.node
    if len(nodes) > _MAX_NODES:
        raise ModelError(f"It has {len(nodes):,} operators; at most {_MAX_NODES:,} are taken.")
    if model.functions or model.graph.sparse_initializer:
        raise ModelError("It brings operators or a way of storing weights of its own, which are not taken.")
    if any(opset.version < _LEAST_OPSET for opset in model.opset_import if opset.domain in _DOMAINS):
        raise ModelError("It was saved long ago, for an operator set before 7: export it again.")
    foreign = sorted({node.domain for node in nodes if node.domain not in _DOMAINS})
    if foreign:
        raise ModelError(f"It needs operators of {foreign[0]!r}, which are not taken from elsewhere.")
    attributes = [attribute for node in nodes for attribute in node.attribute]
    if any(attribute.HasField("g") or attribute.graphs for attribute in attributes):
        raise ModelError("It holds loops or branches, which a network for digits does not need.")
    tensors = [*model.graph.initializer, *(one.t for one in attributes if one.HasField("t"))]
    tensors += [tensor for attribute in attributes for tensor in attribute.tensors]
    _require_own_finite(tensors)
    try:
        onnx.checker.check_model(model)
    except onnx.checker.ValidationError as error:
        raise ModelError("It is no sound ONNX network: ONNX's own check refuses it.") from error


def _require_own_finite(tensors: Iterable[TensorProto]) -> None:
    for tensor in tensors:
        if tensor.data_location == TensorProto.EXTERNAL or tensor.external_data:
            raise ModelError(
                "Its weights are in other files, which are never opened: save it with all weights inside."
            )
        try:
            values = numpy_helper.to_array(tensor)
        except (ValueError, TypeError, KeyError) as error:
            raise ModelError("Its weights are damaged.") from error
        if values.dtype.kind == "f" and not np.isfinite(values).all():
            raise ModelError("Some of its weights are no finite numbers.")


def _input_shape(model: onnx.ModelProto) -> list[int]:
    """Return the shape that a batch of cells takes for this network."""
    known = {weights.name for weights in model.graph.initializer}
    inputs = [entry for entry in model.graph.input if entry.name not in known]
    if len(inputs) != 1:
        raise ModelError(f"It has {len(inputs)} inputs, not one.")
    tensor = inputs[0].type.tensor_type
    if tensor.elem_type != TensorProto.FLOAT:
        raise ModelError("Its input are no 32-bit fractions (float32).")
    size = tuple(dim.dim_value for dim in tensor.shape.dim)[1:]
    if size not in _SHAPES:
        words = "×".join(str(side or "?") for side in size) or "nothing"
        raise ModelError(f"Its input is {words}, not 28×28 pixels in grey.")
    tensor.shape.dim[0].Clear()  # any number of images: the trial shows whether that is true
    tensor.shape.dim[0].dim_param = "n"
    return _SHAPES[size]


def _output_name(model: onnx.ModelProto) -> str:
    """Return the output with ten values; of several the one that is called so."""
    outputs = list(model.graph.output)
    sizes = {entry.name: [dim.dim_value for dim in entry.type.tensor_type.shape.dim] for entry in outputs}
    ten = [name for name, size in sizes.items() if len(size) == 2 and size[1] in (0, DIGIT_CLASSES)]
    if PROBABILITIES in ten:
        return PROBABILITIES
    if len(ten) != 1:
        raise ModelError(f"It has {len(ten)} outputs with ten values, not one.")
    return str(ten[0])


def _open(model: onnx.ModelProto) -> onnxruntime.InferenceSession:
    for entry in model.graph.output:
        if entry.type.tensor_type.shape.dim:
            entry.type.tensor_type.shape.dim[0].Clear()
            entry.type.tensor_type.shape.dim[0].dim_param = "n"
    del model.graph.value_info[:]  # hints, which may name the number of images that was
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    options.intra_op_num_threads = 1
    try:
        content = model.SerializeToString()
        return onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    except _OPEN_ERRORS as error:
        raise ModelError("ONNX Runtime can't open it: it is damaged, or of a newer version.") from error


def _wrapped(model: onnx.ModelProto, shape: list[int], output: str, trial: Trial) -> onnx.ModelProto:
    """Return the network with what its input needs in front, and a softmax behind where it has none."""
    graph = model.graph
    known = {weights.name for weights in graph.initializer}
    old_input = next(entry.name for entry in graph.input if entry.name not in known)
    names = {name for node in graph.node for name in (*node.input, *node.output)} | known
    prefix = "from-elsewhere-"
    while any(name.startswith(prefix) for name in names):
        prefix += "-"
    for node in graph.node:  # so that no name of its own is ours
        node.input[:] = [prefix + name if name else name for name in node.input]
        node.output[:] = [prefix + name if name else name for name in node.output]
    for weights in graph.initializer:
        weights.name = prefix + weights.name
    front = _front(prefix + old_input, shape, trial.scaling)
    kind = "Softmax" if trial.is_logits else "Identity"
    options = {"axis": 1} if trial.is_logits else {}
    back = helper.make_node(kind, [prefix + output], [PROBABILITIES], **options)
    nodes = [*(node for node, _ in front), *graph.node, back]
    wrapped = helper.make_graph(
        nodes,
        "digits",
        [helper.make_tensor_value_info("cells", TensorProto.FLOAT, ["n", CELL_SIZE, CELL_SIZE, 1])],
        [helper.make_tensor_value_info(PROBABILITIES, TensorProto.FLOAT, ["n", DIGIT_CLASSES])],
        [*graph.initializer, *(constant for _, constant in front)],
    )
    new = helper.make_model(
        wrapped, opset_imports=model.opset_import, ir_version=max(model.ir_version, _LEAST_IR)
    )
    onnx.checker.check_model(new)
    return new


def _front(target: str, shape: list[int], scaling: Scaling) -> list[tuple[onnx.NodeProto, onnx.TensorProto]]:
    """Return the nodes that scale and reshape cells, each with its constant."""
    steps = [
        ("Mul", np.array(scaling.factor, np.float32)),
        ("Add", np.array(scaling.offset, np.float32)),
        ("Reshape", np.array(shape, np.int64)),
    ]
    made, before = [], "cells"
    for number, (kind, value) in enumerate(steps):
        after = target if number == len(steps) - 1 else f"cells-{number}"
        constant = numpy_helper.from_array(value, f"cells-constant-{number}")
        made.append((helper.make_node(kind, [before, constant.name], [after]), constant))
        before = after
    return made
