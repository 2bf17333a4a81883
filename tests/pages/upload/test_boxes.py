"""A picture's boxes corrected by hand."""

import cv2
import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from mnist_core.reading.pictures import png_bytes
from mnist_core.reading.reports import Frame
from pages.upload.boxes import parse_frame
from tests.pages.upload.pictures import OpenPage, answers, bars, reports, texts, upload


def halves() -> bytes:
    """A PNG file of a 0 in two halves, each of which is read as a sure 1, and a 1."""
    paper = np.full((160, 300), 255, np.uint8)
    for start in (110, -70):
        cv2.ellipse(paper, (80, 80), (40, 50), 0, start, start + 140, 0, 8, cv2.LINE_AA)
    cv2.line(paper, (220, 30), (220, 130), 0, 8, cv2.LINE_AA)
    return png_bytes(paper)


def opened(open_page: OpenPage) -> AppTest:
    app = upload(open_page("upload").run(), ("a.png", halves()))
    assert not answers(app)  # two sure digits: the sheet to check says nothing of them
    return app.button(key="upload-correct-the-boxes-0").click().run()


def test_two_sure_marks_are_joined_to_one_and_parted_again(open_page: OpenPage):
    app = opened(open_page)
    join = app.button(key="upload-boxes-join-0")
    assert join.disabled
    app.pills(key="upload-boxes-parts-0").set_value([0, 1]).run()
    app.button(key="upload-boxes-join-0").click().run()
    assert not app.exception
    assert [report.text for report in reports(app)] == ["01"]
    assert app.session_state["upload-table-texts"] == ["01"]
    assert app.pills(key="upload-boxes-parts-0").value == []
    app.button(key="upload-boxes-undo-0").click().run()
    assert [report.text for report in reports(app)] == ["111"]
    assert "Undo the last box" not in [button.label for button in app.button]


def test_correcting_the_boxes_ends_with_the_same_button(open_page: OpenPage):
    app = opened(open_page)
    assert "Draw a box around one digit" in texts(app)
    app.button(key="upload-correct-the-boxes-0").click().run()
    assert "Draw a box around one digit" not in texts(app)


def test_boxes_of_one_picture_are_corrected_at_a_time(open_page: OpenPage):
    app = upload(open_page("upload").run(), ("a.png", halves()), ("b.png", bars(2)))
    app.button(key="upload-correct-the-boxes-0").click().run()
    app.button(key="upload-correct-the-boxes-1").click().run()
    assert [pills.key for pills in app.pills] == ["upload-boxes-parts-1"]


def test_a_turned_picture_can_not_be_brought_back_to_marks_of_before(open_page: OpenPage):
    app = opened(open_page)
    app.pills(key="upload-boxes-parts-0").set_value([0, 1]).run()
    app.button(key="upload-boxes-join-0").click().run()
    app.button(key="upload-turn-right-0").click().run()
    assert "Undo the last box" not in [button.label for button in app.button]


@pytest.mark.parametrize(
    ("sent", "frame"),
    [
        pytest.param(
            {"left": 0, "top": 0.5, "width": 1, "height": 0.5}, Frame(0.0, 0.5, 1.0, 0.5), id="a box"
        ),
        pytest.param({"left": 0.5, "top": 0.5, "width": 0.001, "height": 0.5}, None, id="a click"),
        pytest.param({"left": 0.5, "top": 0.5, "width": 0.9, "height": 0.5}, None, id="beyond the picture"),
        pytest.param({"left": -1, "top": 0.5, "width": 0.5, "height": 0.5}, None, id="before the picture"),
        pytest.param({"left": float("nan"), "top": 0, "width": 1, "height": 1}, None, id="no number"),
        pytest.param({"left": "0", "top": 0, "width": 1, "height": 1}, None, id="text"),
        pytest.param({"left": 0}, None, id="a side alone"),
        pytest.param([0, 0, 1, 1], None, id="a list"),
        pytest.param(None, None, id="nothing"),
    ],
)
def test_what_a_browser_sends_is_a_box_within_the_picture_or_nothing(
    sent: object, frame: Frame | None
) -> None:
    assert parse_frame(sent) == frame
