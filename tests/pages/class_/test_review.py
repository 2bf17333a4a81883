"""Reviewing without a browser."""

import pytest
from streamlit.testing.v1 import AppTest

from mnist_core.classroom.classes import SchoolClass
from mnist_core.classroom.database import ClassDatabase
from mnist_core.classroom.drawings import State, class_drawings, review_drawing
from mnist_core.classroom.takeaway import to_json_lines
from tests.pages.class_.conftest import Door, Pupil, errors, send
from tests.pages.draw.drawn import BAR, OTHER_BAR


@pytest.fixture
def review(teacher: AppTest, join: Pupil) -> AppTest:
    """Give the teacher's page with a 7 that was read as 1 to look at, and a 1 that surely is one."""
    pupil = join()
    teacher.selectbox(key="class-task").set_value("One digit").run()
    send(pupil.run(), BAR)
    teacher.segmented_control(key="class-task-digit").set_value("1").run()
    send(pupil.run(), OTHER_BAR)
    return teacher.segmented_control(key="class-view").set_value("Review").run()


def states(database: ClassDatabase, school_class: SchoolClass) -> list[tuple[str, str, State]]:
    return [(each.asked, each.truth, each.state) for each in class_drawings(database, school_class.id)]


def words(page: AppTest) -> str:
    return "\n".join(element.value for element in page.markdown)


def test_the_misread_one_comes_first_and_is_relabelled(
    review: AppTest, database: ClassDatabase, school_class: SchoolClass
):
    assert "A 7 was asked; it was read as 1" in words(review)
    review.button(key="class-label-1").click().run()
    assert states(database, school_class) == [("1", "1", State.NEW), ("7", "1", State.ACCEPTED)]
    assert "A 1 was asked" in words(review)


def test_it_is_rejected(review: AppTest, database: ClassDatabase, school_class: SchoolClass):
    review.button(key="class-reject").click().run()
    assert states(database, school_class)[1] == ("7", "7", State.HIDDEN)


def test_those_that_need_no_look_are_accepted_at_once(
    review: AppTest, database: ClassDatabase, school_class: SchoolClass
):
    review.button(key="class-accept-sure").click().run()
    assert [state for *_, state in states(database, school_class)] == [State.ACCEPTED, State.NEW]


def test_who_comes_second_is_told(review: AppTest, database: ClassDatabase, school_class: SchoolClass):
    first = class_drawings(database, school_class.id)[1]
    review_drawing(database, first, State.HIDDEN, None)
    review.button(key="class-label-7").click().run()
    assert "Somebody else" in errors(review)[0]
    assert states(database, school_class)[1][2] == State.HIDDEN


def test_a_number_is_corrected_as_a_whole(
    teacher: AppTest, join: Pupil, database: ClassDatabase, school_class: SchoolClass
):
    send(join(), BAR, OTHER_BAR)
    teacher.segmented_control(key="class-view").set_value("Review").run()
    (field,) = (each for each in teacher.text_input if str(each.key).startswith("class-review-text"))
    field.set_value("1 x").run()
    teacher.button(key="class-accept").click().run()
    assert errors(teacher) == ["Write digits, or reject the drawing."]
    field.set_value("1 7").run()
    teacher.button(key="class-accept").click().run()
    assert states(database, school_class) == [("", "17", State.ACCEPTED)]
    assert "All are reviewed." in words(teacher)


def test_a_stranger_reviews_nothing(
    review: AppTest, database: ClassDatabase, school_class: SchoolClass, door: Door
):
    door.is_at_this_computer = False
    review.button(key="class-label-1").click().run()
    assert {state for *_, state in states(database, school_class)} == {State.NEW}


def test_files_are_offered(review: AppTest):
    review.segmented_control(key="class-view").set_value("Take along").run()
    assert not review.exception
    assert "2 drawings that are not hidden, 2 digits" in words(review)
    assert len(review.get("download_button")) == 3


def test_strokes_are_brought_back(review: AppTest, database: ClassDatabase, school_class: SchoolClass):
    content = to_json_lines(class_drawings(database, school_class.id))
    review.segmented_control(key="class-view").set_value("Take along").run()
    review.get("file_uploader")[0].set_value([("class.jsonl", content, "")]).run()
    review.button(key="class-bring-back").click().run()
    assert not review.exception
    assert not errors(review)
    assert len(class_drawings(database, school_class.id)) == 4
