"""Whether a table holds digits as the networks here read them: what looks wrong is found before training."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from mnist_core.config import CELL_SIZE
from mnist_core.datasets.labelled_cells import BYTE_SCALE, Dataset, LabelledCells
from mnist_core.reading.recognizer import Recognizer

_SAMPLE = 500
"""Cells that are looked at closely: read in a tenth of a second."""
_DIMMEST = 128
"""Ink is 255; a table whose brightest pixel is below this counts otherwise."""
_MIXED_SHARE = 0.05
"""With more cells than this share on the other paper, it is no accident."""
_USUAL_INK = (0.02, 0.5)
"""Mean of all pixels, from paper 0 to ink 1. MNIST has 0.13, thin lines drawn on a screen 0.09."""
_READS_WELL = 0.8
"""A network that knows digits reads this share of anybody's at least."""
_UPRIGHT = 0.6
"""The share that must be read of the cells turned round before they are said to lie that way."""
_ENOUGH_TO_READ, _ENOUGH_TO_CORRELATE = 20, 200
"""Fewer cells say nothing of a table."""
_LIVELY = 60.0
"""Standard deviation of a pixel, of 255, from which on it must go with its neighbours ..."""
_GOES_WITH = 0.4
"""... by this correlation. The lowest in 200 cells of MNIST, made black and white, is 0.66."""


class FindingKind(StrEnum):
    """What can look wrong with a table."""

    BLANK = "blank"
    RANGE = "range"
    POLARITY = "polarity"
    INK = "ink"
    COLUMNS = "columns"
    ORIENTATION = "orientation"
    READING = "reading"


