"""Readings as a browser stores them: what comes back is what was read, or nothing."""

import json

import numpy as np
import pytest

from mnist_core.reading import stored_readings
from mnist_core.reading.proofreading import Correction
from mnist_core.reading.reports import PictureReport
from mnist_core.reading.stored_readings import pack_readings, unpack_readings
from mnist_core.results import Box, DigitReading, Reading


def mark(label: int, *, is_digit: bool = True, line: int = 0) -> DigitReading:
    cell = np.ones((28, 28), np.float32)
    probabilities = np.full(10, 0.01, np.float32)
    probabilities[label] = 0.91
    return DigitReading(Box(5, 6, 7, 8), line, cell, cell, probabilities, is_digit)


def report(*labels: int, name: str = "a.png") -> PictureReport:
    return PictureReport(name, Reading(tuple(mark(label) for label in labels), 90))


def test_what_was_read_and_corrected_comes_back() -> None:
    marks = (mark(2), mark(0, is_digit=False), mark(7, line=1))
    reports = {"key": PictureReport("a.png", Reading(marks, 270)), "b": PictureReport("b", None, "Damaged.")}
    correction = Correction({1: None, 2: 4}, "27")
    sent = json.loads(json.dumps(pack_readings(reports, {"key": correction})))
    read, refused = unpack_readings(sent)
    assert (read.picture, read.name, read.correction) == ("key", "a.png", correction)
    assert read.report.text == "2\n7"
    assert read.report.reading is not None
    assert read.report.reading.turn == 270
    assert [each.is_digit for each in read.report.marks] == [True, False, True]
    assert read.report.marks[0].box == Box(5, 6, 7, 8)
    assert read.report.marks[0].confidence == pytest.approx(0.91)
    assert read.report.marks[0].probabilities.sum() == pytest.approx(1)
    assert refused.report == PictureReport("b", None, "Damaged.")


def test_a_box_that_begins_outside_of_its_picture_is_moved_to_its_edge() -> None:
    outside = DigitReading(Box(-1, 0, 5, 5), 0, mark(1).ink, mark(1).cell, mark(1).probabilities, True)
    (stored,) = unpack_readings(pack_readings({"a": PictureReport("a", Reading((outside,)))}, {}))
    assert stored.report.marks[0].box.x == 0


def test_of_too_many_marks_the_last_pictures_are_stored(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stored_readings, "MOST_MARKS", 5)
    reports = {name: report(1, 2, name=name) for name in "abc"}
    assert [each["name"] for each in pack_readings(reports, {})] == ["b", "c"]


def good() -> dict[str, object]:
    return pack_readings({"a": report(1)}, {})[0]


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param(None, id="nothing"),
        pytest.param({}, id="no list"),
        pytest.param([1], id="no object"),
        pytest.param([{**good(), "turn": 45}], id="turned by half a turn"),
        pytest.param([{**good(), "marks": [[10, True, 0.9, 0, 0, 0, 1, 1]]}], id="digit ten"),
        pytest.param([{**good(), "marks": [[1, True, float("nan"), 0, 0, 0, 1, 1]]}], id="not a number"),
        pytest.param([{**good(), "marks": [[1, True, 0.9, 0, 0, 0, 1, 1e999]]}], id="endless box"),
        pytest.param([{**good(), "marks": [[1, True, 0.9]]}], id="mark cut short"),
        pytest.param([{**good(), "verdicts": [[0, 11]]}], id="verdict of eleven"),
        pytest.param([{**good(), "marks": good()["marks"] * 10_001}], id="too many marks"),
    ],
)
def test_anything_else_is_nothing(sent: object) -> None:
    assert unpack_readings(sent) == ()
