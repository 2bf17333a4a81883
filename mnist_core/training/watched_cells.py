"""Which cells a class watches while a network learns: of each digit a crooked one, and a few plain ones."""

import numpy as np

from mnist_core.config import DIGIT_CLASSES
from mnist_core.datasets.labelled_cells import LabelledCells

SAMPLES = 16
_CROOKED = 0.97
"""Of a digit's cells, this share lies nearer to their mean: crooked, but no riddle."""
_PLAIN = 0.6


def choose_samples(cells: LabelledCells) -> LabelledCells:
    """Choose sixteen cells to watch, without any network: crooked ones turn right late.

    Args:
        cells: with at least one of each digit, for sixteen; left unchanged.
    Returns:
        One crooked cell of each digit and one plain cell of the first six, in order of digits. Fewer where
        there are too few.
    """
    chosen: list[int] = []
    for digit in range(DIGIT_CLASSES):
        places = np.flatnonzero(cells.labels == digit)
        if not len(places):
            continue
        ink = cells.cells[places].astype(np.float32)
        ranked = places[np.argsort(((ink - ink.mean(axis=0)) ** 2).sum(axis=(1, 2)), kind="stable")]
        shares = (_CROOKED, _PLAIN) if digit < SAMPLES - DIGIT_CLASSES else (_CROOKED,)
        picks = [int(ranked[int(share * (len(ranked) - 1))]) for share in shares]
        chosen += list(dict.fromkeys(picks))
    return cells.select(np.array(chosen, np.int64))
