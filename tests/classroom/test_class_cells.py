"""A class's digits as cells, and who is held out."""

import numpy as np
import pytest

from mnist_core.classroom.class_cells import all_cells, cells_of, split_by_member, usable
from mnist_core.classroom.drawings import State
from mnist_core.reading.recognizer import Recognizer
from tests.classroom.made_drawings import made

NOTHING = np.zeros((0, 28, 28), np.uint8)
TWO = np.zeros((2, 28, 28), np.uint8)


def test_a_digit_is_labelled_with_what_was_asked_or_corrected():
    assert cells_of(made(5)).labels.tolist() == [7]
    assert cells_of(made(5, corrected="1")).labels.tolist() == [1]
    np.testing.assert_array_equal(cells_of(made(5)).cells, made(5).cells)


def test_a_number_gives_a_cell_for_each_digit():
    assert cells_of(made(5, asked="42", reading="47", cells=TWO)).labels.tolist() == [4, 2]


@pytest.mark.parametrize(("reading", "cells"), [("", NOTHING), ("51", TWO)], ids=["refused", "as two"])
def test_one_digit_that_was_not_read_as_one_is_one_cell(reading: str, cells: np.ndarray):
    found = cells_of(made(5, shape="5", asked="5", reading=reading, cells=cells))
    assert found.labels.tolist() == [5]
    recognizer = Recognizer.load("shipped")
    assert recognizer.probabilities(found.cells.astype(np.float32) / np.float32(255)).argmax() == 5


@pytest.mark.parametrize(
    "more",
    [{"asked": ""}, {"asked": "123", "cells": TWO}, {"asked": "", "corrected": "x"}, {"corrected": ""}],
    ids=["anything", "other count", "no digits", "nothing"],
)
def test_what_is_not_known_gives_no_cell(more: dict[str, object]):
    assert len(cells_of(made(5, **more))) == 0


def test_no_hand_is_in_both_parts():
    drawings = [made(10 * member + number, member) for member in range(8) for number in range(3)]
    parts = split_by_member(drawings)
    assert (parts.train_hands, parts.test_hands, len(parts.train), len(parts.test)) == (6, 2, 18, 6)
    trained = {int(cell[0, 0]) // 10 for cell in parts.train.cells}
    assert trained.isdisjoint(int(cell[0, 0]) // 10 for cell in parts.test.cells)


def test_the_same_seed_holds_out_the_same_hands():
    drawings = [made(member, member) for member in range(30)]
    first, second, other = (split_by_member(drawings, seed).test.cells for seed in (0, 0, 1))
    np.testing.assert_array_equal(first, second)
    assert not np.array_equal(first, other)


@pytest.mark.parametrize(("members", "held_out"), [(0, 0), (1, 0), (2, 1), (3, 1)])
def test_of_few_hands_one_is_held_out(members: int, held_out: int):
    parts = split_by_member([made(member, member) for member in range(members)])
    assert parts.test_hands == held_out
    assert len(parts.train) == members - held_out


def test_hidden_ones_and_those_to_fool_the_network_are_not_learned_from():
    shown, accepted = made(1), made(2, state=State.ACCEPTED)
    drawings = [shown, accepted, made(3, state=State.HIDDEN), made(4, is_challenge=True)]
    assert usable(drawings) == (shown, accepted)
    assert len(all_cells(usable(drawings))) == 2
