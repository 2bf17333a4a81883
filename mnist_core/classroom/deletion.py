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


def delete_old_classes(database: ClassDatabase) -> int:
    """Delete the classes whose time is over.

    Returns:
        How many there were.
    """
    with database.changing() as connection:
        over = (
            connection.execute(select(classes.c.id).where(classes.c.keep_until <= now_ms())).scalars().all()
        )
        for class_id in over:
            remove_class_rows(connection, class_id)
    if over:
        database.forget_deleted()
    return len(over)
