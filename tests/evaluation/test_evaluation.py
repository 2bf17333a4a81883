import numpy as np
import pytest

from mnist_core.config import AppPaths
from mnist_core.datasets.labelled_cells import Dataset
from mnist_core.errors import DataError, ModelError
from mnist_core.evaluation import evaluation
from mnist_core.evaluation.evaluation import (
    evaluate_on,
    load_evaluation,
    load_evaluation_file,
    save_evaluation,
)
from tests.shelved_models import bars, shelve


@pytest.fixture
def paths(tmp_path):
    return AppPaths(home=tmp_path / "home", mnist=None)


@pytest.fixture
def tiny_mnist(monkeypatch):
    """Let bars stand for MNIST; the list grows with each load."""
    loaded = []

    def load(paths):
        loaded.append(paths)
        return Dataset("MNIST", "", bars(), bars(30, seed=1))

    monkeypatch.setattr(evaluation, "load_mnist", load)
    monkeypatch.setattr(evaluation, "locate_mnist", lambda paths: "here")
    return loaded


def test_an_evaluation_comes_back_as_it_was(paths, tmp_path):
    made = evaluate_on(paths.model("shipped"), "bars", bars())
    save_evaluation(made, tmp_path / "evaluation.npz")
    back = load_evaluation_file(tmp_path / "evaluation.npz")
    assert back.data == "bars"
    np.testing.assert_array_equal(back.cells, made.cells)
    np.testing.assert_array_equal(back.report.labels, made.report.labels)
    np.testing.assert_array_equal(back.report.probabilities, made.report.probabilities)


def test_a_models_own_evaluation_needs_no_data(paths):
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


def test_without_mnist_it_how_to_get_it_is_reported(tmp_path):
    paths = AppPaths(home=tmp_path, mnist=tmp_path)
    with pytest.raises(DataError, match="three ways"):
        load_evaluation("shipped", paths)


@pytest.mark.parametrize(
    "arrays",
    [
        pytest.param({}, id="nothing"),
        pytest.param({"probabilities": np.zeros((3, 9), np.float32)}, id="nine classes"),
        pytest.param({"probabilities": np.full((3, 10), np.nan, np.float32)}, id="no numbers"),
        pytest.param({"cells": np.zeros((3, 28, 27), np.uint8)}, id="other cells"),
        pytest.param({"labels": np.array([1, 2, 12])}, id="labels outside"),
        pytest.param({"labels": np.array([{}, {}, {}])}, id="pickled"),
    ],
)
def test_damaged_evaluations_are_refused(tmp_path, arrays):
    path = tmp_path / "evaluation.npz"
    sound = {
        "data": np.array("bars"),
        "cells": np.zeros((3, 28, 28), np.uint8),
        "labels": np.array([1, 2, 3]),
        "probabilities": np.full((3, 10), 0.1, np.float32),
    }
    np.savez(path, **(sound | arrays if arrays else {}))
    with pytest.raises(ModelError, match=r"evaluation\.npz"):
        load_evaluation_file(path)


def test_damaged_bytes_are_refused_or_loaded(paths, tmp_path):
    path = tmp_path / "evaluation.npz"
    save_evaluation(evaluate_on(paths.model("shipped"), "bars", bars()), path)
    sound = path.read_bytes()
    rng = np.random.default_rng(12)
    refused = 0
    for number in range(200):
        damaged = bytearray(sound)
        # In the names, headers and directory, most of all: beyond them a checksum finds it.
        places = rng.choice([*range(300), *range(len(sound) - 300, len(sound))], 3)
        damaged[int(places[0])] ^= 1 << rng.integers(8)
        damaged[int(places[1])] = rng.integers(256)
        path.write_bytes(damaged[: -int(places[2] % 50)] if number % 5 == 0 else damaged)
        try:
            load_evaluation_file(path)
        except ModelError:
            refused += 1
    assert refused > 100
