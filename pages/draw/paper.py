"""The paper to draw on: its sizes, and what is on it."""

from dataclasses import dataclass

from mnist_core.reading.strokes import Stroke


@dataclass(frozen=True, slots=True)
class PaperSize:
    """The canvas' size in pixels."""

    height: int
    width: int


WIDE = PaperSize(280, 700)
"""For six digits."""
NARROW = PaperSize(260, 343)
"""For a phone of 375 pixels."""


@dataclass(frozen=True, slots=True, eq=False)  # eq=False: comparing arrays has no single answer
class Drawing:
    """What is on the paper: strokes in the order they were made."""

    strokes: tuple[Stroke, ...]
    paper: PaperSize
