"""Classes: opened with a code, paused, asked something else, closed."""

import time
from dataclasses import dataclass

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from mnist_core.classroom.codes import clean_code, make_code
from mnist_core.classroom.database import ClassDatabase
from mnist_core.classroom.schema import classes, members
from mnist_core.classroom.tasks import Task
from mnist_core.errors import ClassroomError

MAX_OPEN_CLASSES = 20
DAYS_KEPT = 30
"""A class is deleted after so many days, unless its teacher says otherwise."""
_DAY_MS = 24 * 60 * 60 * 1000
_TRIES = 8
"""Codes made until one is free; already the second is hardly ever needed."""


@dataclass(frozen=True, slots=True)
class SchoolClass:
    """A class.

    Attributes:
        id: its number in the database.
        code: by which pupils join.
        opened_at: in milliseconds since 1970.
        is_open: whether one may join and draw.
        is_paused: whether drawing waits for a moment.
        keep_until: when it is deleted, in milliseconds since 1970.
        task: what is asked.
        task_number: how often something else was asked.
        version: grows with every change in the class.
        members: how many have joined.
    """

    id: int
    code: str
    opened_at: int
    is_open: bool
    is_paused: bool
    keep_until: int
    task: Task
    task_number: int
    version: int
    members: int


def now_ms() -> int:
    """Return the moment it is, in milliseconds since 1970."""
    return time.time_ns() // 1_000_000


def open_class(database: ClassDatabase) -> SchoolClass:
    """Open a new class.

    Raises:
        ClassroomError: too many are open, or the database can't be written to.
    """
    with database.changing() as connection:
        count = connection.execute(select(func.count()).where(classes.c.is_open)).scalar_one()
        if count >= MAX_OPEN_CLASSES:
            raise ClassroomError(
                f"{MAX_OPEN_CLASSES} classes are open, which is as many as there may be: close one first.",
                "too many classes",
            )
        opened_at = now_ms()
        new_id = connection.execute(
            insert(classes).values(
                code=_free_code(connection),
                opened_at=opened_at,
                is_open=True,
                is_paused=False,
                keep_until=opened_at + DAYS_KEPT * _DAY_MS,
                task=Task().stored,
                task_number=0,
                version=0,
            )
        ).inserted_primary_key
        assert new_id is not None  # an insert of one row has one
        return _load(connection, new_id[0])


def load_class(database: ClassDatabase, class_id: int) -> SchoolClass:
    """Load a class by its number.

    Raises:
        ClassroomError: there is none, or none any more.
    """
    with database.looking() as connection:
        return _load(connection, class_id)


def find_class(database: ClassDatabase, typed_code: str) -> SchoolClass | None:
    """Find an open class by its code, however that was typed; None where there is none."""
    code = clean_code(typed_code)
    if not code:
        return None
    with database.looking() as connection:
        found = connection.execute(
            select(classes.c.id).where(classes.c.code == code, classes.c.is_open)
        ).scalar_one_or_none()
        return None if found is None else _load(connection, found)


def list_classes(database: ClassDatabase) -> tuple[SchoolClass, ...]:
    """Return all classes, the latest opened first."""
    with database.looking() as connection:
        ids = connection.execute(select(classes.c.id).order_by(classes.c.id.desc())).scalars().all()
        return tuple(_load(connection, each) for each in ids)


def set_task(database: ClassDatabase, class_id: int, task: Task) -> None:
    """Ask a class to write something."""
    _change(database, class_id, task=task.stored, task_number=classes.c.task_number + 1)


def pause_class(database: ClassDatabase, class_id: int, is_paused: bool) -> None:
    """Have a class wait with drawing, or go on."""
    _change(database, class_id, is_paused=is_paused)


def keep_class(database: ClassDatabase, class_id: int, days: int) -> None:
    """Have a class deleted this many days from now, and not before."""
    _change(database, class_id, keep_until=now_ms() + days * _DAY_MS)


def close_class(database: ClassDatabase, class_id: int) -> None:
    """Close a class: nobody joins or draws any more, and what was drawn stays."""
    _change(database, class_id, is_open=False)


def reopen_class(database: ClassDatabase, class_id: int) -> None:
    """Open a class again that was closed, with the same code."""
    _change(database, class_id, is_open=True, is_paused=False)


def touch_class(connection: Connection, class_id: int) -> None:
    """Note that something in a class changes; until the change is done, other changes of it wait.

    Raises:
        ClassroomError: there is no such class any more.
    """
    query = update(classes).where(classes.c.id == class_id).values(version=classes.c.version + 1)
    if not connection.execute(query).rowcount:
        raise _gone()


def remove_class_rows(connection: Connection, class_id: int) -> None:
    """Delete a class with its members, their drawings and their votes."""
    connection.execute(delete(classes).where(classes.c.id == class_id))


def _change(database: ClassDatabase, class_id: int, **values: object) -> None:
    with database.changing() as connection:
        touch_class(connection, class_id)
        connection.execute(update(classes).where(classes.c.id == class_id).values(**values))


def _load(connection: Connection, class_id: int) -> SchoolClass:
    count = select(func.count()).where(members.c.class_id == class_id).scalar_subquery()
    row = connection.execute(
        select(classes, count.label("members")).where(classes.c.id == class_id)
    ).one_or_none()
    if row is None:
        raise _gone()
    return _class_of(row)


def _class_of(row: Row[tuple[object, ...]]) -> SchoolClass:
    values = dict(row._mapping)
    return SchoolClass(**{**values, "task": Task.parse(values["task"])})


def _free_code(connection: Connection) -> str:
    for _ in range(_TRIES):
        code = make_code()
        if connection.execute(select(func.count()).where(classes.c.code == code)).scalar_one() == 0:
            return code
    raise ClassroomError("No code is free for a new class. Delete old classes first.", "no code")


def _gone() -> ClassroomError:
    return ClassroomError("This class is not there any more.", "no such class")
