"""The teacher's sign-in: which passphrase it takes, how often one may try, what it stores."""

import hmac
import re

import pytest

from mnist_core.serving import sign_in
from mnist_core.serving.sign_in import TeacherSignIn, make_passphrase

PUPIL, OTHER = "192.168.1.7", "192.168.1.8"


class Clock:
    seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def teacher(clock: Clock) -> TeacherSignIn:
    return TeacherSignIn("blue whale", clock)


def test_the_right_passphrase_signs_in(teacher: TeacherSignIn):
    answer = teacher.try_passphrase("  blue whale\n", PUPIL)
    assert answer.session
    assert not answer.refusal


@pytest.mark.parametrize("wrong", ["", "blue", "Blue whale", "blue whale" * 50, "\ud800", "\0"])
def test_any_other_is_refused_in_a_sentence(teacher: TeacherSignIn, wrong: str):
    answer = teacher.try_passphrase(wrong, PUPIL)
    assert answer.session is None
    assert answer.refusal == "This is not the teacher's passphrase."


def test_an_address_has_five_tries_a_minute(teacher: TeacherSignIn, clock: Clock):
    for _ in range(5):
        assert "not the teacher's" in teacher.try_passphrase("a guess", PUPIL).refusal
        clock.seconds += 11
    assert "Wait" in teacher.try_passphrase("blue whale", PUPIL).refusal
    assert teacher.try_passphrase("blue whale", OTHER).session
    clock.seconds += 5.1  # a minute after the first try
    assert teacher.try_passphrase("blue whale", PUPIL).session


def test_a_refused_try_does_not_prolong_the_wait(teacher: TeacherSignIn, clock: Clock):
    for _ in range(20):
        teacher.try_passphrase("a guess", PUPIL)
    clock.seconds += 60.1
    assert teacher.try_passphrase("blue whale", PUPIL).session


def test_an_ipv6_network_counts_as_one_address(teacher: TeacherSignIn):
    for number in range(5):
        teacher.try_passphrase("a guess", f"2001:db8:1:2::{number}")
    assert "Wait" in teacher.try_passphrase("blue whale", "2001:db8:1:2:ffff::1").refusal
    assert teacher.try_passphrase("blue whale", "2001:db8:1:3::1").session


def test_addresses_are_forgotten_after_a_minute(teacher: TeacherSignIn, clock: Clock):
    teacher.try_passphrase("a guess", PUPIL)
    clock.seconds += 61
    teacher.try_passphrase("a guess", OTHER)
    assert PUPIL not in repr(vars(teacher))


def test_only_a_salted_hash_is_stored():
    one, other = TeacherSignIn("blue whale"), TeacherSignIn("blue whale")
    assert "blue whale" not in repr(vars(one))
    assert b"blue whale" not in b"".join(value for value in vars(one).values() if isinstance(value, bytes))
    assert one._hash != other._hash


def test_passphrases_are_compared_in_constant_time(teacher: TeacherSignIn, monkeypatch: pytest.MonkeyPatch):
    lengths = []
    compare_digest = hmac.compare_digest

    def compare(one: bytes, other: bytes) -> bool:
        lengths.append((len(one), len(other)))
        return compare_digest(one, other)

    monkeypatch.setattr(sign_in.hmac, "compare_digest", compare)
    teacher.try_passphrase("b", PUPIL)
    assert lengths == [(64, 64)]


def test_a_made_passphrase_is_easy_to_copy_and_new_each_time():
    made = {make_passphrase() for _ in range(50)}
    assert len(made) == 50
    assert all(re.fullmatch("[a-hjkmnp-z2-9]{4}(-[a-hjkmnp-z2-9]{4}){2}", each) for each in made)
