"""A network from elsewhere reads 200 digits: what input it expects, what it answers with, and how well."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mnist_core.config import DIGIT_CLASSES, AppPaths
from mnist_core.datasets.glyphs import glyph_digit_cells
from mnist_core.datasets.labelled_cells import LabelledCells
from mnist_core.datasets.mnist import load_mnist, locate_mnist
from mnist_core.errors import DataError, ModelError
from mnist_core.reading.normalization import to_batch

TRIAL_CELLS = 200
_LEAST_RIGHT = 0.5
"""Of the trial's digits: who guesses has a tenth right, and who sees them upside down hardly more."""
_CLEARLY_BETTER = 0.02
"""By so much another scaling must read better than one before it."""

Predict = Callable[[NDArray[np.float32]], NDArray[np.float32]]
"""From a batch float32 (n, 28, 28, 1) in [0, 1], scaled, to values (n, 10)."""


@dataclass(frozen=True, slots=True)
class Scaling:
    """How ink from 0 to 1 becomes what a network expects: times a factor, plus an offset."""

    words: str
    factor: float
    offset: float


SCALINGS = (
    Scaling("0 to 1", 1.0, 0.0),
    Scaling("0 to 255", 255.0, 0.0),
    Scaling("-1 to 1", 2.0, -1.0),
    Scaling("mean 0, standard deviation 1", 1 / 0.3081, -0.1307 / 0.3081),
    Scaling("1 for paper to 0 for ink", -1.0, 1.0),
)


@dataclass(frozen=True, slots=True, eq=False)  # eq=False: comparing arrays has no single answer
class Trial:
    """What came of it.

    Attributes:
        data: which digits were read.
        scaling: with which they were read best.
        is_logits: whether the network answers with logits, and a softmax is still to come.
        readings: integers (n,).
        labels: integers (n,).
    """

    data: str
    scaling: Scaling
    is_logits: bool
    readings: NDArray[np.integer]
    labels: NDArray[np.integer]

    @property
    def right(self) -> int:
        return int((self.readings == self.labels).sum())


def try_network(predict: Predict, paths: AppPaths) -> Trial:
    """Have a network read 200 digits in every scaling that is common, and return the best.

    Args:
        predict: asks the network; what it raises passes.
        paths: where MNIST may lie.
    Raises:
        ModelError: it answers with something else than ten finite numbers, or reads hardly any digit.
    """
    data, digits = trial_digits(paths)
    ink = to_batch(digits.cells)
    best: Trial | None = None
    for scaling in SCALINGS:
        values = _checked(predict((scaling.factor * ink + scaling.offset).astype(np.float32)), len(ink))
        trial = Trial(data, scaling, not _are_probabilities(values), values.argmax(axis=1), digits.labels)
        if best is None or trial.right > best.right + _CLEARLY_BETTER * len(ink):
            best = trial
    if best is None or best.right < _LEAST_RIGHT * len(ink):
        count = best.right if best else 0
        raise ModelError(
            f"It reads {count} of {len(ink)} digits correctly, whatever scale its input has: it was made for "
            "something else than light digits of 28×28 pixels."
        )
    return best


def trial_digits(paths: AppPaths) -> tuple[str, LabelledCells]:
    """Return digits to try a network with: MNIST's test images, or drawn ones where MNIST is not here."""
    if locate_mnist(paths) is not None:
        try:
            mnist = load_mnist(paths)
        except DataError:  # damaged: the drawn ones will do
            pass
        else:
            chosen = np.linspace(0, len(mnist.test) - 1, TRIAL_CELLS).astype(int)
            return f"{mnist.name}, {TRIAL_CELLS} test cells", mnist.test.select(chosen)
    cells, labels = glyph_digit_cells(TRIAL_CELLS, np.random.default_rng(0))
    return f"{TRIAL_CELLS} drawn digits", LabelledCells(cells, labels)


def _checked(values: NDArray[np.float32], count: int) -> NDArray[np.float32]:
    values = np.asarray(values, np.float32)
    if values.shape != (count, DIGIT_CLASSES):
        raise ModelError(
            f"For {count} images it answers with {values.shape} values, not {DIGIT_CLASSES} for each."
        )
    if not np.isfinite(values).all():
        raise ModelError("It answers with what is no number.")
    return values


def _are_probabilities(values: NDArray[np.float32]) -> bool:
    return bool(values.min() >= 0 and np.abs(values.sum(axis=1) - 1).max() < 1e-3)
