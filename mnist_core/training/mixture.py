"""What one training run learns from, is calibrated by and is measured by; kept apart from the start."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mnist_core.config import CELL_SIZE, AppPaths
from mnist_core.datasets.decorations import PEN_WIDTHS, decorated_digits
from mnist_core.datasets.glyphs import glyph_digit_cells, sign_cells
from mnist_core.datasets.handwriting import Handwriting, tablet_cells
from mnist_core.datasets.labelled_cells import LabelledCells, split_stratified
from mnist_core.datasets.loading import load_dataset
from mnist_core.datasets.negative_sets import read_not_digits
from mnist_core.datasets.pen_strokes import TabletDigit, read_tablet
from mnist_core.datasets.pendigits import (
    CALIBRATION_WRITERS,
    CREDIT,
    HELD_OUT_WRITERS,
    TRAINING_WRITERS,
    of_writers,
)
from mnist_core.datasets.scanned_digits import renormalized_cells
from mnist_core.datasets.synthetic_negatives import crowded_cells, half_cells, scribble_cells, turned_cells
from mnist_core.datasets.unipen import CREDIT as UNIPEN_CREDIT
from mnist_core.datasets.unipen import (
    SIGNS,
    TAUGHT,
    UNLIKE_DIGITS,
    PenCharacter,
    Split,
    as_drawable,
    balanced,
    beside,
    parts,
    read_unipen,
    select,
)
from mnist_core.errors import DataError
from mnist_core.storage.model_card import TrainingData
from mnist_core.training.recipes import TrainConfig

NO_DIGIT = -1
"""The label of one whole thing that is no digit: a letter, a sign, a scribble."""
PART = -2
"""The label of a part of something, and of several things in one cell: what was grouped wrongly."""

_TABLET_POOL = 8
"""So many drawings of each tablet digit are made before training; each epoch uses some of them."""
_TABLET_PER_EPOCH = 3
_UNIPEN_POOL, _UNIPEN_PER_EPOCH = 6, 3
"""Likewise of UNIPEN's digits."""
_DECORATED_POOL, _DECORATED_PER_EPOCH = 12_000, 4000
"""Likewise of zeros, ones and sevens with strokes added."""
_UNIPEN_SIGNS = (500, 1000)
"""Of each of its letters and signs, at least and at most so many drawings are made before training ..."""
_SIGNS_PER_EPOCH = 24_000
"""... of which an epoch uses so many."""
_PARTS_TIMES, _PAIRS = 1, 9000
"""How often strokes are left out of each character, and how many pairs of neighbours are made."""
_SIGN_BESIDE = 0.6
"""Of these pairs, the share in which a digit stands beside a sign, not beside a digit."""
_NEIGHBOURS = "+-=*<>~?#%&@$:()"
_MEASURED_SIGN = 3
"""Of the unseen writers' letters and signs, every third is measured by."""
_RENORMALIZED_SHARE = 0.3
"""Of MNIST's cells, so many come once more, sent down the product's own path."""
_GLYPHS_POOL_SHARE, _GLYPHS_SHARE = 0.3, 0.15
"""Digits of our own hand for each MNIST cell: drawn before training, and of those used in an epoch."""
_MADE_UP_SHARE = 0.1
"""Scribbles for each MNIST cell, and as many letters and signs."""
_CROWDED_SHARE, _HALVES_SHARE, _TURNED_SHARE = 0.05, 0.01, 0.06
"""Likewise digits squeezed together, halves, and digits that lie on their side."""


@dataclass(frozen=True, slots=True, eq=False)  # eq=False: comparing arrays has no single answer
class Source:
    """One kind of cells to learn from.

    Attributes:
        cells: uint8 (n, 28, 28).
        labels: integers (n,), 0 to 9, or NO_DIGIT, or PART.
        per_epoch: how many of them an epoch uses, drawn anew each time; at most n.
    """

    cells: NDArray[np.uint8]
    labels: NDArray[np.integer]
    per_epoch: int


@dataclass(frozen=True, slots=True, eq=False)
class Measure:
    """Cells of one kind to measure by; the model never learns from them.

    Attributes:
        name: for the card.
        cells: uint8 (n, 28, 28).
        labels: integers (n,), 0 to 9, or NO_DIGIT, or PART.
    """

    name: str
    cells: NDArray[np.uint8]
    labels: NDArray[np.integer]


@dataclass(frozen=True, slots=True, eq=False)
class TrainingSet:
    """Everything a run needs.

    Attributes:
        learn: to fit weights to.
        validation: of the same kind as the data asked for: for the curves.
        calibrate: digits the weights never saw, an entry a kind: for temperature and threshold.
        measure: to score the finished model by; the first entry gives the confusion matrix.
        data: what was used, for the card.
    """

    learn: tuple[Source, ...]
    validation: LabelledCells
    calibrate: tuple[LabelledCells, ...]
    measure: tuple[Measure, ...]
    data: tuple[TrainingData, ...]


