"""Drawings in a class: sent, taken back, hidden, reviewed, and what bounds them."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from mnist_core.classroom import drawings
from mnist_core.classroom.classes import SchoolClass, close_class, load_class, pause_class, set_task
from mnist_core.classroom.database import ClassDatabase
from mnist_core.classroom.drawings import (
    SentDrawing,
    State,
    class_drawings,
    clear_wall,
    next_asked,
    own_drawings,
    review_drawing,
    send_drawing,
    set_shown,
    take_back,
)
from mnist_core.classroom.members import Member, join_class
from mnist_core.classroom.tasks import Task, TaskKind
from mnist_core.errors import ClassroomError
from mnist_core.reading.strokes import Stroke

Make = Callable[..., SentDrawing]


def test_a_drawing_comes_out_as_it_went_in(database: ClassDatabase, member: Member, sent: Make):
    given = sent("0", asked="6")
    send_drawing(database, member, given)
    (drawing,) = class_drawings(database, member.class_id)
    assert (drawing.asked, drawing.reading, drawing.truth, drawing.model) == ("6", "0", "6", "fake")
    assert (drawing.member, drawing.state, drawing.is_misread) == (member.name, State.NEW, True)
    assert drawing.confidence == pytest.approx(0.991)
    assert [len(stroke.points) for stroke in drawing.strokes] == [len(each.points) for each in given.strokes]
    np.testing.assert_allclose(drawing.strokes[0].points, given.strokes[0].points, atol=0.06)
    np.testing.assert_allclose(drawing.cells[0] / 255, given.reading.digits[0].cell, atol=0.003)


def test_the_newest_come_first(database: ClassDatabase, member: Member, sent: Make):
    numbers = [send_drawing(database, member, sent(shape)) for shape in "010"]
    assert [each.id for each in class_drawings(database, member.class_id)] == numbers[::-1]
    assert [each.id for each in own_drawings(database, member, 2)] == numbers[:0:-1]


def test_thirty_who_send_at_once_lose_nothing(database: ClassDatabase, school_class: SchoolClass, sent: Make):
    joined = [join_class(database, school_class.id)[0] for _ in range(30)]
    given = sent()
    with ThreadPoolExecutor(30) as threads:
        numbers = list(threads.map(lambda member: send_drawing(database, member, given), joined))
    assert {each.id for each in class_drawings(database, school_class.id)} == set(numbers)
    assert load_class(database, school_class.id).version == 60


def test_one_takes_back_ones_own_for_ten_seconds(
    database: ClassDatabase,
    school_class: SchoolClass,
    member: Member,
    sent: Make,
    monkeypatch: pytest.MonkeyPatch,
):
    other = join_class(database, school_class.id)[0]
    number = send_drawing(database, member, sent())
    assert not take_back(database, other, number)
    now = drawings.now_ms()
    monkeypatch.setattr(drawings, "now_ms", lambda: now + 10_500)
    assert not take_back(database, member, number)
    monkeypatch.setattr(drawings, "now_ms", lambda: now + 9_000)
    assert take_back(database, member, number)
    assert class_drawings(database, school_class.id) == ()


def test_what_was_reviewed_is_not_taken_back(database: ClassDatabase, member: Member, sent: Make):
    number = send_drawing(database, member, sent())
    set_shown(database, member.class_id, number, False)
    set_shown(database, member.class_id, number, True)
    assert not take_back(database, member, number)


def test_a_hidden_drawing_is_shown_again(database: ClassDatabase, member: Member, sent: Make):
    number = send_drawing(database, member, sent())
    set_shown(database, member.class_id, number, False)
    assert not class_drawings(database, member.class_id, states=(State.NEW, State.ACCEPTED))
    assert class_drawings(database, member.class_id)[0].state == State.HIDDEN
    set_shown(database, member.class_id, number, True)
    assert class_drawings(database, member.class_id)[0].state == State.NEW


def test_another_class_is_not_touched(database: ClassDatabase, member: Member, sent: Make):
    number = send_drawing(database, member, sent())
    with pytest.raises(ClassroomError):
        set_shown(database, member.class_id + 1, number, False)
    assert class_drawings(database, member.class_id)[0].state == State.NEW


def test_of_two_who_review_at_once_the_second_hears_of_it(
    database: ClassDatabase, member: Member, sent: Make
):
    send_drawing(database, member, sent("0", asked="6"))
    (seen,) = class_drawings(database, member.class_id)
    assert review_drawing(database, seen, State.ACCEPTED, "0")
    assert not review_drawing(database, seen, State.HIDDEN, None)
    (after,) = class_drawings(database, member.class_id)
    assert (after.state, after.truth, after.is_misread) == (State.ACCEPTED, "0", False)


def test_clearing_the_wall_leaves_the_members(database: ClassDatabase, member: Member, sent: Make):
    send_drawing(database, member, sent())
    clear_wall(database, member.class_id)
    assert class_drawings(database, member.class_id) == ()
    assert load_class(database, member.class_id).members == 1


def test_all_ten_three_times_asks_for_each_digit_three_times(
    database: ClassDatabase, school_class: SchoolClass, member: Member, sent: Make
):
    set_task(database, school_class.id, Task(TaskKind.ALL_TEN))
    asked = []
    for _ in range(30):
        of_class, digit, count = next_asked(database, member)
        assert count == len(asked)
        asked.append(digit)
        send_drawing(database, member, sent("0", digit, task_number=of_class.task_number))
    assert sorted(asked) == sorted("0123456789" * 3)
    assert next_asked(database, member)[1:] == ("", 30)


def test_the_label_is_what_was_asked_when_it_was_drawn(
    database: ClassDatabase, school_class: SchoolClass, member: Member, sent: Make
):
    set_task(database, school_class.id, Task(TaskKind.DIGIT, "7"))
    of_class, digit, _ = next_asked(database, member)
    set_task(database, school_class.id, Task(TaskKind.DIGIT, "3"))
    send_drawing(database, member, sent("0", digit, task_number=of_class.task_number))
    assert class_drawings(database, school_class.id)[0].asked == "7"
    assert next_asked(database, member)[1:] == ("3", 0)


def test_blank_paper_is_not_sent(database: ClassDatabase, member: Member, sent: Make):
    blank = SentDrawing((), 280, 280, sent().reading, "fake")
    with pytest.raises(ClassroomError, match="nothing on the paper"):
        send_drawing(database, member, blank)


def test_a_drawing_of_far_too_many_points_is_not_sent(database: ClassDatabase, member: Member, sent: Make):
    points = np.random.default_rng(0).uniform(0, 280, (6000, 2)).astype(np.float32)
    with pytest.raises(ClassroomError, match="too many lines"):
        send_drawing(database, member, SentDrawing((Stroke(points, 9.0),), 280, 280, sent().reading, "fake"))


@pytest.mark.parametrize(
    ("limit", "words"),
    [
        pytest.param("MAX_DRAWINGS_A_MEMBER", "You have sent 1 drawings", id="a pupil"),
        pytest.param("MAX_DRAWINGS_A_CLASS", "takes no more", id="a class"),
        pytest.param("MAX_DATABASE_BYTES", "disk has no more room", id="the disk"),
    ],
)
def test_a_limit_is_said_when_it_is_met(
    database: ClassDatabase,
    member: Member,
    sent: Make,
    monkeypatch: pytest.MonkeyPatch,
    limit: str,
    words: str,
):
    send_drawing(database, member, sent())
    monkeypatch.setattr(drawings, limit, 1)
    with pytest.raises(ClassroomError, match=words):
        send_drawing(database, member, sent())
    assert len(class_drawings(database, member.class_id)) == 1


def test_nothing_is_sent_to_a_class_that_is_closed_or_paused(
    database: ClassDatabase, member: Member, sent: Make
):
    pause_class(database, member.class_id, True)
    with pytest.raises(ClassroomError, match="paused"):
        send_drawing(database, member, sent())
    close_class(database, member.class_id)
    with pytest.raises(ClassroomError, match="closed"):
        send_drawing(database, member, sent())
