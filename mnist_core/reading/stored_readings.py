"""Readings and corrections as a browser stores them: in JSON's kinds, without a pixel of any picture.

They outlast a server and a session, neither of which can give the pictures back. What comes back from a
browser is input from outside: it is checked like a file.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import msgspec
import numpy as np

from mnist_core.config import CELL_SIZE, DIGIT_CLASSES
from mnist_core.json_files import Count, convert_json
from mnist_core.reading.proofreading import NO_CORRECTION, Correction
from mnist_core.reading.reports import PictureReport
from mnist_core.results import Box, DigitReading, Reading

MOST_MARKS = 10_000
"""Of all pictures together: half a megabyte, a quarter of what a browser may send at once."""

_Label = Annotated[int, msgspec.Meta(ge=0, lt=DIGIT_CLASSES)]
_Confidence = Annotated[float, msgspec.Meta(ge=1 / DIGIT_CLASSES, le=1)]
_Mark = tuple[_Label, bool, _Confidence, Count, Count, Count, Count, Count]
"""Label, is_digit, confidence, line; x, y, width and height of the box."""


@dataclass(frozen=True, slots=True)
class StoredReading:
    """One picture's reading, and its visitor's correction of it.

    Attributes:
        picture: the report's key.
        name: what the visitor calls the file.
        turn: degrees clockwise by which it was turned to be read.
        marks: in reading order; None where the file could not be opened.
        error: the sentence that says why not.
        text: written by the visitor in place of what was read; None where they wrote none.
        verdicts: the visitor's on single marks, by index; a label, or None for what is no digit.
    """

    picture: str
    name: str
    turn: Literal[0, 90, 180, 270]
    marks: tuple[_Mark, ...] | None
    error: str | None
    text: str | None
    verdicts: tuple[tuple[Count, _Label | None], ...]

    @property
    def report(self) -> PictureReport:
        """The report: without a preview, each cell empty, and the rest of each confidence spread evenly."""
        if self.marks is None:
            return PictureReport(self.name, None, self.error)
        return PictureReport(self.name, Reading(tuple(map(_to_digit, self.marks)), self.turn), self.error)

    @property
    def correction(self) -> Correction:
        """The visitor's correction; one that corrects nothing where there was none."""
        return Correction(dict(self.verdicts), self.text)


def pack_readings(
    reports: Mapping[str, PictureReport],
    corrections: Mapping[str, Correction],
) -> list[dict[str, Any]]:
    """Return readings and corrections in JSON's kinds.

    Args:
        reports: by picture, in the order they came.
        corrections: by picture; absent where none.
    Returns:
        One object a picture; of more than MOST_MARKS marks together the last pictures only.
    """
    packed: list[dict[str, Any]] = []
    room = MOST_MARKS
    for picture, report in reversed(list(reports.items())):
        room -= len(report.marks)
        if room < 0:
            break
        packed.append(msgspec.to_builtins(_pack(picture, report, corrections.get(picture, NO_CORRECTION))))
    return packed[::-1]


def unpack_readings(sent: object) -> tuple[StoredReading, ...]:
    """Check what a browser gave back.

    Args:
        sent: what `pack_readings` returned, or anything at all.
    Returns:
        The readings; none where this is something else.
    """
    try:
        readings = convert_json(sent, tuple[StoredReading, ...])
    except ValueError:
        return ()
    return readings if sum(len(each.marks or ()) for each in readings) <= MOST_MARKS else ()


def _pack(picture: str, report: PictureReport, correction: Correction) -> StoredReading:
    reading = report.reading
    return StoredReading(
        picture,
        report.name,
        reading.turn if reading else 0,  # type: ignore[arg-type]  # checked when the reading was made
        tuple(map(_to_mark, reading.digits)) if reading else None,
        report.error,
        correction.text,
        tuple(correction.verdicts.items()),
    )


def _to_mark(digit: DigitReading) -> _Mark:
    box = digit.box
    places = (digit.line, box.x, box.y, box.width, box.height)
    line, x, y, width, height = (max(0, place) for place in places)
    confidence = max(round(digit.confidence, 4), 1 / DIGIT_CLASSES)
    return digit.label, bool(digit.is_digit), confidence, line, x, y, width, height


def _to_digit(mark: _Mark) -> DigitReading:
    label, is_digit, confidence, line, *box = mark
    probabilities = np.full(DIGIT_CLASSES, (1 - confidence) / (DIGIT_CLASSES - 1), np.float32)
    probabilities[label] = confidence
    cell = np.zeros((CELL_SIZE, CELL_SIZE), np.float32)
    return DigitReading(Box(*box), line, cell, cell, probabilities, is_digit)
