"""Measuring a model from the command line."""

import json

import numpy as np
import pytest

from mnist_core.config import AppPaths
from mnist_core.datasets.cell_hashes import hash_cells, save_hashes
from tests.pages.classroom import hand_drawn_cells, put_on_shelf


def test_evaluate_counts_every_cell(run, tmp_path):
    cells = np.zeros((3, 28, 28), np.uint8)
    cells[:, 4:24, 13:15] = 255
    rows = [",".join(map(str, [label, *cell.ravel()])) for label, cell in zip((1, 1, 2), cells, strict=True)]
    table = tmp_path / "ones.csv"
    header = "label," + ",".join(f"pixel{k}" for k in range(784))
    table.write_text("\n".join([header, *rows]) + "\n")
    status, output, _ = run("evaluate", "--data", table, "--format", "json")
    report = json.loads(output)
    assert status == 0
    assert (report["right"], report["total"]) == (2, 3)
    assert report["confusion_matrix"][2][1] == 1
    status, output, _ = run("evaluate", "--data", table)
    assert "2 of 3 right" in output


@pytest.fixture
def table(tmp_path):
    """A table of fifty hand-drawn digits, dark on light."""
    cells, labels = hand_drawn_cells(5)
    path = tmp_path / "mine.npz"
    nothing = {"x_test": cells[:0], "y_test": labels[:0]}
    np.savez(path, x_train=255 - cells, y_train=labels, **nothing)
    return path


def test_evaluate_scores_cells_that_the_model_learned_from_apart(run, tmp_path, table):
    home = tmp_path / "home"
    put_on_shelf(home, "mine")
    cells = 255 - hand_drawn_cells(5)[0]
    save_hashes(hash_cells(cells[:30]), AppPaths(home, None).model("mine").training_hashes)
    _, output, _ = run("evaluate", "--model", "mine", "--data", table, "--format", "json")
    report = json.loads(output)
    assert report["seen_in_training"]["total"] == 30
    assert report["unseen"]["total"] == 20
    assert len(report["unseen"]["interval"]) == 2
    _, output, _ = run("evaluate", "--model", "mine", "--data", table)
    assert "trained on 30 of these 50 images" in output


def test_evaluate_says_where_it_is_not_known_what_a_model_learned_from(run, table, monkeypatch, tmp_path):
    monkeypatch.setenv("MNIST_DATA", str(tmp_path / "no-mnist-here"))
    status, output, remarks = run("evaluate", "--data", table, "--format", "json")
    assert status == 0
    assert json.loads(output)["unseen"] is None
    assert "learned from is not known" in remarks


def test_evaluate_says_what_looks_wrong_with_a_table_and_goes_on(run, table):
    status, output, remarks = run("evaluate", "--data", table)
    assert status == 0
    assert "of 50 right" in output
    assert remarks.count("Please check") == 1
    assert "dark on light paper" in remarks


def test_evaluate_tells_what_is_wrong_with_its_data(run, tmp_path):
    status, output, remarks = run("evaluate", "--data", tmp_path / "gone.csv")
    assert (status, output) == (1, "")
    assert "gone.csv" in remarks
