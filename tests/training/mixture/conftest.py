"""Pen strokes of thirty writers, one digit each."""

import pytest


@pytest.fixture
def strokes(tmp_path):
    """The path of one digit of each of the thirty writers, labelled with its writer's last digit."""
    digit = '.SEGMENT DIGIT {0} ? "{1}"\n.COMMENT {1} {2} 1\n.PEN_DOWN\n 9 400\n 99 300\n.PEN_UP\n'
    path = tmp_path / "strokes.tra"
    path.write_text("".join(digit.format(writer, writer % 10, writer) for writer in range(1, 31)))
    return path
