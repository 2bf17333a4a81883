"""A small evaluation to show."""

import numpy as np
import pytest

from mnist_core.evaluation.evaluation import Evaluation
from mnist_core.evaluation.metrics import EvaluationReport


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
