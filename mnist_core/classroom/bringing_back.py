"""A class's drawings from a file of strokes, as takeaway.py writes it: checked, and read anew."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

import msgspec
import numpy as np

from mnist_core.classroom.database import ClassDatabase
from mnist_core.classroom.drawings import (
    MAX_DRAWINGS_A_CLASS,
    SentDrawing,
    State,
    load_drawing,
    review_drawing,
    send_drawing,
)
from mnist_core.classroom.members import MAX_MEMBERS, Member, join_class
from mnist_core.classroom.stroke_text import StoredStroke
from mnist_core.errors import ClassroomError
from mnist_core.json_files import decode_json
from mnist_core.reading.strokes import MAX_STROKES, Stroke
from mnist_core.results import Reading

MAX_BYTES = 100 * 1024 * 1024

_Side = Annotated[int, msgspec.Meta(ge=1, le=2000)]
_Digits = Annotated[str, msgspec.Meta(pattern="^[0-9]{0,40}$")]


@dataclass(frozen=True, slots=True)
class StoredDrawing:
    """One line of the file; what was read then is in it, too, and is read anew.

    Attributes:
        hand: the member's number in the file.
        asked: what was to be written.
        corrected: what a person said it is; None where nobody did.
        height: of the paper in pixels.
        width: of the paper.
        strokes: the pen's way.
    """

    hand: Annotated[int, msgspec.Meta(ge=0, lt=MAX_MEMBERS)]
    asked: _Digits
    corrected: _Digits | None
    height: _Side
    width: _Side
    strokes: Annotated[list[StoredStroke], msgspec.Meta(min_length=1, max_length=MAX_STROKES)]


def parse_json_lines(content: bytes) -> tuple[StoredDrawing, ...]:
    """Parse a file of strokes and check every line.

    Raises:
        ClassroomError: it is too large, or a line of it is no drawing; the message names the line.
    """
    if len(content) > MAX_BYTES:
        raise ClassroomError(f"The file has more than {MAX_BYTES >> 20} MB.", "too large")
    lines = [line for line in content.splitlines() if line.strip()]
    if not 0 < len(lines) <= MAX_DRAWINGS_A_CLASS:
        raise ClassroomError(
            f"A file of strokes has 1 to {MAX_DRAWINGS_A_CLASS:,} lines, not {len(lines):,}.", "lines"
        )
    parsed = []
    for number, line in enumerate(lines, start=1):
        try:
            parsed.append(decode_json(line, StoredDrawing))
        except ValueError as error:
            raise ClassroomError(f"Line {number} is no drawing: {error}.", "no drawing") from error
    return tuple(parsed)


def bring_back(
    database: ClassDatabase,
    class_id: int,
    stored: tuple[StoredDrawing, ...],
    read: Callable[[tuple[Stroke, ...], int, int], Reading],
    model: str,
) -> int:
    """Put drawings into a class that is open: a new member for each hand.

    Args:
        database: of classes.
        class_id: the class.
        stored: the drawings.
        read: reads strokes on a paper of this height and width.
        model: the name of what reads.
    Returns:
        How many there were.
    Raises:
        ClassroomError: the class is closed or full; what came before is in it.
    """
    members: dict[int, Member] = {}
    for each in stored:
        if each.hand not in members:
            members[each.hand], _ = join_class(database, class_id)
        strokes = tuple(Stroke(np.array(stroke.points, np.float32), stroke.width) for stroke in each.strokes)
        reading = read(strokes, each.height, each.width)
        sent = SentDrawing(strokes, each.height, each.width, reading, model, each.asked)
        number = send_drawing(database, members[each.hand], sent)
        if each.corrected is not None and (drawing := load_drawing(database, number)):
            review_drawing(database, drawing, State.ACCEPTED, each.corrected)
    return len(stored)
