"""What a person looks at again, doubtful digits and refused marks, and what they make of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from mnist_core.config import DIGIT_CLASSES
from mnist_core.reading.reports import PictureReport
from mnist_core.results import DigitReading

_MOST_REFUSED = 12
"""A picture with more refused marks than this shows squared paper, print or a carpet: no one checks those."""


@dataclass(frozen=True, slots=True)
class Correction:
    """What a person made of one picture's reading.

    Attributes:
        verdicts: by a mark's place in the reading, the digit 0 to 9 that it is; None for what is none.
        text: the whole text as they wrote it, which stands whatever was read; None where they did not.
    """

    verdicts: Mapping[int, int | None] = field(default_factory=dict)
    text: str | None = None

    def with_verdict(self, place: int, label: int | None) -> "Correction":
        """Add a verdict on one mark."""
        return replace(self, verdicts={**self.verdicts, place: label})

    def without_verdict(self, place: int) -> "Correction":
        """Take the verdict on one mark back."""
        return replace(self, verdicts={at: label for at, label in self.verdicts.items() if at != place})


UNTOUCHED = Correction()


@dataclass(frozen=True, slots=True, eq=False)
class Doubt:
    """A mark that a person should look at.

    Attributes:
        picture: which it stands in.
        place: its place among the marks of that picture's reading.
        mark: as the model read it.
        is_settled: whether they have.
    """

    picture: str
    place: int
    mark: DigitReading
    is_settled: bool


def shown_marks(report: PictureReport) -> list[tuple[int, DigitReading]]:
    """Give the marks that are worth a person's look, with their places: refused ones where they are few."""
    with_refused = report.refused <= _MOST_REFUSED
    return [(place, mark) for place, mark in enumerate(report.marks) if mark.is_digit or with_refused]


def crowded_pictures(
    reports: Mapping[str, PictureReport], corrections: Mapping[str, Correction]
) -> tuple[str, ...]:
    """Name the pictures with so many refused marks that those are no doubts: to be looked at as a whole.

    Args:
        reports: by picture.
        corrections: by picture; one whose text was written by hand is settled.
    """
    return tuple(
        picture
        for picture, report in reports.items()
        if report.refused > _MOST_REFUSED and corrections.get(picture, UNTOUCHED).text is None
    )


def find_doubts(
    reports: Mapping[str, PictureReport], corrections: Mapping[str, Correction], doubtful_below: float
) -> list[Doubt]:
    """Name all marks to look at, settled or not: first doubtful digits, then refused marks.

    Args:
        reports: by picture.
        corrections: by picture; a picture whose text was written by hand is settled as a whole.
        doubtful_below: a digit with less confidence is doubtful, in [0, 1].
    """
    doubts = []
    for picture, report in reports.items():
        correction = corrections.get(picture, UNTOUCHED)
        for place, mark in shown_marks(report):
            if not mark.is_digit or mark.confidence < doubtful_below:
                is_settled = correction.text is not None or place in correction.verdicts
                doubts.append(Doubt(picture, place, mark, is_settled))
    return sorted(doubts, key=lambda doubt: not doubt.mark.is_digit)  # stable: reading order within each


def corrected(report: PictureReport, correction: Correction) -> PictureReport:
    """Give a report with a person's verdicts in place of the model's: they are certain."""
    if report.reading is None or not correction.verdicts:
        return report
    digits = tuple(
        _as_said(mark, correction.verdicts[place]) if place in correction.verdicts else mark
        for place, mark in enumerate(report.marks)
    )
    return replace(report, reading=replace(report.reading, digits=digits))


def corrected_text(report: PictureReport, correction: Correction) -> str:
    """Give a picture's text as it stands after all corrections."""
    return corrected(report, correction).text if correction.text is None else correction.text


def _as_said(mark: DigitReading, label: int | None) -> DigitReading:
    if label is None:
        return replace(mark, is_digit=False)
    certain = np.zeros(DIGIT_CLASSES, np.float32)
    certain[label] = 1
    return replace(mark, probabilities=certain, is_digit=True)
