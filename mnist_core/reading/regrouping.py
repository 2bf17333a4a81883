"""Regrouping by hand: a person draws a box around one digit, or says that neighbouring marks are one."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from mnist_core.reading.proofreading import Correction
from mnist_core.reading.recognizer import Recognizer
from mnist_core.reading.reports import Frame, PictureReport, decode_jpeg
from mnist_core.results import Box, DigitReading

_SAME = 0.5
"""A mark is the one in the box where they share more than this of the smaller one's area."""


@dataclass(frozen=True, slots=True, eq=False)  # eq=False: comparing arrays has no single answer
class Regrouped:
    """A report with other marks than it was read with, and the correction whose indices fit them."""

    report: PictureReport
    correction: Correction


def read_as_one(
    recognizer: Recognizer, report: PictureReport, correction: Correction, frame: Frame
) -> Regrouped | None:
    """Read what stands in a box as one digit, in place of the marks that were found there.

    Args:
        recognizer: what reads.
        report: with a reading and a preview.
        correction: of that report; verdicts on the marks that are replaced are dropped.
        frame: the box, in the picture as it is shown.
    Returns:
        The report with that digit; None where there is no ink in the box.
    """
    if report.reading is None or report.preview is None:
        raise ValueError("only a report with a reading and a preview can be regrouped")
    pixels = decode_jpeg(report.preview.shown)
    height, width = pixels.shape[:2]
    one = recognizer.read_one(pixels, frame.in_pixels(height, width))
    if one is None:
        return None
    shown = Frame.of(one.box, height, width)
    frames = [report.preview.frame(mark.box) for mark in report.marks]
    replaced = [at for at, other in enumerate(frames) if _shared(frame, other) > _SAME]
    line = _line(report.marks, frames, replaced, shown)
    stay = [at for at in range(len(report.marks)) if at not in replaced]
    before = sum(_comes_before(report.marks[at].line, frames[at], line, shown) for at in stay)
    order = [*stay[:before], None, *stay[before:]]
    # The cell in place of the ink, as in any report.
    new = replace(one, box=report.preview.box(shown), ink=one.cell)
    digits = [(line, new) if at is None else (report.marks[at].line, report.marks[at]) for at in order]
    verdicts = {order.index(at): label for at, label in correction.verdicts.items() if at in stay}
    reading = replace(report.reading, digits=_numbered(digits))
    return Regrouped(replace(report, reading=reading), replace(correction, verdicts=verdicts))


def frame_around(report: PictureReport, indices: Collection[int]) -> Frame:
    """Return the box around some of a report's marks, in the picture as it is shown."""
    if report.preview is None:
        raise ValueError("only a report with a preview has its marks in a picture")
    return report.preview.frame(Box.around(report.marks[index].box for index in indices))


def _line(
    marks: Sequence[DigitReading], frames: Sequence[Frame], replaced: Collection[int], one: Frame
) -> float:
    """Return the line of writing that a new mark stands in; half a line below the one above, if in none."""
    if replaced:
        return marks[min(replaced)].line
    y = one.middle[1]
    beside = [at for at, frame in enumerate(frames) if frame.top <= y <= frame.top + frame.height]
    if beside:
        return marks[min(beside, key=lambda at: abs(frames[at].middle[0] - one.middle[0]))].line
    above = [mark.line for mark, frame in zip(marks, frames, strict=True) if frame.middle[1] < y]
    return max(above, default=-1) + 0.5


def _comes_before(line: int, frame: Frame, one_line: float, one: Frame) -> bool:
    """Return whether a mark comes before the new one in reading order."""
    return line < one_line or (line == one_line and frame.middle[0] < one.middle[0])


def _numbered(digits: Sequence[tuple[float, DigitReading]]) -> tuple[DigitReading, ...]:
    """Return marks, given each with its line, with their lines numbered from 0 on."""
    lines = sorted({line for line, _ in digits})
    return tuple(replace(mark, line=lines.index(line)) for line, mark in digits)


def _shared(one: Frame, other: Frame) -> float:
    """Compute which share of the smaller box's area two boxes have in common."""
    across = min(one.left + one.width, other.left + other.width) - max(one.left, other.left)
    down = min(one.top + one.height, other.top + other.height) - max(one.top, other.top)
    smaller = min(one.width * one.height, other.width * other.height)
    return max(0.0, across) * max(0.0, down) / max(smaller, 1e-9)
