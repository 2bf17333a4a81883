"""Proofreading: which marks a person should check, and the corrections that they make."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from mnist_core.config import DIGIT_CLASSES
from mnist_core.reading.fragments import group_fragments
from mnist_core.reading.reports import PictureReport
from mnist_core.results import Box, DigitReading

DOUBTFUL_BELOW = 0.9
"""A digit read with less confidence than this is marked as doubtful, unless the caller says otherwise."""
_MOST_REFUSED = 12
"""A picture with more refused marks than this shows squared paper, print or a carpet: no one checks those."""


@dataclass(frozen=True, slots=True)
class Correction:
    """A person's correction of one picture's reading.

    Attributes:
        verdicts: by a mark's index in the reading, the digit 0 to 9 that it is; None for what is none.
        text: the whole text as the person wrote it, which replaces what was read; None where they wrote none.
    """

    verdicts: Mapping[int, int | None] = field(default_factory=dict)
    text: str | None = None

    def with_verdict(self, indices: Sequence[int], label: int | None) -> "Correction":
        """Return this correction with a verdict on marks that are one: the first stands for the digit."""
        first, *rest = indices
        return replace(self, verdicts={**self.verdicts, first: label, **dict.fromkeys(rest)})

    def without_verdict(self, indices: Collection[int]) -> "Correction":
        """Return this correction without the verdict on these marks."""
        return replace(self, verdicts={at: label for at, label in self.verdicts.items() if at not in indices})


NO_CORRECTION = Correction()


@dataclass(frozen=True, slots=True, eq=False)
class Doubt:
    """A mark that a person should check; or several refused ones that may be one ruined digit.

    Attributes:
        picture: the picture that it is in.
        indices: of the mark, or marks, in that picture's reading.
        mark: the first of them, as the model read it.
        is_settled: whether the person has checked it.
    """

    picture: str
    indices: tuple[int, ...]
    mark: DigitReading
    is_settled: bool


def shown_marks(report: PictureReport) -> list[tuple[int, DigitReading]]:
    """Return the marks to be shown to a person, each with its index: refused ones only where they are few."""
    with_refused = report.refused <= _MOST_REFUSED
    return [(index, mark) for index, mark in enumerate(report.marks) if mark.is_digit or with_refused]


def refused_groups(report: PictureReport) -> list[tuple[int, ...]]:
    """Return the indices of the refused marks to be shown, those that may be one ruined digit together."""
    on_side = report.reading is not None and report.reading.turn in (90, 270)
    boxes = {
        index: Box(mark.box.y, mark.box.x, mark.box.height, mark.box.width) if on_side else mark.box
        for index, mark in enumerate(report.marks)
    }
    heights = [boxes[index].height for index, mark in enumerate(report.marks) if mark.is_digit]
    refused = {index: boxes[index] for index, mark in shown_marks(report) if not mark.is_digit}
    return group_fragments(refused, float(np.median(heights)) if heights else None)


def crowded_pictures(
    reports: Mapping[str, PictureReport], corrections: Mapping[str, Correction]
) -> tuple[str, ...]:
    """Return the pictures with so many refused marks that a person should check the picture as a whole.

    Args:
        reports: by picture.
        corrections: by picture; one whose text was written by hand is settled.
    """
    return tuple(
        picture
        for picture, report in reports.items()
        if report.refused > _MOST_REFUSED and corrections.get(picture, NO_CORRECTION).text is None
    )


def find_doubts(
    reports: Mapping[str, PictureReport], corrections: Mapping[str, Correction], doubtful_below: float
) -> list[Doubt]:
    """Return all marks to check, settled or not: first doubtful digits, then refused marks.

    Args:
        reports: by picture.
        corrections: by picture; a picture whose text was written by hand is settled as a whole.
        doubtful_below: a digit with less confidence is doubtful, in [0, 1].
    """
    doubts = []
    for picture, report in reports.items():
        correction = corrections.get(picture, NO_CORRECTION)
        shown = dict(shown_marks(report))
        doubtful = [
            (index,) for index, mark in shown.items() if mark.is_digit and mark.confidence < doubtful_below
        ]
        for indices in [*doubtful, *refused_groups(report)]:
            is_settled = correction.text is not None or indices[0] in correction.verdicts
            doubts.append(Doubt(picture, indices, shown[indices[0]], is_settled))
    return sorted(doubts, key=lambda doubt: not doubt.mark.is_digit)  # stable: reading order within each


def apply_correction(report: PictureReport, correction: Correction) -> PictureReport:
    """Return a report with a person's verdicts in place of the model's predictions, with confidence 1."""
    if report.reading is None or not correction.verdicts:
        return report
    digits = tuple(
        _apply_verdict(mark, correction.verdicts[index]) if index in correction.verdicts else mark
        for index, mark in enumerate(report.marks)
    )
    return replace(report, reading=replace(report.reading, digits=digits))


def corrected_text(report: PictureReport, correction: Correction) -> str:
    """Return a picture's text after all corrections."""
    return apply_correction(report, correction).text if correction.text is None else correction.text


def _apply_verdict(mark: DigitReading, label: int | None) -> DigitReading:
    if label is None:
        return replace(mark, is_digit=False)
    certain = np.zeros(DIGIT_CLASSES, np.float32)
    certain[label] = 1
    return replace(mark, probabilities=certain, is_digit=True)
