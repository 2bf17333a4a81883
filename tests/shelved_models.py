"""Models on a shelf without any training: the shipped network under other names, and broken ones."""

import shutil
from dataclasses import replace

import numpy as np

from mnist_core.datasets.labelled_cells import LabelledCells
from mnist_core.evaluation.evaluation import evaluate_on, save_evaluation
from mnist_core.storage.model_card import load_card, save_card
from mnist_core.storage.model_folder import new_model_folder


def bars(count=60, seed=0):
    """Cells with an upright bar each, called 1 but for every sixth, which is called 7."""
    rng = np.random.default_rng(seed)
    cells = np.zeros((count, 28, 28), np.uint8)
    for cell, x in zip(cells, rng.integers(9, 17, count), strict=True):
        cell[4:24, x : x + 3] = rng.integers(180, 256)
    return LabelledCells(cells, np.where(np.arange(count) % 6 == 5, 7, 1))


def shelve(name, paths, cells=None):
    """Put the shipped network on the shelf, with what it makes of some cells."""
    shipped = paths.model("shipped")
    with new_model_folder(paths.model(name).folder) as files:
        shutil.copy(shipped.onnx, files.onnx)
        shutil.copy(shipped.keras, files.keras)
        evaluation = evaluate_on(shipped, "bars", bars() if cells is None else cells)
        save_evaluation(evaluation, files.evaluation)
        matrix = tuple(tuple(map(int, row)) for row in evaluation.report.confusion_matrix)
        save_card(replace(load_card(shipped.card), name=name, confusion_matrix=matrix), files.card)
    return paths.model(name)


def write_network(path, outputs=10, weight=0.01, softmax=True, side=28):
    """Write an .onnx of one dense layer, with or without what makes probabilities of its sums."""
    from onnx import TensorProto, checker, helper, numpy_helper, save

    weights = np.full((side * side, outputs), weight, np.float32)
    nodes = [
        helper.make_node("Flatten", ["cells"], ["flat"]),
        helper.make_node("MatMul", ["flat", "weights"], ["sums" if softmax else "probabilities"]),
    ]
    if softmax:
        nodes.append(helper.make_node("Softmax", ["sums"], ["probabilities"], axis=1))
    graph = helper.make_graph(
        nodes,
        "dense",
        [helper.make_tensor_value_info("cells", TensorProto.FLOAT, [None, side, side, 1])],
        [helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, [None, outputs])],
        [numpy_helper.from_array(weights, "weights")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    checker.check_model(model)
    save(model, path)
