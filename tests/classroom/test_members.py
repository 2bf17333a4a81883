"""Members: they join, get a name that is theirs alone, and are known again."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from mnist_core.classroom import members
from mnist_core.classroom.classes import SchoolClass, close_class, load_class
from mnist_core.classroom.database import ClassDatabase
from mnist_core.classroom.members import count_members, find_member, join_class
from mnist_core.errors import ClassroomError


def test_a_member_is_known_again_by_the_token(database: ClassDatabase, school_class: SchoolClass):
    member, token = join_class(database, school_class.id)
    assert member.class_id == school_class.id
    assert len(member.name.split()) == 2
    assert find_member(database, token) == member


@pytest.mark.parametrize("token", ["", "x" * 32, "\ud800", "\0"])
def test_nobody_is_known_by_another_token(database: ClassDatabase, school_class: SchoolClass, token: str):
    join_class(database, school_class.id)
    assert find_member(database, token) is None


def test_the_database_does_not_hold_the_token(database: ClassDatabase, school_class: SchoolClass):
    _, token = join_class(database, school_class.id)
    with database.looking() as connection:
        row = connection.execute(text("SELECT * FROM members")).one()
    assert token not in str(tuple(row))
    assert token.encode() not in bytes(row.token_hash)


def test_thirty_who_join_at_once_all_get_names_of_their_own(
    database: ClassDatabase, school_class: SchoolClass
):
    with ThreadPoolExecutor(30) as threads:
        joined = list(threads.map(lambda _: join_class(database, school_class.id), range(30)))
    assert len({member.name for member, _ in joined}) == len({token for _, token in joined}) == 30
    assert count_members(database, school_class.id) == load_class(database, school_class.id).members == 30


def test_a_full_class_says_so(
    database: ClassDatabase, school_class: SchoolClass, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(members, "MAX_MEMBERS", 2)
    for _ in range(2):
        join_class(database, school_class.id)
    with pytest.raises(ClassroomError, match="full"):
        join_class(database, school_class.id)


def test_nobody_joins_a_closed_class(database: ClassDatabase, school_class: SchoolClass):
    close_class(database, school_class.id)
    with pytest.raises(ClassroomError, match="closed"):
        join_class(database, school_class.id)
