"""Digits as pen strokes, loaded from a file in UNIPEN's text format."""

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mnist_core.errors import DataError

_MAX_BYTES = 50_000_000
_SEGMENT = re.compile(r'\.SEGMENT\s+DIGIT\s+\S+\s+\S+\s+"(\d)"')
_COMMENT = re.compile(r"\.COMMENT\s+\d+\s+(\d+)\s+\d+")
_STROKE = re.compile(r"\.PEN_DOWN\s+([-\d\s.]*?)\s*\.PEN_UP")


@dataclass(frozen=True, slots=True, eq=False)  # eq=False: comparing arrays has no single answer
class PenDigit:
    """One digit as a pen moved.

    Attributes:
        label: which digit it is, 0 to 9; negative where the strokes show none.
        writer: a number within its dataset.
        strokes: float32 (n, 2) each, n >= 1; x to the right, y down, in any unit.
    """

    label: int
    writer: int
    strokes: tuple[NDArray[np.float32], ...]


def load_pen_digits(path: Path) -> tuple[PenDigit, ...]:
    """Load a UNIPEN file of digits as pen strokes.

    Args:
        path: of `pendigits-orig.tra`.
    Returns:
        All digits in the file's order; y is turned to point down.
    Raises:
        DataError: missing, over 50 MB, or not such a file.
    """
    try:
        with path.open(encoding="ascii") as file:
            text = file.read(_MAX_BYTES)
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"The pen strokes in {path} can't be read: {error}.") from error
    sections = re.split(r"(?=^\.SEGMENT)", text, flags=re.MULTILINE)[1:]
    if not sections:
        raise DataError(f"{path} holds no .SEGMENT, so no pen strokes in UNIPEN's format.")
    return tuple(_parse_digit(section, number, path) for number, section in enumerate(sections, 1))


def _parse_digit(section: str, number: int, path: Path) -> PenDigit:
    label, writer = _SEGMENT.search(section), _COMMENT.search(section)
    strokes = [np.array(points.split(), np.float32) for points in _STROKE.findall(section) if points.strip()]
    if label is None or writer is None or not strokes or any(len(points) % 2 for points in strokes):
        raise DataError(f"{path}: digit {number} has no label, no writer, no strokes or half a point.")
    upright = tuple((points.reshape(-1, 2) * (1, -1)).astype(np.float32) for points in strokes)
    return PenDigit(int(label[1]), int(writer[1]), upright)