def gather(config: TrainConfig, paths: AppPaths) -> TrainingSet:
    """Load, draw and make up all that the run needs.

    Args:
        config: which data and which seed.
        paths: where MNIST may lie.
    Returns:
        The training set; without a digitness head it holds the asked-for data alone.
    Raises:
        DataError: missing or malformed data.
    """
    recipe = config.chosen_recipe
    dataset = load_dataset(config.data, paths)
    train = dataset.train
    if config.data_share < 1:
        _, train = split_stratified(train, config.data_share, config.seed)
    train, validation = split_stratified(train, recipe.validation_share, config.seed)
    test = dataset.test
    if not len(test):  # a table without a test part: measured by cells that no choice is made by
        train, test = split_stratified(train, recipe.validation_share, config.seed + 1)
    base = TrainingSet(
        learn=(Source(train.cells, train.labels, len(train)),),
        validation=validation,
        calibrate=(validation,),
        measure=(Measure(f"{dataset.name}, test cells", test.cells, test.labels),),
        data=(TrainingData(dataset.name, dataset.sha256, len(train)),),
    )
    if not recipe.digitness:
        return base
    rng = np.random.default_rng((config.seed, 1))
    parts = [base, _made_up(train, validation, rng)]
    if config.strokes is not None:
        parts.append(_from_tablet(config.strokes, rng))
    if config.unipen is not None:
        parts.append(_from_unipen(config.unipen, rng))
    if config.not_digits is not None:
        parts.append(_from_folder(config.not_digits))
    return TrainingSet(
        learn=tuple(source for part in parts for source in part.learn),
        validation=validation,
        calibrate=tuple(cells for part in parts for cells in part.calibrate),
        measure=tuple(measure for part in parts for measure in part.measure),
        data=tuple(data for part in parts for data in part.data),
    )


def _part(
    learn: Iterable[Source] = (),
    calibrate: tuple[LabelledCells, ...] = (),
    measure: tuple[Measure, ...] = (),
    data: tuple[TrainingData, ...] = (),
) -> TrainingSet:
    nothing = LabelledCells(np.zeros((0, CELL_SIZE, CELL_SIZE), np.uint8), np.zeros(0, np.int64))
    return TrainingSet(tuple(learn), nothing, calibrate, measure, data)


def _no_digits(cells: NDArray[np.uint8], label: int = NO_DIGIT, per_epoch: int | None = None) -> Source:
    count = len(cells) if per_epoch is None else min(per_epoch, len(cells))
    return Source(cells, np.full(len(cells), label), count)


def _made_up(train: LabelledCells, validation: LabelledCells, rng: np.random.Generator) -> TrainingSet:
    def share_of(share: float) -> int:
        return round(share * len(train)) + 1

    chosen = train.select(rng.choice(len(train), round(_RENORMALIZED_SHARE * len(train)), replace=False))
    glyphs, glyph_labels = glyph_digit_cells(share_of(_GLYPHS_POOL_SHARE), rng)
    learn = (
        Source(renormalized_cells(chosen, rng), chosen.labels, len(chosen)),
        Source(glyphs, glyph_labels, share_of(_GLYPHS_SHARE)),
        _no_digits(scribble_cells(share_of(_MADE_UP_SHARE), rng)),
        _no_digits(sign_cells(share_of(_MADE_UP_SHARE), rng)),
        _no_digits(crowded_cells(train, share_of(_CROWDED_SHARE), rng), PART),
        _no_digits(half_cells(train, share_of(_HALVES_SHARE), rng), PART),
        _no_digits(turned_cells(train, share_of(_TURNED_SHARE), rng)),
    )
    fixed = np.random.default_rng(2**32)  # what is measured by stays the same, whatever the run's seed
    scribbles = scribble_cells(min(share_of(_MADE_UP_SHARE), 1000), fixed)
    unseen = Measure("made-up scribbles and signs", scribbles, np.full(len(scribbles), NO_DIGIT))
    photographed = LabelledCells(renormalized_cells(validation, fixed), validation.labels)
    return _part(learn, (photographed,), measure=(unseen,))


def _from_tablet(path: Path, rng: np.random.Generator) -> TrainingSet:
    digits = read_tablet(path)
    learners, calibrators, held_out = (
        of_writers(digits, writers) for writers in (TRAINING_WRITERS, CALIBRATION_WRITERS, HELD_OUT_WRITERS)
    )
    if not (learners and calibrators and held_out):
        raise DataError(f"{path} lacks some of the 30 writers: it can't be split by writer.")
    drawn = [tablet_cells(learners, rng, Handwriting()) for _ in range(_TABLET_POOL)]
    source = Source(
        np.concatenate(drawn),
        np.tile(_labels(learners), _TABLET_POOL),
        _TABLET_PER_EPOCH * len(learners),
    )
    fixed = np.random.default_rng(0)  # whatever the run's seed, what is measured by stays the same
    calibration = LabelledCells(
        tablet_cells([*calibrators, *calibrators], fixed), np.tile(_labels(calibrators), 2)
    )
    name = f"tablet digits of {len(HELD_OUT_WRITERS)} held-out writers"
    measure = Measure(name, tablet_cells(held_out, fixed), _labels(held_out))
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    data = TrainingData(f"{CREDIT}; {len(TRAINING_WRITERS)} of its 30 writers", sha256, len(learners))
    return _part((source,), (calibration,), (measure,), (data,))


