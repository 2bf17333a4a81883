"""A small evaluation to show, and a shelf with a model that has one."""

from pathlib import Path

import numpy as np
import pytest

from mnist_core.config import AppPaths
from mnist_core.evaluation.evaluation import Evaluation
from mnist_core.evaluation.metrics import EvaluationReport
from tests.pages.classroom import put_on_shelf


@pytest.fixture
def evaluation() -> Evaluation:
    """Make an evaluation of twenty cells: each digit twice, one 4 read as a 9."""
    labels = np.repeat(np.arange(10), 2)
    readings = labels.copy()
    readings[8] = 9
    probabilities = np.full((20, 10), 0.02, np.float32)
    probabilities[np.arange(20), readings] = 0.82
    return Evaluation(
        "mine", "cells", np.zeros((20, 28, 28), np.uint8), EvaluationReport(labels, probabilities)
    )


@pytest.fixture
def paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AppPaths:
    """Make a home with one trained model, `mine`, which misread five zeros, on a machine without MNIST."""
    monkeypatch.setenv("DIGITS_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("MNIST_DATA", str(tmp_path / "nothing"))
    put_on_shelf(tmp_path / "home", "mine", wrong=5)
    return AppPaths.from_environment()
