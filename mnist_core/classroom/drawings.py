"""Drawings: sent by members, taken back, read as they were, hidden and shown, reviewed."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Row, Select, delete, func, insert, select, update

from mnist_core.classroom.classes import SchoolClass, load_class, now_ms, touch_class
from mnist_core.classroom.database import ClassDatabase
from mnist_core.classroom.members import Member
from mnist_core.classroom.schema import classes, drawings, members
from mnist_core.classroom.stroke_text import strokes_from_text, strokes_to_text
from mnist_core.config import CELL_SIZE
from mnist_core.errors import ClassroomError
from mnist_core.reading.strokes import Stroke
from mnist_core.results import Reading

UNDO_S = 10
"""So long a drawing that was sent may be taken back."""
MAX_DRAWINGS_A_MEMBER = 300
MAX_DRAWINGS_A_CLASS = 10_000
MAX_DATABASE_BYTES = 1024**3
_MAX_TEXT = 60_000
"""Characters of a drawing's strokes: ten times what six digits take."""
_MAX_READING = 200


class State(StrEnum):
    """What became of a drawing."""

    NEW = "new"
    ACCEPTED = "accepted"
    HIDDEN = "hidden"


@dataclass(frozen=True, slots=True, eq=False)  # eq=False: comparing arrays has no single answer
class SentDrawing:
    """What a member draws and the network reads.

    Attributes:
        strokes: in pixels of the paper.
        height: of the paper.
        width: of the paper.
        reading: what the network made of it.
        model: the network's name.
        asked: what the member was asked to write when they drew it; "" for anything.
        task_number: the class's, when they were.
        is_challenge: whether it is to fool the network.
    """

    strokes: Sequence[Stroke]
    height: int
    width: int
    reading: Reading
    model: str
    asked: str = ""
    task_number: int = 0
    is_challenge: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Drawing:
    """A drawing in a class.

    Attributes:
        id: its number in the database.
        class_id: of its class.
        member_id: who drew it.
        member: their made-up name.
        sent_at: in milliseconds since 1970.
        strokes: in pixels of the paper.
        height: of the paper.
        width: of the paper.
        asked: what was to be written; "" for anything.
        reading: the digits that were read.
        confidence: of the least certain of them; 0 where none was read.
        model: the network that read.
        cells: uint8 (n, 28, 28), 255 is ink: what the network saw of each digit of the reading.
        corrected: what a person says it is; None where nobody has.
        state: new, accepted or hidden.
        revision: grows with every review.
        is_challenge: whether it was drawn to fool the network.
    """

    id: int
    class_id: int
    member_id: int
    member: str
    sent_at: int
    strokes: tuple[Stroke, ...]
    height: int
    width: int
    asked: str
    reading: str
    confidence: float
    model: str
    cells: NDArray[np.uint8]
    corrected: str | None
    state: State
    revision: int
    is_challenge: bool

    @property
    def truth(self) -> str:
        """What it is, as far as anybody says: corrected, or else asked; "" where nobody does."""
        return self.asked if self.corrected is None else self.corrected

    @property
    def is_misread(self) -> bool:
        """Whether the network read something else than what it is."""
        return bool(self.truth) and self.reading != self.truth


def next_asked(database: ClassDatabase, member: Member) -> tuple[SchoolClass, str, int]:
    """Return a member's class, what they are to write now, and how many they have sent for this task.

    Raises:
        ClassroomError: the class is not there any more.
    """
    school_class = load_class(database, member.class_id)
    with database.looking() as connection:
        sent = _count_sent(connection, member.id, school_class.task_number)
    return school_class, school_class.task.asked(member.id, sent), sent


def send_drawing(database: ClassDatabase, member: Member, sent: SentDrawing) -> int:
    """Send a drawing into a member's class.

    Returns:
        Its number.
    Raises:
        ClassroomError: there is nothing on it, the class is closed, paused or full, or the database can't be
            written to.
    """
    text = strokes_to_text(sent.strokes)
    if not sent.strokes:
        raise ClassroomError("There is nothing on the paper yet.", "blank")
    if len(text) > _MAX_TEXT:
        raise ClassroomError(
            "This drawing has too many lines for a class. Clear it and write larger.", "too large"
        )
    if database.bytes_used() > MAX_DATABASE_BYTES:
        raise ClassroomError("The disk has no more room for drawings of classes: 1 GB is used.", "disk quota")
    accepted = [digit for digit in sent.reading.digits if digit.is_digit]
    cells = np.array([np.rint(digit.cell * 255) for digit in accepted], np.uint8)
    values = {
        "class_id": member.class_id,
        "member_id": member.id,
        "sent_at": now_ms(),
        "strokes": text,
        "asked": sent.asked,  # as it was shown: it may be another one by now
        "task_number": sent.task_number,
        "height": sent.height,
        "width": sent.width,
        "reading": sent.reading.text.replace("\n", "")[:_MAX_READING],
        "confidence": min((digit.confidence for digit in accepted), default=0.0),
        "model": sent.model,
        "cells": cells.tobytes(),
        "state": State.NEW,
        "revision": 0,
        "is_challenge": sent.is_challenge,
    }
    with database.changing() as connection:
        touch_class(connection, member.class_id)
        _require_room(connection, member)
        new_id = connection.execute(insert(drawings).values(**values)).inserted_primary_key
        assert new_id is not None  # an insert of one row has one
        return int(new_id[0])


