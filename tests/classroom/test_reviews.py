"""Which drawings to look at first, and which need no look."""

from collections.abc import Callable

from mnist_core.classroom.database import ClassDatabase
from mnist_core.classroom.drawings import SentDrawing, State, class_drawings, review_drawing, send_drawing
from mnist_core.classroom.members import Member
from mnist_core.classroom.reviews import accept_all, needs_no_look, review_order
from tests.classroom.made_drawings import made


def test_misread_ones_come_first_then_unknown_then_doubtful():
    sure, doubtful = made(1), made(2, confidence=0.6)
    unknown, misread = made(3, asked="", confidence=0.9), made(4, reading="1")
    done, hidden = made(5, state=State.ACCEPTED), made(6, state=State.HIDDEN)
    order = review_order([sure, doubtful, unknown, misread, done, hidden, made(7, is_challenge=True)])
    assert [each.id for each in order] == [4, 3, 2, 1]


def test_only_what_was_surely_read_as_asked_needs_no_look():
    assert needs_no_look(made(1))
    assert not needs_no_look(made(1, confidence=0.97))
    assert not needs_no_look(made(1, reading="1"))
    assert not needs_no_look(made(1, asked=""))


def test_accepting_all_leaves_what_somebody_else_has_reviewed(
    database: ClassDatabase, member: Member, sent: Callable[..., SentDrawing]
):
    for _ in range(3):
        send_drawing(database, member, sent("0", asked="0"))
    seen = class_drawings(database, member.class_id)
    review_drawing(database, seen[0], State.HIDDEN, None)
    assert accept_all(database, member.class_id, seen) == 2
    states = [each.state for each in class_drawings(database, member.class_id)]
    assert states == [State.HIDDEN, State.ACCEPTED, State.ACCEPTED]
