"""Marks regrouped by hand: a box drawn around one digit, neighbouring marks joined."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from mnist_core.reading.pictures import png_bytes
from mnist_core.reading.proofreading import NO_CORRECTION, Correction
from mnist_core.reading.recognizer import Recognizer
from mnist_core.reading.regrouping import frame_around, read_as_one
from mnist_core.reading.reports import Frame, PictureReport, read_turned, report_picture
from mnist_core.results import Box


def picture(turn: int = 0) -> bytes:
    """Draw a 0 in two halves, a 1, and on a second line a 1; turned, it lies as its file says."""
    paper = np.full((400, 400), 255, np.uint8)
    for start in (110, -70):
        cv2.ellipse(paper, (90, 100), (45, 60), 0, start, start + 140, 0, 9, cv2.LINE_AA)
    cv2.line(paper, (250, 45), (250, 155), 0, 9, cv2.LINE_AA)
    cv2.line(paper, (250, 245), (250, 355), 0, 9, cv2.LINE_AA)
    return png_bytes(np.ascontiguousarray(np.rot90(paper, turn // 90)))


def read(recognizer: Recognizer, turn: int = 0) -> PictureReport:
    report = report_picture(recognizer, picture(turn), "a.png", with_preview=True)
    return read_turned(recognizer, report, turn)


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_digit_in_halves_is_one_once_its_marks_are_joined(fake_recognizer: Recognizer, turn: int) -> None:
    report = read(fake_recognizer, turn)
    assert report.text == "111\n1"
    regrouped = read_as_one(fake_recognizer, report, NO_CORRECTION, frame_around(report, [0, 1]))
    assert regrouped is not None
    assert regrouped.report.text == "01\n1"
    around = Box.around(mark.box for mark in report.marks[:2])
    assert sides(regrouped.report.marks[0].box) == pytest.approx(sides(around), abs=4)
    assert report.text == "111\n1"  # the report itself is as it was


def test_a_box_by_eye_does_the_same(fake_recognizer: Recognizer) -> None:
    report = read(fake_recognizer)
    regrouped = read_as_one(fake_recognizer, report, NO_CORRECTION, Frame(0.08, 0.05, 0.3, 0.4))
    assert regrouped is not None
    assert regrouped.report.text == "01\n1"


@pytest.mark.parametrize("turn", [0, 90])
@pytest.mark.parametrize("index", [0, 1, 2, 3])
def test_a_digit_that_was_not_found_gets_its_place_by_a_box(
    fake_recognizer: Recognizer, index: int, turn: int
) -> None:
    whole = read(fake_recognizer, turn)
    regrouped = read_as_one(
        fake_recognizer, without(whole, index), NO_CORRECTION, frame_around(whole, [index])
    )
    assert regrouped is not None
    assert [mark.line for mark in regrouped.report.marks] == [mark.line for mark in whole.marks]
    for mark, before in zip(regrouped.report.marks, whole.marks, strict=True):
        assert sides(mark.box) == pytest.approx(sides(before.box), abs=4)


def test_a_digit_above_all_others_gets_the_first_line(fake_recognizer: Recognizer) -> None:
    whole = read(fake_recognizer)
    below = without(without(without(whole, 0), 0), 0)
    regrouped = read_as_one(fake_recognizer, below, NO_CORRECTION, frame_around(whole, [2]))
    assert regrouped is not None
    assert [mark.line for mark in regrouped.report.marks] == [0, 1]


def test_half_of_a_mark_is_read_in_its_place(fake_recognizer: Recognizer) -> None:
    report = read(fake_recognizer)
    joined = read_as_one(fake_recognizer, report, NO_CORRECTION, frame_around(report, [0, 1]))
    assert joined is not None
    half = read_as_one(fake_recognizer, joined.report, NO_CORRECTION, frame_around(report, [0]))
    assert half is not None
    assert half.report.text == "11\n1"


def test_verdicts_stay_with_their_marks(fake_recognizer: Recognizer) -> None:
    report = read(fake_recognizer)
    correction = Correction({0: 5, 2: 7, 3: None}, text="9")
    regrouped = read_as_one(fake_recognizer, report, correction, frame_around(report, [0, 1]))
    assert regrouped is not None
    assert regrouped.correction == Correction({1: 7, 2: None}, text="9")


def test_a_bare_box_changes_nothing(fake_recognizer: Recognizer) -> None:
    assert read_as_one(fake_recognizer, read(fake_recognizer), NO_CORRECTION, Frame(0.7, 0, 0.3, 0.3)) is None


def test_what_a_person_takes_for_a_digit_is_read_as_one(fake_recognizer: Recognizer) -> None:
    """A blot is refused by the network; its probabilities say which digit it is likeliest to be."""
    paper = np.full((200, 200), 255, np.uint8)
    cv2.rectangle(paper, (90, 90), (110, 110), 0, -1)
    report = report_picture(fake_recognizer, png_bytes(paper), "a.png", with_preview=True)
    assert report.text == ""
    regrouped = read_as_one(fake_recognizer, report, NO_CORRECTION, frame_around(report, [0]))
    assert regrouped is not None
    assert len(regrouped.report.text) == 1


def test_only_a_report_with_a_picture_is_regrouped(fake_recognizer: Recognizer) -> None:
    report = report_picture(fake_recognizer, picture(), "a.png")
    with pytest.raises(ValueError, match="preview"):
        read_as_one(fake_recognizer, report, NO_CORRECTION, Frame(0, 0, 1, 1))
    with pytest.raises(ValueError, match="preview"):
        frame_around(report, [0])


def sides(box: Box) -> list[int]:
    return [box.x, box.y, box.width, box.height]


def without(report: PictureReport, index: int) -> PictureReport:
    """Take a mark out of a report."""
    assert report.reading is not None
    digits = tuple(mark for at, mark in enumerate(report.marks) if at != index)
    return replace(report, reading=replace(report.reading, digits=digits))