class Remedy(StrEnum):
    """What would put a table right."""

    NONE = "none"
    SCALE = "scale"
    INVERT = "invert"
    TRANSPOSE = "transpose"
    MIRROR = "mirror"
    FLIP = "flip"
    HALF_TURN = "half turn"
    TURN_LEFT = "turn left"
    TURN_RIGHT = "turn right"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about a table that is not as digits look.

    Attributes:
        kind: what it is about.
        sentence: for the person who brought the table.
        remedy: what would put it right, as far as can be told.
    """

    kind: FindingKind
    sentence: str
    remedy: Remedy = Remedy.NONE


# How digits may lie, in words, and what turns them back.
_ORIENTATIONS: dict[Remedy, tuple[str, Callable[[NDArray[np.uint8]], NDArray[np.uint8]]]] = {
    Remedy.TRANSPOSE: ("with rows and columns exchanged", lambda cells: cells.transpose(0, 2, 1)),
    Remedy.MIRROR: ("mirrored", lambda cells: cells[:, :, ::-1]),
    Remedy.FLIP: ("mirrored from top to bottom", lambda cells: cells[:, ::-1]),
    Remedy.HALF_TURN: ("upside down", lambda cells: cells[:, ::-1, ::-1]),
    Remedy.TURN_LEFT: ("turned to the right", lambda cells: np.rot90(cells, 1, (1, 2))),
    Remedy.TURN_RIGHT: ("turned to the left", lambda cells: np.rot90(cells, -1, (1, 2))),
}


def inspect_cells(cells: LabelledCells, recognizer: Recognizer) -> tuple[Finding, ...]:
    """Compare cells with what digits look like, and with how well a network reads a sample of them.

    Args:
        cells: of a table; left unchanged.
        recognizer: of a network that knows digits.
    Returns:
        What looks wrong; nothing where all is as it should be, or where there are no cells.
    """
    if not len(cells):
        return ()
    brightest = int(cells.cells.max())
    if not brightest:
        return (Finding(FindingKind.BLANK, "Every pixel of this table is 0: there is no ink in any cell."),)
    found: list[Finding] = []
    rng = np.random.default_rng(0)
    sample = cells.select(np.sort(rng.permutation(len(cells))[:_SAMPLE]))
    if brightest < _DIMMEST:
        sample = LabelledCells(_scaled(sample.cells, brightest), sample.labels)
        found.append(
            Finding(
                FindingKind.RANGE,
                f"The brightest pixel of this table is {brightest}, where full ink is 255: "
                "to a network its cells are next to blank.",
                Remedy.SCALE,
            )
        )
    if finding := _inspect_paper(sample.cells):
        found.append(finding)
        if finding.remedy is Remedy.INVERT:
            sample = LabelledCells(255 - sample.cells, sample.labels)
    disorder = _inspect_columns(sample.cells)  # then what is read of them says nothing more
    others = (_inspect_ink(sample.cells), disorder or _inspect_reading(sample, recognizer))
    return (*found, *filter(None, others))


def apply_remedy(dataset: Dataset, remedy: Remedy) -> tuple[LabelledCells, LabelledCells]:
    """Apply a remedy to a dataset.

    Args:
        dataset: left unchanged.
        remedy: what to do to all its cells.
    Returns:
        New training and test cells.
    """
    brightest = max(1, int(dataset.train.cells.max(initial=0)))
    train, test = (
        LabelledCells(_remedied(part.cells, remedy, brightest), part.labels)
        for part in (dataset.train, dataset.test)
    )
    return train, test


def _remedied(cells: NDArray[np.uint8], remedy: Remedy, brightest: int) -> NDArray[np.uint8]:
    if remedy is Remedy.SCALE:
        return _scaled(cells, brightest)
    if remedy is Remedy.INVERT:
        return 255 - cells
    return np.ascontiguousarray(_ORIENTATIONS[remedy][1](cells)) if remedy in _ORIENTATIONS else cells.copy()


def _scaled(cells: NDArray[np.uint8], brightest: int) -> NDArray[np.uint8]:
    table = np.minimum(255, np.round(np.arange(256) * (255 / brightest))).astype(np.uint8)
    return table[cells]


def _inspect_paper(cells: NDArray[np.uint8]) -> Finding | None:
    """Look at the border of each cell, which is paper: it should be dark."""
    border = np.ones((CELL_SIZE, CELL_SIZE), bool)
    border[1:-1, 1:-1] = False
    light = float((cells[:, border].mean(axis=1) > 127).mean())
    if light > 1 - _MIXED_SHARE:
        return Finding(
            FindingKind.POLARITY,
            "These digits are dark on light paper. The networks here learn from light ink on dark: "
            "0 is paper, 255 is ink.",
            Remedy.INVERT,
        )
    if light > _MIXED_SHARE:
        return Finding(
            FindingKind.POLARITY,
            f"In {light:.0%} of a sample the digits are dark on light paper, in the others light on dark: "
            "a network would learn two kinds of each digit.",
        )
    return None


def _inspect_ink(cells: NDArray[np.uint8]) -> Finding | None:
    ink = float(cells.mean()) / 255
    if _USUAL_INK[0] <= ink <= _USUAL_INK[1]:
        return None
    return Finding(
        FindingKind.INK,
        f"On average {ink:.0%} of a cell is ink; in handwritten digits it is about 13 %.",
    )


def _inspect_columns(cells: NDArray[np.uint8]) -> Finding | None:
    """Find pixels that do not go with the four around them, as all pixels of pictures do."""
    if len(cells) < _ENOUGH_TO_CORRELATE:
        return None
    pixels = cells.astype(np.float32)
    framed = np.pad(pixels, ((0, 0), (1, 1), (1, 1)))
    around = framed[:, :-2, 1:-1] + framed[:, 2:, 1:-1] + framed[:, 1:-1, :-2] + framed[:, 1:-1, 2:]
    products = (pixels - pixels.mean(axis=0)) * (around - around.mean(axis=0))
    deviation = pixels.std(axis=0)
    correlation = products.mean(axis=0) / np.maximum(deviation * around.std(axis=0), 1e-6)
    strange = np.flatnonzero((deviation > _LIVELY) & (correlation < _GOES_WITH))
    if not len(strange):
        return None
    which = " and ".join(f"pixel{index}" for index in strange[:2])
    others = f" and {len(strange) - 2} others" if len(strange) > 2 else ""
    return Finding(
        FindingKind.COLUMNS,
        f"{which}{others} have nothing to do with the pixels beside them: "
        "are the table's columns in the order of the picture, row by row?",
    )


def _inspect_reading(sample: LabelledCells, recognizer: Recognizer) -> Finding | None:
    """Read a sample as it lies, and where that goes badly in every other way that it may lie."""
    if len(sample) < _ENOUGH_TO_READ:
        return None
    share = _read_right(sample.cells, sample.labels, recognizer)
    if share >= _READS_WELL:
        return None
    turned = {
        remedy: _read_right(turn(sample.cells), sample.labels, recognizer)
        for remedy, (_, turn) in _ORIENTATIONS.items()
    }
    best = max(turned, key=lambda remedy: turned[remedy])
    if turned[best] > max(_UPRIGHT, share):
        return Finding(
            FindingKind.ORIENTATION,
            f"The digits seem to lie {_ORIENTATIONS[best][0]}: as they are, the network that reads now gets "
            f"{share:.0%} of a sample right, put upright {turned[best]:.0%}.",
            best,
        )
    return Finding(
        FindingKind.READING,
        f"The network that reads now gets only {share:.0%} of a sample of {len(sample)} right. "
        "Does each label stand with its own picture?",
    )


def _read_right(cells: NDArray[np.uint8], labels: NDArray[np.integer], recognizer: Recognizer) -> float:
    probabilities = recognizer.probabilities(np.ascontiguousarray(cells, np.float32) * BYTE_SCALE)
    return float((probabilities.argmax(axis=1) == labels).mean())
