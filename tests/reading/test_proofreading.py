import numpy as np

from mnist_core.reading.proofreading import (
    NO_CORRECTION,
    Correction,
    apply_correction,
    corrected_text,
    crowded_pictures,
    find_doubts,
)
from mnist_core.reading.reports import PictureReport
from mnist_core.results import Box, DigitReading, Reading


def mark(label: int, confidence: float = 0.99, is_digit: bool = True, line: int = 0) -> DigitReading:
    probabilities = np.full(10, (1 - confidence) / 9, np.float32)
    probabilities[label] = confidence
    cell = np.zeros((28, 28), np.float32)
    return DigitReading(Box(0, 0, 9, 9), line, cell, cell, probabilities, is_digit)


def report(*marks: DigitReading) -> PictureReport:
    return PictureReport("a.png", Reading(marks, turn=90))


def indices(doubts) -> list[tuple[str, int, bool]]:
    return [(doubt.picture, doubt.indices[0], doubt.is_settled) for doubt in doubts]


REPORTS = {
    "x": report(mark(1), mark(2, is_digit=False), mark(3, 0.8)),
    "broken": PictureReport("b.png", None, "b.png is empty."),
    "y": report(mark(4, 0.6), mark(5, 0.95)),
}


def test_doubtful_digits_come_before_refused_marks_each_in_reading_order():
    assert indices(find_doubts(REPORTS, {}, 0.9)) == [("x", 2, False), ("y", 0, False), ("x", 1, False)]


def test_a_picture_full_of_what_is_no_digit_asks_for_its_doubtful_digits_alone():
    reports = {"x": report(*[mark(1, is_digit=False)] * 13, mark(2, 0.5))}
    assert indices(find_doubts(reports, {}, 0.9)) == [("x", 13, False)]


def test_a_picture_full_of_what_is_no_digit_is_named_until_its_text_is_written():
    reports = {**REPORTS, "z": report(*[mark(1, is_digit=False)] * 13)}
    assert crowded_pictures(reports, {}) == ("z",)
    assert crowded_pictures(reports, {"z": Correction(text="3")}) == ()


def test_the_threshold_decides_which_digits_are_doubtful():
    assert indices(find_doubts(REPORTS, {}, 0.5)) == [("x", 1, False)]
    assert len(find_doubts(REPORTS, {}, 0.97)) == 4


def test_a_verdict_settles_a_mark_and_a_written_text_all_of_its_picture():
    corrections = {"x": NO_CORRECTION.with_verdict([1], None), "y": Correction(text="45")}
    assert indices(find_doubts(REPORTS, corrections, 0.9)) == [
        ("x", 2, False),
        ("y", 0, True),
        ("x", 1, True),
    ]


def test_verdicts_stand_in_place_of_what_was_read():
    correction = NO_CORRECTION.with_verdict([1], 7).with_verdict([2], None).with_verdict([0], 1)
    result = apply_correction(REPORTS["x"], correction)
    assert result.text == "17"
    assert result.marks[1].confidence == 1
    assert result.reading is not None
    assert result.reading.turn == 90
    assert REPORTS["x"].text == "13"
    assert corrected_text(REPORTS["x"], correction.without_verdict([2])) == "173"


def test_a_written_text_stands_over_verdicts():
    assert corrected_text(REPORTS["x"], Correction({0: 9}, text="")) == ""
    assert corrected_text(REPORTS["x"], Correction({0: 9})) == "93"


def test_untouched_and_unreadable_pictures_stay_as_they_are():
    assert apply_correction(REPORTS["x"], NO_CORRECTION) is REPORTS["x"]
    assert apply_correction(REPORTS["broken"], Correction({0: 1})) is REPORTS["broken"]
