import cv2
import numpy as np

from mnist_core.reading.pictures import png_bytes
from mnist_core.reading.recognizer import Recognizer
from mnist_core.reading.reports import report_picture


def bar(height: int, width: int, *, x: int, top: int, bottom: int, thickness: int) -> bytes:
    """A PNG file of a dark upright bar, which the fake recognizer reads as a 1."""
    paper = np.full((height, width), 255, np.uint8)
    cv2.line(paper, (x, top), (x, bottom), 0, thickness, cv2.LINE_AA)
    return png_bytes(paper)


def test_a_report_keeps_what_a_person_looks_at_and_no_large_ink(fake_recognizer: Recognizer):
    content = bar(3000, 4000, x=1000, top=500, bottom=2500, thickness=200)
    report = report_picture(fake_recognizer, content, "bar.png", marked=True)
    assert (report.name, report.text, report.error, report.refused) == ("bar.png", "1", None, 0)
    assert report.least_confidence == report.marks[0].confidence
    assert report.marks[0].ink.shape == (28, 28)
    marked = cv2.imdecode(np.frombuffer(report.marked or b"", np.uint8), cv2.IMREAD_COLOR)
    assert marked is not None
    assert marked.shape == (900, 1200, 3)


def test_a_drawing_of_any_size_has_its_boxes_in_its_own_pixels(fake_recognizer: Recognizer):
    content = bar(3000, 4800, x=1000, top=500, bottom=2500, thickness=200)
    report = report_picture(fake_recognizer, content, "bar.png", as_drawing=True)
    box = report.marks[0].box
    assert report.text == "1"
    assert abs(box.x - 900) < 8
    assert abs(box.width - 200) < 16
    assert abs(box.y - 400) < 8


def test_a_file_that_can_not_be_opened_has_its_reason(fake_recognizer: Recognizer):
    report = report_picture(fake_recognizer, b"hello", "note.png", marked=True)
    assert (report.text, report.marks, report.marked, report.least_confidence) == ("", (), None, None)
    assert report.error
    assert "note.png" in report.error
