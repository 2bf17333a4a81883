"""Evaluations are loaded once for all visitors, and anew when a file changes."""

import os

import pytest

from mnist_core.config import AppPaths
from mnist_core.errors import ModelError
from pages.evaluation import cache


@pytest.fixture
def loaded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Collect the names of the models whose evaluations are loaded."""
    names: list[str] = []
    load = cache.load_evaluation
    monkeypatch.setattr(cache, "load_evaluation", lambda name, paths: names.append(name) or load(name, paths))
    return names


def test_evaluation_is_loaded_once_until_a_file_changes(paths: AppPaths, loaded: list[str]) -> None:
    assert cache.open_evaluation("mine", paths) is cache.open_evaluation("mine", paths)
    assert loaded == ["mine"]
    for file in (paths.model("mine").onnx, paths.model("mine").evaluation):
        os.utime(file, ns=(1, 1))
        cache.open_evaluation("mine", paths)
    assert loaded == ["mine"] * 3


def test_comparison_is_made_once(paths: AppPaths, monkeypatch: pytest.MonkeyPatch) -> None:
    first = cache.open_comparison("mine", "mine", paths)
    monkeypatch.setattr(cache, "compare_models", None)
    assert cache.open_comparison("mine", "mine", paths) is first


def test_missing_model_is_an_error(paths: AppPaths) -> None:
    with pytest.raises(ModelError, match="no model"):
        cache.open_evaluation("theirs", paths)
