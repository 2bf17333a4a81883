"""Training, calibration and test digits drawn from thirty people's pen strokes."""

import hashlib
from pathlib import Path

import numpy as np

from mnist_core.datasets.handwriting import StrokeVariation, draw_cells
from mnist_core.datasets.labelled_cells import LabelledCells
from mnist_core.datasets.pen_strokes import load_pen_digits
from mnist_core.datasets.pendigits import (
    CALIBRATION_WRITERS,
    CREDIT,
    HELD_OUT_WRITERS,
    TRAINING_WRITERS,
    of_writers,
)
from mnist_core.errors import DataError
from mnist_core.storage.model_card import TrainingData
from mnist_core.training.mixture.training_set import Contribution, Source, TestSet, labels_of

_POOL, _PER_EPOCH = 8, 3
"""Each digit is drawn so many times before training; an epoch uses so many of these drawings."""
_CALIBRATION_DRAWINGS = 2
"""Of each digit."""


def pendigits_contribution(path: Path, rng: np.random.Generator) -> Contribution:
    """Draw the digits of each writer for what the writer is held for.

    Args:
        path: of `pendigits-orig.tra`.
        rng: decides how training digits are drawn; the others are the same for every seed.
    Raises:
        DataError: the file is missing or malformed, or lacks some writers.
    """
    digits = load_pen_digits(path)
    train, calibration, held_out = (
        of_writers(digits, writers) for writers in (TRAINING_WRITERS, CALIBRATION_WRITERS, HELD_OUT_WRITERS)
    )
    if not (train and calibration and held_out):
        raise DataError(f"{path} lacks some of the 30 writers: it can't be split by writer.")
    drawn = [draw_cells(train, rng, StrokeVariation()) for _ in range(_POOL)]
    source = Source(np.concatenate(drawn), np.tile(labels_of(train), _POOL), _PER_EPOCH * len(train))
    fixed = np.random.default_rng(0)
    calibration *= _CALIBRATION_DRAWINGS
    calibration_cells = LabelledCells(draw_cells(calibration, fixed), labels_of(calibration))
    name = f"tablet digits of {len(HELD_OUT_WRITERS)} held-out writers"
    test_set = TestSet(name, draw_cells(held_out, fixed), labels_of(held_out))
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    data = TrainingData(f"{CREDIT}; {len(TRAINING_WRITERS)} of its 30 writers", sha256, len(train))
    return Contribution((source,), (calibration_cells,), (test_set,), (data,))