def _from_unipen(folder: Path, rng: np.random.Generator) -> TrainingSet:
    digits, characters = (read_unipen(folder / f"{name}.jsonl.gz") for name in ("digits", "characters"))
    hands = as_drawable(select(digits, Split.TRAIN))
    marks = select(characters, Split.TRAIN, TAUGHT)
    signs = balanced(marks, *_UNIPEN_SIGNS, rng)
    drawn = [tablet_cells(hands, rng, Handwriting()) for _ in range(_UNIPEN_POOL)]
    other_ways = decorated_digits(hands, _DECORATED_POOL, rng)
    learn = (
        Source(np.concatenate(drawn), np.tile(_labels(hands), _UNIPEN_POOL), _UNIPEN_PER_EPOCH * len(hands)),
        Source(
            tablet_cells(other_ways, rng, Handwriting(), PEN_WIDTHS),
            _labels(other_ways),
            _DECORATED_PER_EPOCH,
        ),
        _no_digits(
            tablet_cells(as_drawable(signs, NO_DIGIT), rng, Handwriting()), NO_DIGIT, _SIGNS_PER_EPOCH
        ),
        _no_digits(tablet_cells(_wrong_groups(hands, marks, rng), rng, Handwriting()), PART),
    )
    fixed = np.random.default_rng(0)  # whatever the run's seed, what is measured by stays the same
    calibrators, unseen = (as_drawable(select(digits, split)) for split in (Split.CALIBRATE, Split.MEASURE))
    calibration = LabelledCells(tablet_cells(calibrators, fixed), _labels(calibrators))
    measures = [Measure("UNIPEN digits of unseen writers", tablet_cells(unseen, fixed), _labels(unseen))]
    for name, labels in (("letters", UNLIKE_DIGITS), ("signs", SIGNS)):
        unknown = as_drawable(select(characters, Split.MEASURE, labels)[::_MEASURED_SIGN], NO_DIGIT)
        measures.append(
            Measure(f"UNIPEN {name} of unseen writers", tablet_cells(unknown, fixed), _labels(unknown))
        )
    sha256 = hashlib.sha256()
    for name in ("digits", "characters"):
        sha256.update((folder / f"{name}.jsonl.gz").read_bytes())
    data = TrainingData(UNIPEN_CREDIT, sha256.hexdigest(), len(hands) + len(marks))
    return _part(learn, (calibration,), tuple(measures), (data,))


def _wrong_groups(
    digits: Sequence[TabletDigit], marks: Sequence[PenCharacter], rng: np.random.Generator
) -> list[TabletDigit]:
    """Group strokes as nobody should: a digit with a sign or a digit beside it, characters less a stroke."""
    groups = [TabletDigit(PART, 0, part) for _ in range(_PARTS_TIMES) for part in parts(marks, rng)]
    neighbours = [mark for mark in marks if mark.label in _NEIGHBOURS]
    for _ in range(_PAIRS):
        digit = digits[int(rng.integers(len(digits)))].strokes
        if rng.random() < _SIGN_BESIDE:
            other, height = neighbours[int(rng.integers(len(neighbours)))].strokes, rng.uniform(0.25, 0.9)
        else:
            other, height = digits[int(rng.integers(len(digits)))].strokes, rng.uniform(0.75, 1.3)
        gap = float(rng.uniform(-0.05, 0.25))
        if rng.random() < 0.5:
            pair = beside(digit, other, gap, float(height))
        else:
            pair = beside(other, digit, gap / float(height), 1 / float(height))
        groups.append(TabletDigit(PART, 0, pair))
    return groups


def _labels(digits: tuple[TabletDigit, ...]) -> NDArray[np.int64]:
    return np.array([digit.label for digit in digits], np.int64)


def _from_folder(folder: Path) -> TrainingSet:
    sets = read_not_digits(folder)
    largest = max(len(marks.train) for marks in sets)
    # Small sets are shown several times an epoch, so that no kind of mark is a rarity.
    times = [max(1, round(largest / max(1, len(marks.train)))) for marks in sets]
    repeated = [np.tile(marks.train, (count, 1, 1)) for marks, count in zip(sets, times, strict=True)]
    return _part(
        learn=[_no_digits(cells) for cells in repeated],
        measure=tuple(
            Measure(f"{marks.name}, held out", marks.held_out, np.full(len(marks.held_out), NO_DIGIT))
            for marks in sets
            if len(marks.held_out)
        ),
        data=tuple(
            TrainingData(marks.name, hashlib.sha256(marks.train.data).hexdigest(), len(marks.train))
            for marks in sets
        ),
    )
