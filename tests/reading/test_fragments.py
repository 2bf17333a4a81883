"""Refused marks that may be one ruined digit."""

import pytest

from mnist_core.reading.fragments import group_fragments
from mnist_core.results import Box

BROKEN = (Box(0, 0, 60, 12), Box(5, 28, 30, 12), Box(10, 55, 50, 12), Box(0, 80, 60, 14))


@pytest.mark.parametrize(
    ("boxes", "typical", "groups"),
    [
        pytest.param((), None, [], id="none"),
        pytest.param(BROKEN, 110, [(0, 1, 2, 3)], id="one broken digit"),
        pytest.param(BROKEN, None, [(0, 1, 2, 3)], id="one broken digit alone"),
        pytest.param(BROKEN, 40, [(0,), (1,), (2,), (3,)], id="higher than the digits beside it"),
        pytest.param((Box(0, 0, 50, 100), Box(60, 0, 50, 100)), 100, [(0,), (1,)], id="two characters"),
        pytest.param((Box(0, 0, 60, 20), Box(200, 0, 60, 20)), 100, [(0,), (1,)], id="far apart"),
        pytest.param((Box(0, 0, 60, 20), Box(70, 0, 60, 20)), 100, [(0,), (1,)], id="wider than a digit"),
    ],
)
def test_marks_are_grouped_where_together_they_may_be_one_digit(
    boxes: tuple[Box, ...], typical: float | None, groups: list[tuple[int, ...]]
) -> None:
    assert group_fragments(dict(enumerate(boxes)), typical) == groups


def test_groups_hold_the_indices_that_were_given() -> None:
    assert group_fragments({3: BROKEN[0], 7: Box(5, 14, 30, 40)}, None) == [(3, 7)]
