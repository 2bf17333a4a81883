"""Codes and tokens: made, typed, and tried too often."""

import re

import pytest

from mnist_core.classroom.codes import WrongCodes, clean_code, hash_token, make_code, make_token, spell_code
from mnist_core.errors import ClassroomError


def test_codes_have_no_signs_that_one_takes_for_each_other():
    made = {make_code() for _ in range(500)}
    assert len(made) == 500
    assert all(re.fullmatch("[A-HJKMNP-RT-Z346-9]{6}", code) for code in made)


@pytest.mark.parametrize("typed", ["K7RX3M", "k7r x3m", " K7R-X3M\n", "k 7 r x 3 m"])
def test_a_code_is_understood_however_it_is_typed(typed: str):
    assert clean_code(typed) == "K7RX3M"


@pytest.mark.parametrize("typed", ["", "K7RX3", "K7RX3MM", "K7RX31", "K7RX3Ä"])
def test_what_is_no_code_is_none(typed: str):
    assert clean_code(typed) == ""


def test_a_code_is_spelled_in_two_groups():
    assert spell_code("K7RX3M") == "K7R X3M"


def test_tokens_are_long_and_new_each_time():
    made = {make_token() for _ in range(100)}
    assert len(made) == 100
    assert min(map(len, made)) >= 32
    assert len(hash_token(made.pop())) == 32


def test_sixty_wrong_codes_a_minute_are_the_most():
    now = [0.0]
    wrong = WrongCodes(lambda: now[0])
    for _ in range(60):
        wrong.require_few()
        wrong.note()
    now[0] = 59.0
    with pytest.raises(ClassroomError, match="Too many wrong codes"):
        wrong.require_few()
    now[0] = 60.1
    wrong.require_few()
