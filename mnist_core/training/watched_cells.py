"""The cells whose predictions are shown during training: of each digit a hard one, and a few easy ones."""

import numpy as np

from mnist_core.config import DIGIT_CLASSES
from mnist_core.datasets.labelled_cells import LabelledCells

WATCHED_CELLS = 16
_HARD = 0.97
"""Of a digit's cells, this share lies nearer to their mean: hard, but legible."""
_EASY = 0.6


def choose_watched_cells(cells: LabelledCells) -> LabelledCells:
    """Choose sixteen cells to watch, by their distance from the mean: hard ones are learned late.

    Args:
        cells: with at least one of each digit, for sixteen; left unchanged.
    Returns:
        One hard cell of each digit and one easy cell of the first six, in order of digits. Fewer where
        there are too few.
    """
    chosen: list[int] = []
    for digit in range(DIGIT_CLASSES):
        indices = np.flatnonzero(cells.labels == digit)
        if not len(indices):
            continue
        ink = cells.cells[indices].astype(np.float32)
        ranked = indices[np.argsort(((ink - ink.mean(axis=0)) ** 2).sum(axis=(1, 2)), kind="stable")]
        shares = (_HARD, _EASY) if digit < WATCHED_CELLS - DIGIT_CLASSES else (_HARD,)
        picks = [int(ranked[int(share * (len(ranked) - 1))]) for share in shares]
        chosen += list(dict.fromkeys(picks))
    return cells.select(np.array(chosen, np.int64))
