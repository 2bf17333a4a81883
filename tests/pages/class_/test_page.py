"""A class without a browser: what a teacher and pupils see and may do."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from mnist_core.classroom.classes import SchoolClass, close_class, list_classes, load_class
from mnist_core.classroom.database import ClassDatabase
from mnist_core.classroom.drawings import class_drawings
from mnist_core.classroom.members import count_members
from mnist_core.classroom.tasks import TaskKind
from tests.pages.class_.conftest import Door, Pupil, errors, headers, markup, open_page, press_join, send
from tests.pages.draw.drawn import BAR, BLOT

REFUSAL = "A class is held only at the computer where this app runs"


def now(database: ClassDatabase, school_class: SchoolClass) -> SchoolClass:
    return load_class(database, school_class.id)


def test_an_opened_class_shows_its_code_and_where_to_join(teacher: AppTest, school_class: SchoolClass):
    shown = markup(teacher)
    assert f">{school_class.code}<" in shown
    assert "data:image/svg+xml" in shown
    assert headers(teacher) == ["Write any digit"]


def test_where_only_this_computer_comes_in_the_teacher_is_told(teacher: AppTest):
    assert any("make run HOST=0.0.0.0" in warning.value for warning in teacher.warning)


def test_a_pupil_joins_by_the_code_and_gets_a_name(
    join: Pupil, database: ClassDatabase, school_class: SchoolClass
):
    page = join()
    assert headers(page) == ["Write any digit"]
    assert any("you are **" in element.value for element in page.markdown)
    assert count_members(database, school_class.id) == 1


@pytest.mark.parametrize("typed", ["", "AAAAAA", "123"])
def test_a_wrong_code_is_refused_in_words(school_class: SchoolClass, typed: str):
    page = open_page()
    page.text_input(key="class-join-code").set_value(typed)
    press_join(page)
    assert errors(page) == ["No class is open under this code. Look at it once more."]


def test_too_many_wrong_codes_are_not_looked_up(school_class: SchoolClass):
    page = open_page()
    for code in ("AAAAAA",) * 60 + (school_class.code,):
        page.text_input(key="class-join-code").set_value(code)
        press_join(page)
    assert "Too many wrong codes" in errors(page)[0]


def test_what_a_pupil_sends_is_in_the_database_and_on_their_page(
    join: Pupil, database: ClassDatabase, school_class: SchoolClass
):
    page = send(join(), BAR)
    (drawing,) = class_drawings(database, school_class.id)
    assert (drawing.reading, drawing.asked, drawing.model) == ("1", "", "fake")
    assert "read as 1, 99.1" in markup(page)
    assert "Your drawings" in [element.value for element in page.subheader]
    assert page.session_state["drawing"] == ()  # new paper


def test_a_mark_that_is_no_digit_is_sent_too(join: Pupil, database: ClassDatabase, school_class: SchoolClass):
    page = send(join(), BLOT)
    assert class_drawings(database, school_class.id)[0].reading == ""
    assert "read as no digit" in markup(page)


def test_blank_paper_is_not_sent(join: Pupil, database: ClassDatabase, school_class: SchoolClass):
    page = send(join())
    assert errors(page) == ["There is nothing on the paper yet."]
    assert class_drawings(database, school_class.id) == ()


def test_what_was_sent_is_taken_back_onto_the_paper(
    join: Pupil, database: ClassDatabase, school_class: SchoolClass
):
    page = send(join(), BAR)
    page.button(key="class-undo").click().run()
    assert class_drawings(database, school_class.id) == ()
    assert len(page.session_state["drawing"]) == 1


def test_after_ten_seconds_it_is_not(
    join: Pupil, database: ClassDatabase, school_class: SchoolClass, monkeypatch: pytest.MonkeyPatch
):
    page = send(join(), BAR)
    monkeypatch.setattr("mnist_core.classroom.drawings.UNDO_S", 0)
    page.button(key="class-undo").click().run()
    assert "more than" in errors(page)[0]
    assert len(class_drawings(database, school_class.id)) == 1


def test_what_is_asked_comes_to_the_pupil_and_into_the_drawing(
    teacher: AppTest, join: Pupil, database: ClassDatabase, school_class: SchoolClass
):
    pupil = join()
    teacher.selectbox(key="class-task").set_value("One digit").run()
    assert headers(teacher) == headers(pupil.run()) == ["Write a 7"]
    teacher.segmented_control(key="class-task-digit").set_value("3").run()
    assert headers(pupil.run()) == ["Write a 3"]
    send(pupil, BAR)
    (drawing,) = class_drawings(database, school_class.id)
    assert (drawing.asked, drawing.reading, drawing.is_misread) == ("3", "1", True)
    assert "3: ✗ read as 1" in markup(pupil)


def test_all_ten_are_asked_one_after_the_other(teacher: AppTest, join: Pupil):
    teacher.selectbox(key="class-task").set_value("All ten, 3 times").run()
    pupil = join()
    assert headers(pupil)[0].endswith("(1 of 30)")
    assert headers(send(pupil, BAR))[0].endswith("(2 of 30)")


def test_another_number_may_be_asked(teacher: AppTest, database: ClassDatabase, school_class: SchoolClass):
    teacher.selectbox(key="class-task").set_value("A number").run()
    first = now(database, school_class).task
    teacher.button(key="class-number").click().run()
    second = now(database, school_class).task
    assert first.kind == second.kind == TaskKind.NUMBER
    assert first.digits != second.digits
    assert headers(teacher) == [f"Write the number {second.digits}"]


def test_in_a_pause_nothing_is_sent(teacher: AppTest, join: Pupil, database: ClassDatabase, school_class):
    pupil = join()
    teacher.button(key="class-pause").click().run()
    send(pupil, BAR)  # whose page has not heard of it yet
    assert "paused" in errors(pupil)[0]
    assert class_drawings(database, school_class.id) == ()
    assert pupil.button(key="class-send").disabled
    teacher.button(key="class-pause").click().run()
    assert not pupil.run().button(key="class-send").disabled


def test_a_closed_class_takes_nobody_and_is_opened_again(
    teacher: AppTest, join: Pupil, database: ClassDatabase, school_class: SchoolClass
):
    teacher.button(key="class-close").click().run()
    assert headers(teacher) == ["This class is over"]
    page = open_page()
    page.text_input(key="class-join-code").set_value(school_class.code)
    press_join(page)
    assert "No class is open" in errors(page)[0]
    teacher.button(key="class-reopen").click().run()
    press_join(page)
    assert not errors(page)


def test_the_teacher_goes_out_and_in_again(teacher: AppTest, school_class: SchoolClass):
    teacher.button(key="class-out").click().run()
    teacher.button(key=f"class-enter-{school_class.id}").click().run()
    assert f">{school_class.code}<" in markup(teacher)


def test_the_wall_is_cleared_only_by_who_means_it(
    teacher: AppTest, join: Pupil, database: ClassDatabase, school_class: SchoolClass
):
    send(join(), BAR)
    assert teacher.run().button(key="class-clear").disabled
    teacher.checkbox(key="class-sure").check().run()
    teacher.button(key="class-clear").click().run()
    assert class_drawings(database, school_class.id) == ()


def test_a_deleted_class_is_gone_for_the_teacher_and_for_pupils(
    teacher: AppTest, join: Pupil, database: ClassDatabase, home: Path
):
    pupil = send(join(), BAR)
    teacher.checkbox(key="class-sure").check().run()
    teacher.button(key="class-delete").click().run()
    assert not teacher.exception
    assert list_classes(database) == ()
    assert errors(pupil.run()) == ["This class is not there any more."]


def test_a_class_is_kept_for_a_year_where_the_teacher_says_so(
    teacher: AppTest, database: ClassDatabase, school_class: SchoolClass
):
    teacher.button(key="class-keep").click().run()
    assert now(database, school_class).keep_until > school_class.keep_until


def test_whoever_leaves_is_asked_for_a_code_again(join: Pupil):
    pupil = join()
    pupil.button(key="class-leave").click().run()
    assert pupil.text_input(key="class-join-code")


def test_a_stranger_finds_no_way_to_hold_a_class(school_class: SchoolClass, door: Door):
    door.is_at_this_computer = False
    keys = [str(button.key) for button in open_page().button]
    assert not [key for key in keys if key.startswith(("class-open", "class-enter"))]


@pytest.mark.parametrize("key", ["class-pause", "class-close", "class-keep", "class-out"])
def test_a_stranger_changes_nothing_in_a_class(
    teacher: AppTest, database: ClassDatabase, school_class: SchoolClass, door: Door, key: str
):
    door.is_at_this_computer = False
    teacher.button(key=key).click().run()
    assert now(database, school_class) == school_class
    assert f">{school_class.code}<" not in markup(teacher)


def test_a_stranger_opens_no_class(database: ClassDatabase, door: Door):
    page = open_page()
    door.is_at_this_computer = False
    page.button(key="class-open").click().run()
    assert REFUSAL in errors(page)[0]
    assert list_classes(database) == ()


def test_a_newer_database_is_told_on_the_page(home: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DATABASE_URL", "mysql://localhost/digits")
    page = open_page()
    assert not page.exception
    assert "neither a SQLite file nor PostgreSQL" in errors(page)[0]


def test_a_closed_class_stays_on_a_pupil_s_page(
    join: Pupil, database: ClassDatabase, school_class: SchoolClass
):
    pupil = join()
    close_class(database, school_class.id)
    assert headers(pupil.run()) == ["This class is over. Thank you!"]
    assert pupil.button(key="class-send").disabled
