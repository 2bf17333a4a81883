"""Networks as other programs save them: the shipped one, with another input and another output."""

import io
import zipfile

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from mnist_core.config import SHIPPED_FOLDER, ModelFiles

SHIPPED = ModelFiles(SHIPPED_FOLDER)


def foreign_onnx(side=(1, 28, 28), factor=255.0, is_logits=True):
    """An ONNX network that takes pixels from 0 to `factor`, and answers with logits or probabilities."""
    model = onnx.load(SHIPPED.onnx)
    graph = model.graph
    for node in graph.node:
        node.input[:] = ["inner" if name == "cells" else name for name in node.input]
    scale = numpy_helper.from_array(np.array(1 / factor, np.float32), "its-scale")
    shape = numpy_helper.from_array(np.array([-1, 28, 28, 1], np.int64), "its-shape")
    front = [
        helper.make_node("Mul", ["image", "its-scale"], ["scaled"]),
        helper.make_node("Reshape", ["scaled", "its-shape"], ["inner"]),
    ]
    tiny = numpy_helper.from_array(np.array(1e-9, np.float32), "its-tiny")
    back = [
        helper.make_node("Add", ["probabilities", "its-tiny"], ["positive"]),
        helper.make_node("Log" if is_logits else "Identity", ["positive"], ["answer"]),
    ]
    return helper.make_model(
        helper.make_graph(
            [*front, *graph.node, *back],
            "elsewhere",
            [helper.make_tensor_value_info("image", TensorProto.FLOAT, ["batch", *side])],
            [helper.make_tensor_value_info("answer", TensorProto.FLOAT, ["batch", 10])],
            [*graph.initializer, scale, shape, tiny],
        ),
        opset_imports=model.opset_import,
        ir_version=model.ir_version,
    )


def zipped(**files):
    """A zip archive with these contents; an underscore in a name stands for the dot."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in files.items():
            archive.writestr(name.replace("_", "."), part)
    return content.getvalue()


def repacked(content, **changes):
    """The same archive with some files replaced; None leaves one out."""
    changes = {name.replace("_", "."): part for name, part in changes.items()}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()} | changes
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, part in files.items():
            if part is not None:
                archive.writestr(name, part)
    return packed.getvalue()
