import numpy as np
import pytest

from mnist_core.config import AppPaths
from mnist_core.datasets.labelled_cells import Dataset
from mnist_core.errors import DataError, ModelError
from mnist_core.evaluation import evaluation
from mnist_core.evaluation.evaluation import (
    compare_models,
    evaluate_on,
    load_evaluation,
    mcnemar,
    read_evaluation,
    save_evaluation,
)
from tests.shelved_models import bars, shelve, write_network


@pytest.fixture
def paths(tmp_path):
    return AppPaths(home=tmp_path / "home", mnist=None)


@pytest.fixture
def tiny_mnist(monkeypatch):
    """Let bars stand for MNIST; gives the times it was loaded."""
    loaded = []

    def load(paths):
        loaded.append(paths)
        return Dataset("MNIST", "", bars(), bars(30, seed=1))

    monkeypatch.setattr(evaluation, "load_mnist", load)
    monkeypatch.setattr(evaluation, "where_mnist", lambda paths: "here")
    return loaded


def test_an_evaluation_comes_back_as_it_was(paths, tmp_path):
    made = evaluate_on(paths.model("shipped"), "bars", bars())
    save_evaluation(made, tmp_path / "evaluation.npz")
    back = read_evaluation(tmp_path / "evaluation.npz")
    assert back.data == "bars"
    np.testing.assert_array_equal(back.cells, made.cells)
    np.testing.assert_array_equal(back.report.labels, made.report.labels)
    np.testing.assert_array_equal(back.report.probabilities, made.report.probabilities)


def test_a_models_own_test_results_need_no_data(paths):
    shelve("ours", paths)
    made = load_evaluation("ours", paths)
    assert (made.name, made.data, made.report.total) == ("ours", "bars", 60)


def test_the_shipped_model_is_evaluated_once(paths, tiny_mnist):
    first, again = load_evaluation("shipped", paths), load_evaluation("shipped", paths)
    assert len(tiny_mnist) == 1
    assert (first.name, first.data, first.report.total) == ("shipped", "MNIST, test cells", 30)
    np.testing.assert_array_equal(first.report.probabilities, again.report.probabilities)
    (cached,) = (paths.home / "evaluations").iterdir()
    cached.write_bytes(b"damaged")
    assert load_evaluation("shipped", paths).report.total == 30
    assert len(tiny_mnist) == 2


def test_without_mnist_it_is_told_how_to_bring_it(tmp_path):
    paths = AppPaths(home=tmp_path, mnist=tmp_path)
    with pytest.raises(DataError, match="three ways"):
        load_evaluation("shipped", paths)


@pytest.mark.parametrize(
    "arrays",
    [
        pytest.param({}, id="nothing"),
        pytest.param({"probabilities": np.zeros((3, 9), np.float32)}, id="nine answers"),
        pytest.param({"probabilities": np.full((3, 10), np.nan, np.float32)}, id="no numbers"),
        pytest.param({"cells": np.zeros((3, 28, 27), np.uint8)}, id="other cells"),
        pytest.param({"labels": np.array([1, 2, 12])}, id="labels outside"),
        pytest.param({"labels": np.array([{}, {}, {}])}, id="pickled"),
    ],
)
def test_damaged_test_results_are_told(tmp_path, arrays):
    path = tmp_path / "evaluation.npz"
    sound = {
        "data": np.array("bars"),
        "cells": np.zeros((3, 28, 28), np.uint8),
        "labels": np.array([1, 2, 3]),
        "probabilities": np.full((3, 10), 0.1, np.float32),
    }
    np.savez(path, **(sound | arrays if arrays else {}))
    with pytest.raises(ModelError, match=r"evaluation\.npz"):
        read_evaluation(path)


def test_models_are_compared_on_the_same_cells(paths):
    shelve("ours", paths)
    other = shelve("theirs", paths, bars(30, seed=1))
    write_network(other.onnx)  # reads a 0 in everything
    comparison = compare_models("ours", "theirs", paths)
    assert comparison.second.name == "theirs"
    np.testing.assert_array_equal(comparison.first.cells, comparison.second.cells)
    assert comparison.only_second.tolist() == []
    assert len(comparison.only_first) == comparison.first.report.right
    assert len(comparison.only_first) + len(comparison.neither) == 60
    assert comparison.p_value < 0.001
    assert "ours is better" in comparison.words


def test_a_model_is_no_better_than_itself(paths):
    shelve("ours", paths)
    comparison = compare_models("ours", "ours", paths)
    assert comparison.p_value == 1
    assert "no difference" in comparison.words


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [(0, 0, 1), (5, 5, 1), (10, 2, 0.0385742), (2, 10, 0.0385742), (20, 5, 0.0040773), (6, 0, 0.03125)],
)
def test_mcnemars_test_is_exact(first, second, expected):
    assert mcnemar(first, second) == pytest.approx(expected, abs=1e-6)


def test_mcnemars_test_takes_thousands():
    assert 0 < mcnemar(5200, 4800) < 0.001
