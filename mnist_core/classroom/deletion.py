"""Deleting a class for good: its rows, and the bytes of them that a database leaves behind."""

from sqlalchemy import select

from mnist_core.classroom.classes import now_ms, remove_class_rows
from mnist_core.classroom.database import ClassDatabase
from mnist_core.classroom.schema import classes


def delete_class(database: ClassDatabase, class_id: int) -> bool:
    """Delete a class, its members, drawings and votes.

    SQLite overwrites what is deleted (`secure_delete`), writes the file anew and empties its log. PostgreSQL
    writes its tables anew; its own log of changes holds older ones until it recycles them.

    Returns:
        Whether no byte of it is left in the database; False where somebody was reading all the time: then
        the next deletion does it.
    """
    with database.changing() as connection:
        remove_class_rows(connection, class_id)
    return database.forget_deleted()


def delete_old_classes(database: ClassDatabase) -> tuple[str, ...]:
    """Delete the classes whose time is over.

    Returns:
        Their codes, by which what they left elsewhere is found: see traces.py.
    """
    query = select(classes.c.id, classes.c.code).where(classes.c.keep_until <= now_ms())
    with database.looking() as connection:
        over = connection.execute(query).all()
    if not over:
        return ()
    with database.changing() as connection:
        for row in over:
            remove_class_rows(connection, row.id)
    database.forget_deleted()
    return tuple(row.code for row in over)
