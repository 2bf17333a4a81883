"""Reviewing a class's drawings: which to look at first, and those that need no look accepted at once."""

from collections.abc import Iterable, Sequence

from sqlalchemy import update

from mnist_core.classroom.classes import touch_class
from mnist_core.classroom.database import ClassDatabase
from mnist_core.classroom.drawings import Drawing, State
from mnist_core.classroom.schema import drawings

SURE = 0.98
"""From this confidence on, a drawing that was read as asked needs no look."""


def review_order(waiting: Iterable[Drawing]) -> tuple[Drawing, ...]:
    """Return the drawings nobody has reviewed, misread and doubtful ones first."""
    new = (each for each in waiting if each.state == State.NEW and not each.is_challenge)
    return tuple(sorted(new, key=_urgency))


def _urgency(drawing: Drawing) -> tuple[bool, bool, float, int]:
    return not drawing.is_misread, bool(drawing.truth), drawing.confidence, drawing.id


def needs_no_look(drawing: Drawing) -> bool:
    """Return whether a drawing was surely read as what was asked."""
    return bool(drawing.truth) and not drawing.is_misread and drawing.confidence >= SURE


def accept_all(database: ClassDatabase, class_id: int, accepted: Sequence[Drawing]) -> int:
    """Accept drawings as what was asked.

    Returns:
        How many; those that somebody else has reviewed in the meantime are left as they are.
    """
    count = 0
    with database.changing() as connection:
        touch_class(connection, class_id)
        for each in accepted:
            query = (
                update(drawings)
                .where(drawings.c.id == each.id, drawings.c.class_id == class_id)
                .where(drawings.c.revision == each.revision)
                .values(state=State.ACCEPTED, revision=each.revision + 1)
            )
            count += connection.execute(query).rowcount
    return count
