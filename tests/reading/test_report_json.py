"""A report as JSON: in JSON's own kinds, the same for every reader."""

import json

import numpy as np

from mnist_core.reading.pictures import png_bytes
from mnist_core.reading.recognizer import Recognizer
from mnist_core.reading.report_json import report_as_json
from mnist_core.reading.reports import report_picture


def test_a_digit_has_its_label_confidence_and_box_in_jsons_kinds(fake_recognizer: Recognizer) -> None:
    paper = np.full((120, 200), 255, np.uint8)
    paper[20:100, 80:90] = 0
    found = json.loads(json.dumps(report_as_json(report_picture(fake_recognizer, png_bytes(paper), "a.png"))))
    (digit,) = found["digits"]
    assert (found["text"], found["error"]) == ("1", None)
    assert (digit["label"], digit["is_digit"], digit["confidence"]) == (1, True, 0.991)
    assert np.abs(np.subtract(digit["box"], [80, 20, 10, 80])).max() <= 2


def test_a_refused_mark_is_listed_and_said_to_be_no_digit(fake_recognizer: Recognizer) -> None:
    paper = np.full((120, 200), 255, np.uint8)
    paper[30:90, 70:125] = 0
    found = report_as_json(report_picture(fake_recognizer, png_bytes(paper), "a.png", as_drawing=True))
    assert found["text"] == ""
    assert [digit["is_digit"] for digit in found["digits"]] == [False]


def test_a_file_that_can_not_be_read_has_its_sentence_and_no_digits(fake_recognizer: Recognizer) -> None:
    found = report_as_json(report_picture(fake_recognizer, b"hello", "note.txt"))
    assert found["digits"] == []
    assert found["error"]
