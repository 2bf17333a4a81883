"""The paper to draw on: its sizes, and what is on it."""

from dataclasses import dataclass

from mnist_core.reading.strokes import MAX_POINTS, MAX_STROKES, Stroke

_LITTLE_ROOM = 20
"""Strokes: a sentence names what is left from here on."""
_MUCH_INK = 0.9
"""The share of MAX_POINTS from which the paper is nearly full."""


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
    """What is on the paper: strokes in the order they were made.

    Attributes:
        strokes: those that are read.
        paper: its size.
        unread: how many strokes more are on the paper, beyond what it holds.
    """

    strokes: tuple[Stroke, ...]
    paper: PaperSize
    unread: int = 0


def room_note(drawing: Drawing) -> str:
    """Return how much room for strokes is left, once it is little; "" before."""
    if drawing.unread > 0:
        last = "the last stroke is" if drawing.unread == 1 else f"the last {drawing.unread} strokes are"
        return f"The paper is full: {last} not read. Undo takes away what is not read, Clear gives new paper."
    left = MAX_STROKES - len(drawing.strokes)
    if left <= 0:
        return f"The paper is full: {MAX_STROKES} strokes. A further one is not read; Clear gives new paper."
    if left <= _LITTLE_ROOM:
        return f"The paper is nearly full: {left} more {'stroke' if left == 1 else 'strokes'} can be read."
    points = sum(len(stroke.points) for stroke in drawing.strokes)
    return "The paper is nearly full." if points > _MUCH_INK * MAX_POINTS else ""
