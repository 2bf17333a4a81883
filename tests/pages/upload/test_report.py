"""The report of one picture on the page: its boxes, its text, its cells, and what was unclear."""

from dataclasses import replace

import cv2
import numpy as np

from mnist_core.reading.proofreading import Correction
from mnist_core.results import Reading
from tests.pages.upload.pictures import OpenPage, bars, doubtful, reports, texts, upload


def test_one_file_comes_back_with_its_text_its_cells_and_its_picture(open_page: OpenPage):
    app = upload(open_page("upload").run(), ("two.png", bars(2)))
    assert not app.exception
    assert [report.text for report in reports(app)] == ["11"]
    assert "two.png" in texts(app)
    assert texts(app).count("<figure>") == 2
    assert texts(app).count('class="dp-box"') == 2
    shown = reports(app)[0].preview.shown
    assert cv2.imdecode(np.frombuffer(shown, np.uint8), cv2.IMREAD_COLOR).shape == (120, 400, 3)


def test_names_are_never_markup(open_page: OpenPage):
    name = "<script>alert(1)</script>![x](http://y).png"
    app = upload(open_page("upload").run(), (name, b"hello"))
    assert "<script>" not in texts(app)
    assert "&lt;script&gt;" in texts(app)
    app = upload(open_page("upload").run(), (name, bars(1)))
    assert name in [text.value for text in app.text]
    assert not any(name in element.value for element in app.markdown)


def test_a_picture_full_of_what_is_no_digit_buries_nothing(open_page: OpenPage):
    app = upload(open_page("upload").run(), ("a.png", doubtful(1)))
    (picture,) = app.session_state["upload-reports"]
    report = app.session_state["upload-reports"][picture]
    clutter = (replace(report.marks[0], is_digit=False),) * 500
    app.session_state["upload-reports"][picture] = replace(report, reading=Reading(clutter + report.marks))
    app.run()
    assert "1 of 1 digit to check, in 1 picture." in texts(app)
    assert "500 signs before " in texts(app)
    assert texts(app).count("<figure") == 1
    assert "Is the page the right way up?" in texts(app)
    assert "In 1 picture many marks look like no digit: compare the text with it." in texts(app)
    assert app.dataframe[0].value["To check"].tolist() == [501]


def test_a_turned_picture_says_so_and_can_be_turned_back(open_page: OpenPage):
    app = upload(open_page("upload").run(), ("a.png", bars(1)))
    assert "Read turned" not in texts(app)
    app.button(key="upload-turn-right-0").click().run()
    assert not app.exception
    assert "Read turned by 90° to the right." in texts(app)
    assert reports(app)[0].reading.turn == 90
    app.button(key="upload-turn-left-0").click().run()
    assert reports(app)[0].text == "1"
    app.button(key="upload-turn-left-0").click().run()
    assert reports(app)[0].reading.turn == 270


def test_text_that_a_visitor_wrote_is_never_markup(open_page: OpenPage):
    app = upload(open_page("upload").run(), ("a.png", bars(1)))
    (picture,) = app.session_state["upload-reports"]
    app.session_state["upload-corrections"] = {picture: Correction(text="<img src=x onerror=alert(1)>")}
    app.run()
    assert "<img src=x" not in texts(app)
    assert "&lt;img src=x onerror=alert(1)&gt;" in texts(app)
