"""A class's drawings from a file of strokes."""

import json

import pytest

from mnist_core.classroom.bringing_back import bring_back, parse_json_lines
from mnist_core.classroom.classes import SchoolClass, close_class
from mnist_core.classroom.database import ClassDatabase
from mnist_core.classroom.drawings import State, class_drawings
from mnist_core.classroom.members import count_members
from mnist_core.classroom.takeaway import to_json_lines
from mnist_core.errors import ClassroomError
from mnist_core.reading.recognizer import Recognizer
from tests.classroom.made_drawings import made

DRAWINGS = [made(1, 4), made(2, 9, asked="", corrected="1"), made(3, 4, asked="3")]
CONTENT = to_json_lines(DRAWINGS)


def test_a_class_comes_back_as_it_was_taken_along(
    database: ClassDatabase, school_class: SchoolClass, fake_recognizer: Recognizer
):
    stored = parse_json_lines(CONTENT)
    assert bring_back(database, school_class.id, stored, fake_recognizer.read_strokes, "fake") == 3
    drawings = class_drawings(database, school_class.id)[::-1]
    assert [each.asked for each in drawings] == ["7", "", "3"]
    assert [(each.corrected, each.state) for each in drawings] == [
        (None, State.NEW),
        ("1", State.ACCEPTED),
        (None, State.NEW),
    ]
    assert drawings[0].member == drawings[2].member != drawings[1].member
    assert count_members(database, school_class.id) == 2
    assert [each["strokes"] for each in lines(to_json_lines(drawings))] == [
        each["strokes"] for each in lines(CONTENT)
    ]
    assert {each.model for each in drawings} == {"fake"}


def lines(content: bytes) -> list[dict[str, object]]:
    return [json.loads(line) for line in content.splitlines()]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        pytest.param({"asked": "seven"}, "Line 3 is no drawing", id="label"),
        pytest.param({"hand": 100}, "Line 3", id="hand"),
        pytest.param({"height": 0}, "Line 3", id="paper"),
        pytest.param({"strokes": []}, "Line 3", id="blank"),
        pytest.param({"strokes": [{"width": 1e9, "points": [[0, 0]]}]}, "Line 3", id="pen"),
        pytest.param({"strokes": [{"width": 9, "points": [[1e9, 0]]}]}, "Line 3", id="far away"),
        pytest.param({"strokes": [{"width": 9, "points": []}]}, "Line 3", id="no points"),
    ],
)
def test_a_line_that_is_no_drawing_is_named(change: dict[str, object], words: str):
    last = json.dumps(lines(CONTENT)[2] | change).encode()
    with pytest.raises(ClassroomError, match=words):
        parse_json_lines(b"\n".join([*CONTENT.splitlines()[:2], last]))


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xff", b"[]", b"{}", b"label,pixel0\n1,2\n"])
def test_what_is_no_file_of_strokes_is_refused(content: bytes):
    with pytest.raises(ClassroomError):
        parse_json_lines(content)


def test_a_closed_class_takes_none(
    database: ClassDatabase, school_class: SchoolClass, fake_recognizer: Recognizer
):
    close_class(database, school_class.id)
    with pytest.raises(ClassroomError, match="closed"):
        bring_back(database, school_class.id, parse_json_lines(CONTENT), fake_recognizer.read_strokes, "fake")
