"""Deleting a class: no byte of a drawing is left in the database's files."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from mnist_core.classroom import deletion
from mnist_core.classroom.classes import SchoolClass, list_classes, now_ms, open_class
from mnist_core.classroom.database import ClassDatabase
from mnist_core.classroom.deletion import delete_class, delete_old_classes
from mnist_core.classroom.drawings import SentDrawing, class_drawings, send_drawing
from mnist_core.classroom.members import find_member, join_class

Make = Callable[..., SentDrawing]
MARK = "1357.9"
"""A coordinate that nothing else in the files has."""


def marked(sent: SentDrawing) -> SentDrawing:
    sent.strokes[0].points[0] = float(MARK)
    return sent


def test_nothing_of_a_deleted_class_is_left(database: ClassDatabase, school_class: SchoolClass, sent: Make):
    member, token = join_class(database, school_class.id)
    send_drawing(database, member, sent())
    assert delete_class(database, school_class.id)
    assert list_classes(database) == ()
    assert find_member(database, token) is None
    with database.looking() as connection:
        for table in ("members", "drawings", "votes"):
            assert connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() == 0


def test_another_class_keeps_all_it_has(database: ClassDatabase, school_class: SchoolClass, sent: Make):
    other = open_class(database)
    member, token = join_class(database, other.id)
    send_drawing(database, member, sent())
    delete_class(database, school_class.id)
    assert len(class_drawings(database, other.id)) == 1
    assert find_member(database, token) == member


def test_no_byte_is_left_in_sqlite_s_files(tmp_path: Path, sent: Make):
    database = ClassDatabase.open(f"sqlite:///{tmp_path / 'classes.sqlite3'}")
    kept, deleted = open_class(database), open_class(database)
    for school_class, shape in ((kept, "1"), (deleted, "0")):
        member, _ = join_class(database, school_class.id)
        for _ in range(20):
            send_drawing(database, member, marked(sent(shape)) if school_class == deleted else sent(shape))
        name = member.name
    everything = lambda: b"".join(path.read_bytes() for path in tmp_path.iterdir())  # noqa: E731
    assert MARK.encode() in everything()
    cell = class_drawings(database, deleted.id, 1)[0].cells[0].tobytes()
    assert cell in everything()
    assert delete_class(database, deleted.id)
    left = everything()
    database.close()
    for gone in (MARK.encode(), cell, deleted.code.encode(), name.encode()):
        assert gone not in left
    assert kept.code.encode() in left


def test_where_somebody_reads_all_the_time_it_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("mnist_core.classroom.database._BUSY_MS", 200)
    database = ClassDatabase.open(f"sqlite:///{tmp_path / 'classes.sqlite3'}")
    school_class = open_class(database)
    with database.looking() as reader:
        reader.exec_driver_sql("BEGIN")
        reader.exec_driver_sql("SELECT * FROM classes").all()
        assert not delete_class(database, school_class.id)
        reader.exec_driver_sql("ROLLBACK")
    assert database.forget_deleted()
    database.close()


def test_classes_whose_time_is_over_are_deleted(
    database: ClassDatabase, school_class: SchoolClass, monkeypatch: pytest.MonkeyPatch
):
    assert delete_old_classes(database) == ()
    now = now_ms()
    monkeypatch.setattr(deletion, "now_ms", lambda: now + 31 * 24 * 60 * 60 * 1000)
    assert delete_old_classes(database) == (school_class.code,)
    assert list_classes(database) == ()
