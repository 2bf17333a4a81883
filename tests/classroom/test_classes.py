"""Classes: opened, found by their code, asked, paused, closed."""

import pytest

from mnist_core.classroom import classes
from mnist_core.classroom.classes import (
    SchoolClass,
    close_class,
    find_class,
    keep_class,
    list_classes,
    load_class,
    now_ms,
    open_class,
    pause_class,
    reopen_class,
    set_task,
)
from mnist_core.classroom.codes import spell_code
from mnist_core.classroom.database import ClassDatabase
from mnist_core.classroom.tasks import Task, TaskKind
from mnist_core.errors import ClassroomError

DAY_MS = 24 * 60 * 60 * 1000


def test_a_new_class_is_open_and_asks_for_nothing(school_class: SchoolClass):
    assert (school_class.is_open, school_class.is_paused, school_class.members) == (True, False, 0)
    assert school_class.task == Task(TaskKind.FREE)
    assert school_class.keep_until - school_class.opened_at == 30 * DAY_MS


def test_it_is_found_by_its_code_however_that_is_typed(database: ClassDatabase, school_class: SchoolClass):
    for typed in (school_class.code, f" {spell_code(school_class.code).lower()} "):
        assert find_class(database, typed) == school_class


@pytest.mark.parametrize("typed", ["", "AAAAAA", "x" * 100_000, "'; --", "\0"])
def test_no_class_has_another_code(database: ClassDatabase, school_class: SchoolClass, typed: str):
    assert find_class(database, typed) is None


def test_a_closed_class_is_not_found_until_it_is_opened_again(
    database: ClassDatabase, school_class: SchoolClass
):
    close_class(database, school_class.id)
    assert find_class(database, school_class.code) is None
    assert list_classes(database)[0].id == school_class.id
    reopen_class(database, school_class.id)
    assert find_class(database, school_class.code)


def test_every_change_is_noticed_by_the_version(database: ClassDatabase, school_class: SchoolClass):
    versions = [school_class.version]
    for change in (
        lambda: set_task(database, school_class.id, Task(TaskKind.DIGIT, "7")),
        lambda: pause_class(database, school_class.id, True),
        lambda: keep_class(database, school_class.id, 365),
        lambda: close_class(database, school_class.id),
    ):
        change()
        versions.append(load_class(database, school_class.id).version)
    assert versions == sorted(set(versions))


def test_what_is_asked_is_loaded_as_it_was_set(database: ClassDatabase, school_class: SchoolClass):
    set_task(database, school_class.id, Task(TaskKind.DIGIT, "7"))
    loaded = load_class(database, school_class.id)
    assert (loaded.task, loaded.task_number) == (Task(TaskKind.DIGIT, "7"), 1)


def test_a_class_may_be_kept_longer(database: ClassDatabase, school_class: SchoolClass):
    keep_class(database, school_class.id, 365)
    assert load_class(database, school_class.id).keep_until >= now_ms() + 364 * DAY_MS


def test_twenty_classes_may_be_open(database: ClassDatabase):
    opened = [open_class(database) for _ in range(20)]
    assert len({each.code for each in opened}) == 20
    with pytest.raises(ClassroomError, match="close one first"):
        open_class(database)
    close_class(database, opened[0].id)
    open_class(database)


def test_a_code_that_is_taken_is_made_anew(
    database: ClassDatabase, school_class: SchoolClass, monkeypatch: pytest.MonkeyPatch
):
    codes = iter([school_class.code, "BBBBBB"])
    monkeypatch.setattr(classes, "make_code", lambda: next(codes))
    assert open_class(database).code == "BBBBBB"


def test_a_class_that_is_gone_is_said_to_be(database: ClassDatabase):
    for ask in (lambda: load_class(database, 99), lambda: close_class(database, 99)):
        with pytest.raises(ClassroomError, match="not there any more"):
            ask()
