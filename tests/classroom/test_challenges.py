"""Fool the network: who reads what, and what counts."""

from collections.abc import Callable

import pytest

from mnist_core.classroom.challenges import Standing, fooling_drawings, leader_board, next_to_read, vote
from mnist_core.classroom.classes import SchoolClass, open_class
from mnist_core.classroom.database import ClassDatabase
from mnist_core.classroom.drawings import Drawing, SentDrawing, class_drawings, send_drawing, set_shown
from mnist_core.classroom.members import Member, join_class

Make = Callable[..., SentDrawing]


@pytest.fixture
def others(database: ClassDatabase, school_class: SchoolClass) -> list[Member]:
    return [join_class(database, school_class.id)[0] for _ in range(3)]


@pytest.fixture
def challenge(database: ClassDatabase, member: Member, sent: Make) -> Drawing:
    """Give a drawing that is meant as a 6 and was read as 0."""
    send_drawing(database, member, sent("0", "6", is_challenge=True))
    return class_drawings(database, member.class_id)[0]


def test_others_are_shown_it_until_they_have_read_it(
    database: ClassDatabase, member: Member, others: list[Member], challenge: Drawing
):
    assert next_to_read(database, member) is None
    shown = next_to_read(database, others[0])
    assert shown is not None
    assert shown.id == challenge.id
    vote(database, others[0], challenge, "")
    assert next_to_read(database, others[0]) is None
    assert next_to_read(database, others[1]) is not None


def test_it_counts_once_two_others_read_it_as_it_was_meant(
    database: ClassDatabase, member: Member, others: list[Member], challenge: Drawing
):
    vote(database, others[0], challenge, "6")
    vote(database, others[1], challenge, "0")
    assert fooling_drawings(database, member.class_id) == ()
    vote(database, others[2], challenge, "6")
    fooling = fooling_drawings(database, member.class_id)
    assert [each.id for each in fooling] == [challenge.id]
    assert leader_board(fooling) == (Standing(member.name, 1),)


def test_nobody_votes_twice_or_for_their_own(
    database: ClassDatabase, member: Member, others: list[Member], challenge: Drawing
):
    for voter in (member, member, others[0], others[0]):
        vote(database, voter, challenge, "6")
    assert fooling_drawings(database, member.class_id) == ()


def test_another_class_does_not_vote(
    database: ClassDatabase, member: Member, others: list[Member], challenge: Drawing
):
    strangers = [join_class(database, open_class(database).id)[0] for _ in range(2)]
    for stranger in strangers:
        assert next_to_read(database, stranger) is None
        vote(database, stranger, challenge, "6")
    assert fooling_drawings(database, member.class_id) == ()


def test_what_the_network_read_right_and_what_is_hidden_is_shown_to_nobody(
    database: ClassDatabase, member: Member, others: list[Member], challenge: Drawing, sent: Make
):
    set_shown(database, member.class_id, challenge.id, False)
    send_drawing(database, member, sent("0", "0", is_challenge=True))
    send_drawing(database, member, sent("0", "6"))
    assert next_to_read(database, others[0]) is None


def test_what_has_fewest_votes_comes_first(
    database: ClassDatabase, member: Member, others: list[Member], challenge: Drawing, sent: Make
):
    number = send_drawing(database, member, sent("0", "8", is_challenge=True))
    vote(database, others[0], challenge, "6")
    shown = next_to_read(database, others[1])
    assert shown is not None
    assert shown.id == number


def test_the_leader_board_ranks_by_count_then_by_name(
    database: ClassDatabase, school_class: SchoolClass, others: list[Member], sent: Make
):
    for drawer, count in ((others[0], 1), (others[1], 2)):
        for _ in range(count):
            send_drawing(database, drawer, sent("0", "6", is_challenge=True))
    for drawing in class_drawings(database, school_class.id):
        for voter in others:
            vote(database, voter, drawing, "6")
    board = leader_board(fooling_drawings(database, school_class.id))
    assert board == (Standing(others[1].name, 2), Standing(others[0].name, 1))
