"""Members: they join by a code, get a made-up name, and are known again by a token."""

from dataclasses import dataclass

from sqlalchemy import func, insert, select

from mnist_core.classroom.classes import now_ms, touch_class
from mnist_core.classroom.codes import hash_token, make_token
from mnist_core.classroom.database import ClassDatabase
from mnist_core.classroom.names import make_name
from mnist_core.classroom.schema import classes, members
from mnist_core.errors import ClassroomError

MAX_MEMBERS = 100
"""Of a class: the server was measured with so many."""


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody in a class.

    Attributes:
        id: their number in the database.
        class_id: their class.
        name: made up by the server.
    """

    id: int
    class_id: int
    name: str


def join_class(database: ClassDatabase, class_id: int) -> tuple[Member, str]:
    """Join a class.

    Returns:
        The member, and the token by which their browser is known again; the database has only its hash.
    Raises:
        ClassroomError: the class is closed or full, or the database can't be written to.
    """
    token = make_token()
    with database.changing() as connection:
        touch_class(connection, class_id)
        if not connection.execute(select(classes.c.is_open).where(classes.c.id == class_id)).scalar_one():
            raise ClassroomError("This class is closed.", "class closed")
        query = select(members.c.name).where(members.c.class_id == class_id)
        taken = set(connection.execute(query).scalars())
        if len(taken) >= MAX_MEMBERS:
            raise ClassroomError(
                f"This class is full: {MAX_MEMBERS} have joined. Your teacher can open another one.",
                "class full",
            )
        name = make_name(taken)
        values = {"class_id": class_id, "token_hash": hash_token(token), "name": name, "joined_at": now_ms()}
        new_id = connection.execute(insert(members).values(**values)).inserted_primary_key
        assert new_id is not None  # an insert of one row has one
        return Member(new_id[0], class_id, name), token


def find_member(database: ClassDatabase, token: str) -> Member | None:
    """Find who a token belongs to; None where it belongs to nobody."""
    query = select(members.c.id, members.c.class_id, members.c.name).where(
        members.c.token_hash == hash_token(token)
    )
    with database.looking() as connection:
        row = connection.execute(query).one_or_none()
    return None if row is None else Member(*row)


def count_members(database: ClassDatabase, class_id: int) -> int:
    """Return how many have joined a class."""
    with database.looking() as connection:
        return connection.execute(select(func.count()).where(members.c.class_id == class_id)).scalar_one()
