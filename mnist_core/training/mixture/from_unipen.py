"""Training, calibration and test cells from UNIPEN's writers: digits, letters, signs, wrong groups."""

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mnist_core.datasets.decorations import PEN_WIDTHS, decorate_digits
from mnist_core.datasets.handwriting import StrokeVariation, draw_cells
from mnist_core.datasets.labelled_cells import LabelledCells
from mnist_core.datasets.pen_strokes import PenDigit
from mnist_core.datasets.unipen import (
    CREDIT,
    SIGNS,
    TRAINING_LABELS,
    UNLIKE_DIGITS,
    PenCharacter,
    Split,
    as_pen_digits,
    balance_labels,
    draw_parts,
    load_unipen,
    place_beside,
    select_characters,
)
from mnist_core.errors import DataError
from mnist_core.storage.model_card import TrainingData
from mnist_core.training.mixture.training_set import (
    PART,
    SIGN,
    Contribution,
    Source,
    TestSet,
    labels_of,
    negatives,
)

_POOL, _PER_EPOCH = 12, 6
"""Each digit is drawn so many times before training; an epoch uses so many of these drawings."""
_DECORATED_POOL, _DECORATED_PER_EPOCH = 12_000, 4000
"""Likewise zeros, ones and sevens with strokes added, in all."""
_FEWEST_OF_A_SIGN, _MOST_OF_A_SIGN = 500, 1000
"""Of each letter and sign, so many drawings are made before training ..."""
_SIGNS_PER_EPOCH = 24_000
"""... of which an epoch uses so many."""
_PAIRS = 9000
"""Pairs of neighbours in one cell."""
_SIGN_BESIDE = 0.6
"""Of these pairs, the share in which a digit stands beside a sign, not beside a digit."""
_NEIGHBOURS = "+-=*<>~?#%&@$:"
_TEST_SIGN_STEP = 3
"""Of the test writers' letters and signs, every third is used."""


def unipen_contribution(folder: Path, rng: np.random.Generator) -> Contribution:
    """Draw the characters of each writer for what the writer is held for.

    Args:
        folder: with `digits.jsonl.gz` and `characters.jsonl.gz`.
        rng: decides how training characters are drawn; the others are the same for every seed.
    Raises:
        DataError: a file is missing or malformed, or lacks digits or signs of some split.
    """
    digits, characters = (load_unipen(folder / f"{name}.jsonl.gz") for name in ("digits", "characters"))
    train = as_pen_digits(select_characters(digits, Split.TRAIN))
    signs = select_characters(characters, Split.TRAIN, TRAINING_LABELS)
    fixed = np.random.default_rng(0)
    calibration, test = (
        as_pen_digits(select_characters(digits, split)) for split in (Split.CALIBRATION, Split.TEST)
    )
    if not (train and calibration and test and any(sign.label in _NEIGHBOURS for sign in signs)):
        raise DataError(f"{folder} lacks digits or signs of some writers: it can't be split by writer.")
    sources = tuple(_training_sources(train, signs, rng))
    calibration_cells = LabelledCells(draw_cells(calibration, fixed), labels_of(calibration))
    test_sets = tuple(_test_sets(test, characters, fixed))
    calibration_signs = as_pen_digits(
        select_characters(characters, Split.CALIBRATION, UNLIKE_DIGITS + SIGNS), SIGN
    )
    sha256 = hashlib.sha256()
    for name in ("digits", "characters"):
        sha256.update((folder / f"{name}.jsonl.gz").read_bytes())
    data = TrainingData(CREDIT, sha256.hexdigest(), len(train) + len(signs))
    return Contribution(
        sources, (calibration_cells,), test_sets, (data,), (draw_cells(calibration_signs, fixed),)
    )


def _training_sources(
    digits: Sequence[PenDigit], signs: Sequence[PenCharacter], rng: np.random.Generator
) -> Iterator[Source]:
    # The order of the draws is part of what a seed means.
    balanced = balance_labels(signs, _FEWEST_OF_A_SIGN, _MOST_OF_A_SIGN, rng)
    pool = np.concatenate([draw_cells(digits, rng, StrokeVariation()) for _ in range(_POOL)])
    yield Source(pool, np.tile(labels_of(digits), _POOL), _PER_EPOCH * len(digits))
    decorated = decorate_digits(digits, _DECORATED_POOL, rng)
    decorated_cells = draw_cells(decorated, rng, StrokeVariation(), PEN_WIDTHS)
    yield Source(decorated_cells, labels_of(decorated), min(_DECORATED_PER_EPOCH, len(decorated)))
    sign_cells = draw_cells(as_pen_digits(balanced, SIGN), rng, StrokeVariation())
    yield negatives(sign_cells, SIGN, _SIGNS_PER_EPOCH)
    yield negatives(draw_cells(_wrong_groups(digits, signs, rng), rng, StrokeVariation()), PART)


def _test_sets(
    digits: Sequence[PenDigit], characters: Sequence[PenCharacter], rng: np.random.Generator
) -> Iterator[TestSet]:
    yield TestSet("UNIPEN digits of unseen writers", draw_cells(digits, rng), labels_of(digits))
    for name, labels in (("letters", UNLIKE_DIGITS), ("signs", SIGNS)):
        chosen = select_characters(characters, Split.TEST, labels)[::_TEST_SIGN_STEP]
        negative = as_pen_digits(chosen, SIGN)
        yield TestSet(f"UNIPEN {name} of unseen writers", draw_cells(negative, rng), labels_of(negative))


def _wrong_groups(
    digits: Sequence[PenDigit], signs: Sequence[PenCharacter], rng: np.random.Generator
) -> list[PenDigit]:
    """Return strokes as a wrong grouping would give them: parts of characters, and two neighbours in one."""
    groups = [PenDigit(PART, 0, part) for part in draw_parts(signs, rng)]
    neighbours = [sign for sign in signs if sign.label in _NEIGHBOURS]
    groups += [PenDigit(PART, 0, _pair(digits, neighbours, rng)) for _ in range(_PAIRS)]
    return groups


def _pair(
    digits: Sequence[PenDigit], neighbours: Sequence[PenCharacter], rng: np.random.Generator
) -> tuple[NDArray[np.float32], ...]:
    """Return the strokes of a digit with a sign or another digit beside it, on either side."""
    digit = digits[int(rng.integers(len(digits)))].strokes
    if rng.random() < _SIGN_BESIDE:
        other, height = neighbours[int(rng.integers(len(neighbours)))].strokes, rng.uniform(0.25, 0.9)
    else:
        other, height = digits[int(rng.integers(len(digits)))].strokes, rng.uniform(0.75, 1.3)
    gap = float(rng.uniform(-0.05, 0.25))
    if rng.random() < 0.5:
        return place_beside(digit, other, gap, float(height))
    return place_beside(other, digit, gap / float(height), 1 / float(height))
