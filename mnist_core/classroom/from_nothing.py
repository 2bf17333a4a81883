"""Teach a classifier that knows nothing: what more of the class's own digits are worth to it."""

from dataclasses import dataclass
from importlib.util import find_spec

import numpy as np
from numpy.typing import NDArray

from mnist_core.classroom.class_cells import ClassCells
from mnist_core.config import CELL_SIZE
from mnist_core.datasets.labelled_cells import BYTE_SCALE
from mnist_core.errors import DataError

_SIZES = (30, 100, 300, 1000, 3000)
_STRENGTH = 0.1
"""Of logistic regression's regularization, inverse: else few digits of many pixels are learned by heart."""
_TOLERANCE, _MOST_STEPS = 1e-2, 500


@dataclass(frozen=True, slots=True)
class LearningPoint:
    """How well a classifier reads hands it never saw, after so many digits.

    Attributes:
        digits: that it learned from.
        right: of the digits held out, how many it reads right.
        total: how many are held out.
    """

    digits: int
    right: int
    total: int


def learn_from_nothing(parts: ClassCells, seed: int = 0) -> tuple[LearningPoint, ...]:
    """Train logistic regression on pixels, with ever more of a class's digits.

    Args:
        parts: the digits to learn from, and those of other hands to test on.
        seed: decides which digits come first.
    Raises:
        DataError: there are too few digits, nobody's are held out, or scikit-learn is not installed.
    """
    if not len(parts.test) or len(parts.train) < _SIZES[0]:
        raise DataError(f"For this, two pupils or more have to draw, and {_SIZES[0]} digits or more in all.")
    if find_spec("sklearn") is None:
        raise DataError(
            "This needs what training needs (requirements-train.txt), which is not installed here."
        )
    order = np.random.default_rng(seed).permutation(len(parts.train))
    sizes = [size for size in _SIZES if size < len(order)] + [len(order)]
    train, test = _pixels(parts.train.cells), _pixels(parts.test.cells)
    points = []
    for size in sizes:
        chosen = order[:size]
        read = _fit_and_read(train[chosen], parts.train.labels[chosen], test)
        points.append(LearningPoint(size, int((read == parts.test.labels).sum()), len(parts.test)))
    return tuple(points)


def _fit_and_read(
    cells: NDArray[np.float32], labels: NDArray[np.integer], unseen: NDArray[np.float32]
) -> NDArray[np.integer]:
    from sklearn.linear_model import (
        LogisticRegression,  # takes a second and 60 MB: only where it is asked for
    )
    from threadpoolctl import threadpool_limits

    if len(np.unique(labels)) == 1:
        return np.full(len(unseen), labels[0])
    with threadpool_limits(1):  # the other cores answer those who draw
        model = LogisticRegression(C=_STRENGTH, tol=_TOLERANCE, max_iter=_MOST_STEPS).fit(cells, labels)
        return np.asarray(model.predict(unseen), np.int64)


def _pixels(cells: NDArray[np.uint8]) -> NDArray[np.float32]:
    return cells.reshape(len(cells), CELL_SIZE**2) * BYTE_SCALE