def take_back(database: ClassDatabase, member: Member, drawing_id: int) -> bool:
    """Delete a member's own drawing, as long as that is possible.

    Returns:
        Whether it is gone; False once it is older than `UNDO_S` seconds or was reviewed.
    """
    query = delete(drawings).where(
        drawings.c.id == drawing_id,
        drawings.c.member_id == member.id,
        drawings.c.state == State.NEW,
        drawings.c.revision == 0,
        drawings.c.sent_at > now_ms() - 1000 * UNDO_S,
    )
    with database.changing() as connection:
        touch_class(connection, member.class_id)
        return bool(connection.execute(query).rowcount)


def own_drawings(database: ClassDatabase, member: Member, most: int) -> tuple[Drawing, ...]:
    """Return a member's own drawings, the newest first."""
    query = _whole().where(drawings.c.member_id == member.id).order_by(drawings.c.id.desc()).limit(most)
    return _load(database, query)


def load_drawing(database: ClassDatabase, drawing_id: int) -> Drawing | None:
    """Return a drawing by its number; None where it is not there any more."""
    found = _load(database, _whole().where(drawings.c.id == drawing_id))
    return found[0] if found else None


def class_drawings(
    database: ClassDatabase, class_id: int, most: int | None = None, states: Collection[State] = tuple(State)
) -> tuple[Drawing, ...]:
    """Return a class's drawings, the newest first.

    Args:
        database: of classes.
        class_id: the class.
        most: so many at most; None for all.
        states: only those in one of these.
    """
    query = _whole().where(drawings.c.class_id == class_id, drawings.c.state.in_(list(states)))
    return _load(database, query.order_by(drawings.c.id.desc()).limit(most))


def set_shown(database: ClassDatabase, class_id: int, drawing_id: int, is_shown: bool) -> None:
    """Hide a drawing from the wall, or show it again."""
    query = update(drawings).where(drawings.c.id == drawing_id, drawings.c.class_id == class_id)
    with database.changing() as connection:
        touch_class(connection, class_id)
        state = State.NEW if is_shown else State.HIDDEN
        connection.execute(query.values(state=state, revision=drawings.c.revision + 1))


def clear_wall(database: ClassDatabase, class_id: int) -> None:
    """Delete all drawings of a class; its members stay."""
    with database.changing() as connection:
        touch_class(connection, class_id)
        connection.execute(delete(drawings).where(drawings.c.class_id == class_id))


def review_drawing(database: ClassDatabase, drawing: Drawing, state: State, corrected: str | None) -> bool:
    """Say what a drawing is, and whether it counts.

    Args:
        database: of classes.
        drawing: as the reviewer has seen it.
        state: accepted or hidden.
        corrected: the digits that it shows; None for what was asked.
    Returns:
        Whether that is noted; False where somebody else has reviewed it in the meantime, or it is gone.
    """
    query = (
        update(drawings)
        .where(drawings.c.id == drawing.id, drawings.c.revision == drawing.revision)
        .values(state=state, corrected=corrected, revision=drawing.revision + 1)
    )
    with database.changing() as connection:
        touch_class(connection, drawing.class_id)
        return bool(connection.execute(query).rowcount)


def _require_room(connection: Connection, member: Member) -> None:
    """Go on if the member's class takes a drawing of theirs."""
    row = connection.execute(
        select(classes.c.is_open, classes.c.is_paused).where(classes.c.id == member.class_id)
    ).one()
    if not row.is_open:
        raise ClassroomError("This class is closed: nothing more is sent.", "class closed")
    if row.is_paused:
        raise ClassroomError("Your teacher has paused the class. Send it when it goes on.", "class paused")
    of_class = select(func.count()).where(drawings.c.class_id == member.class_id)
    if connection.execute(of_class).scalar_one() >= MAX_DRAWINGS_A_CLASS:
        raise ClassroomError(
            f"This class has {MAX_DRAWINGS_A_CLASS:,} drawings, and takes no more.", "class full"
        )
    of_member = select(func.count()).where(drawings.c.member_id == member.id)
    if connection.execute(of_member).scalar_one() >= MAX_DRAWINGS_A_MEMBER:
        raise ClassroomError(
            f"You have sent {MAX_DRAWINGS_A_MEMBER} drawings, which is as many as one may.", "member full"
        )


def _count_sent(connection: Connection, member_id: int, task_number: int) -> int:
    query = select(func.count()).where(
        drawings.c.member_id == member_id, drawings.c.task_number == task_number
    )
    return connection.execute(query).scalar_one()


def _whole() -> Select[tuple[object, ...]]:
    return select(drawings, members.c.name.label("member")).join_from(drawings, members)


def _load(database: ClassDatabase, query: Select[tuple[object, ...]]) -> tuple[Drawing, ...]:
    with database.looking() as connection:
        return tuple(_drawing_of(row) for row in connection.execute(query))


def _drawing_of(row: Row[tuple[object, ...]]) -> Drawing:
    values = dict(row._mapping)
    del values["task_number"]
    values["strokes"] = strokes_from_text(values["strokes"])
    values["cells"] = np.frombuffer(values["cells"], np.uint8).reshape(-1, CELL_SIZE, CELL_SIZE)
    values["state"] = State(values["state"])
    return Drawing(**values)
