"""Fool the network: drawings that people read right and the network reads wrong, by the votes of others."""

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError

from mnist_core.classroom.classes import now_ms, touch_class
from mnist_core.classroom.database import ClassDatabase
from mnist_core.classroom.drawings import Drawing, State, class_drawings, load_drawing
from mnist_core.classroom.members import Member
from mnist_core.classroom.schema import drawings, votes

VOTES_NEEDED = 2
"""So many others have to read a drawing as it was meant."""
_LONGEST_VOTE = 40


@dataclass(frozen=True, slots=True)
class Standing:
    """How many of a member's drawings have fooled the network."""

    name: str
    fooled: int


def next_to_read(database: ClassDatabase, member: Member) -> Drawing | None:
    """Return another's drawing that a member is to read; None where all are read, or there is none.

    Only those that the network read wrong can count. Those with the fewest votes come first.
    """
    count = select(func.count()).where(votes.c.drawing_id == drawings.c.id).scalar_subquery()
    own = select(votes.c.id).where(votes.c.drawing_id == drawings.c.id, votes.c.member_id == member.id)
    query = (
        select(drawings.c.id)
        .where(
            drawings.c.class_id == member.class_id,
            drawings.c.is_challenge,
            drawings.c.state != State.HIDDEN,
            drawings.c.member_id != member.id,
            drawings.c.asked != drawings.c.reading,
            ~own.exists(),
        )
        .order_by(count, drawings.c.id)
        .limit(1)
    )
    with database.looking() as connection:
        found = connection.execute(query).scalar_one_or_none()
    if found is None:
        return None
    return load_drawing(database, found)


def vote(database: ClassDatabase, member: Member, drawing: Drawing, digits: str) -> None:
    """Note what a member reads in another's drawing; once, and not in one's own.

    Args:
        database: of classes.
        member: who reads.
        drawing: of the same class.
        digits: that they read; "" where they can't tell.
    """
    if drawing.member_id == member.id or drawing.class_id != member.class_id:
        return
    values = {
        "drawing_id": drawing.id,
        "member_id": member.id,
        "vote": digits[:_LONGEST_VOTE],
        "voted_at": now_ms(),
    }
    try:
        with database.changing() as connection:
            touch_class(connection, member.class_id)
            present = select(func.count()).where(drawings.c.id == drawing.id)
            before = select(func.count()).where(
                votes.c.drawing_id == drawing.id, votes.c.member_id == member.id
            )
            if connection.execute(present).scalar_one() and not connection.execute(before).scalar_one():
                connection.execute(insert(votes).values(**values))
    except IntegrityError:  # pressed twice at once: the first one counts
        return


def fooling_drawings(database: ClassDatabase, class_id: int) -> tuple[Drawing, ...]:
    """Return the drawings that count, the newest first: two others read them as they were meant."""
    query = (
        select(votes.c.drawing_id)
        .join_from(votes, drawings)
        .where(drawings.c.class_id == class_id, votes.c.vote == drawings.c.asked)
        .where(drawings.c.asked != drawings.c.reading, drawings.c.is_challenge)
        .group_by(votes.c.drawing_id)
        .having(func.count() >= VOTES_NEEDED)
    )
    with database.looking() as connection:
        counting = set(connection.execute(query).scalars())
    if not counting:
        return ()
    shown = (State.NEW, State.ACCEPTED)
    return tuple(each for each in class_drawings(database, class_id, states=shown) if each.id in counting)


def leader_board(fooling: tuple[Drawing, ...]) -> tuple[Standing, ...]:
    """Return who has fooled the network how often, by made-up names, the best first."""
    counts = Counter(each.member for each in fooling)
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return tuple(Standing(name, count) for name, count in ranked)
