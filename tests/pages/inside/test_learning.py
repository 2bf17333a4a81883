"""Step 8 without a browser, and without tensorflow: the snapshots are a network of one layer, made here."""

from pathlib import Path

import numpy as np
import pytest
from onnx import TensorProto, helper, numpy_helper
from streamlit.testing.v1 import AppTest

from mnist_core.config import AppPaths
from mnist_core.explanations.epochs import EPOCHS_KEY
from tests.pages.classroom import put_on_shelf
from tests.pages.inside.walk import drawing_of, painted, sentences, show


def write_epochs(path: Path, answers: dict[int, int]) -> None:
    """Write snapshots which answer with one digit each, whatever they are shown."""
    nodes, values = [helper.make_node("Flatten", ["cells"], ["flat"])], []
    for epoch, digit in answers.items():
        weights = np.zeros((784, 10), np.float32)
        weights[:, digit] = 0.05
        values.append(numpy_helper.from_array(weights, f"weights_{epoch}"))
        nodes.append(helper.make_node("MatMul", ["flat", f"weights_{epoch}"], [f"logits_{epoch}"]))
        nodes.append(helper.make_node("Softmax", [f"logits_{epoch}"], [f"epoch_{epoch}"], axis=1))
    cells = helper.make_tensor_value_info("cells", TensorProto.FLOAT, ["n", 28, 28, 1])
    outputs = [
        helper.make_tensor_value_info(f"epoch_{epoch}", TensorProto.FLOAT, ["n", 10]) for epoch in answers
    ]
    model = helper.make_model(
        helper.make_graph(nodes, "epochs", [cells], outputs, values),
        opset_imports=[helper.make_opsetid("", 17)],
        ir_version=8,
    )
    helper.set_model_props(model, {EPOCHS_KEY: str(list(answers))})
    path.write_bytes(model.SerializeToString())


@pytest.fixture
def trained(tmp_path: Path) -> None:
    put_on_shelf(tmp_path, "ours")
    write_epochs(AppPaths(tmp_path, None).model("ours").epochs, {1: 1, 2: 1, 4: 7, 8: 7})


def test_the_answer_is_followed_from_epoch_to_epoch(page: AppTest, trained: None) -> None:
    show(page, drawing_of("7"), "learning")
    assert "After epoch 1 it read **1**" in sentences(page)
    assert "From epoch 4 on the answer stayed" in sentences(page)


def test_damaged_snapshots_are_named_in_a_sentence(page: AppTest, trained: None, tmp_path: Path) -> None:
    AppPaths(tmp_path, None).model("ours").epochs.write_bytes(b"half")
    show(page, drawing_of("7"), "learning")
    assert "damaged" in page.error[0].value


def test_without_a_trained_network_the_page_says_how_to_get_one(page: AppTest) -> None:
    show(page, drawing_of("7"), "learning")
    assert "Train one on the page Train" in sentences(page)
    assert len(painted(page)["cells"]) == 8


def test_every_word_of_learning_has_its_place(page: AppTest) -> None:
    show(page, drawing_of("7"), "learning")
    for word in ("overfitting", "confusion matrix", "calibration", "learning rate", "Augmentation"):
        assert f"**{word}" in sentences(page)
