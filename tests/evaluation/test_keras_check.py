"""The two files of a model compared, with a Keras that is none; test_model_export has the real one."""

import sys
from types import SimpleNamespace

import numpy as np
import pytest

from mnist_core.config import SHIPPED_FOLDER, ModelFiles
from mnist_core.evaluation import keras_check
from mnist_core.reading.recognizer import Recognizer

SHIPPED = ModelFiles(SHIPPED_FOLDER)


@pytest.fixture
def check(monkeypatch):
    """Give a function that checks the shipped model with a network in place of the one Keras would load."""

    def check_with(load_model) -> None:
        keras = SimpleNamespace(models=SimpleNamespace(load_model=load_model))
        monkeypatch.setitem(sys.modules, "keras", keras)
        monkeypatch.setattr(sys, "argv", ["keras_check", str(SHIPPED_FOLDER)])
        keras_check.main()

    return check_with


def predicting(change: float):
    recognizer = Recognizer.open(SHIPPED)

    def load_model(path, *, compile: bool, safe_mode: bool):
        assert (path, compile, safe_mode) == (SHIPPED.keras, False, True)
        return lambda batch, training: {"probabilities": recognizer.probabilities(batch[..., 0]) + change}

    return load_model


def test_two_files_that_agree_pass(check):
    check(predicting(1e-6))


@pytest.mark.parametrize("change", [1e-3, float("nan")])
def test_two_files_that_differ_are_told(check, change):
    with pytest.raises(SystemExit, match="differ in their predictions"):
        check(predicting(change))


@pytest.mark.parametrize("error", [OSError, ValueError, TypeError, KeyError])
def test_a_file_that_keras_can_not_load_is_told(check, error):
    def load_model(*_, **__):
        raise error

    with pytest.raises(SystemExit, match=r"can't load model\.keras: it is damaged"):
        check(load_model)


def test_without_keras_another_way_is_offered(monkeypatch):
    monkeypatch.setitem(sys.modules, "keras", None)
    monkeypatch.setattr(sys, "argv", ["keras_check", str(SHIPPED_FOLDER)])
    with pytest.raises(SystemExit, match=r"make install-train.*as \.onnx"):
        keras_check.main()


def test_the_cells_compared_are_the_same_each_time(check):
    seen = []
    load = predicting(0.0)

    def load_model(*arguments, **options):
        network = load(*arguments, **options)
        return lambda batch, training: seen.append(batch) or network(batch, training)

    check(load_model)
    check(load_model)
    np.testing.assert_array_equal(*seen)
