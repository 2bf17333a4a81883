"""The upload page: files in, boxes and readings out; through AppTest, with a recognizer of a few rules."""

import csv
import io
from collections.abc import Callable

import cv2
import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from mnist_core.errors import ModelError
from mnist_core.reading.pictures import png_bytes
from mnist_core.reading.reports import PictureReport
from pages.components import resources, table, uploads

OpenPage = Callable[[str], AppTest]


def bars(count: int) -> bytes:
    """A PNG file of so many bars, each of which is read as a 1."""
    paper = np.full((120, 400), 255, np.uint8)
    for place in range(count):
        cv2.line(paper, (60 + 80 * place, 30), (60 + 80 * place, 90), 0, 8, cv2.LINE_AA)
    return png_bytes(paper)


def upload(app: AppTest, *files: tuple[str, bytes]) -> AppTest:
    app.file_uploader(key="upload-files").set_value([(name, content, "image/png") for name, content in files])
    return app.run()


def texts(app: AppTest) -> str:
    """All that the page says, in one text."""
    spoken = [*app.markdown, *app.text, *app.get("html"), *app.error, *app.subheader, *app.caption]
    return "\n".join(
        str(getattr(element, "value", None) or getattr(element, "body", "")) for element in spoken
    )


def kept(app: AppTest) -> list[PictureReport]:
    return list(app.session_state["upload-reports"].values()) if "upload-reports" in app.session_state else []


def test_the_empty_page_says_what_to_do_and_shows_no_results(open_page: OpenPage):
    app = open_page("upload").run()
    assert not app.exception
    assert "10 MB" in app.file_uploader(key="upload-files").label
    assert "not stored" in texts(app)
    assert not kept(app)
    assert not app.get("imgs")


def test_one_file_comes_back_with_its_text_its_cells_and_its_picture(open_page: OpenPage):
    app = upload(open_page("upload").run(), ("two.png", bars(2)))
    assert not app.exception
    assert [report.text for report in kept(app)] == ["11"]
    assert "two.png" in texts(app)
    assert texts(app).count("<figure>") == 2
    assert cv2.imdecode(np.frombuffer(kept(app)[0].marked, np.uint8), cv2.IMREAD_COLOR).shape == (120, 400, 3)


def test_many_files_are_read_and_a_bad_one_stops_nobody(open_page: OpenPage):
    files = [("a.png", bars(1)), ("b.png", b"hello"), ("c.png", b""), ("d.png", bars(3))]
    app = upload(open_page("upload").run(), *files)
    assert [report.text for report in kept(app)] == ["1", "", "", "111"]
    assert [bool(report.error) for report in kept(app)] == [False, True, True, False]
    assert "b.png can&#x27;t be opened" in texts(app)
    assert "c.png is empty" in texts(app)
    assert "4 pictures" in texts(app)


def test_names_are_never_markup(open_page: OpenPage):
    name = "<script>alert(1)</script>![x](http://y).png"
    app = upload(open_page("upload").run(), (name, b"hello"))
    assert "<script>" not in texts(app)
    assert "&lt;script&gt;" in texts(app)
    app = upload(open_page("upload").run(), (name, bars(1)))
    assert name in [text.value for text in app.text]
    assert not any(name in element.value for element in app.markdown)


def test_the_same_content_is_read_once(open_page: OpenPage, monkeypatch: pytest.MonkeyPatch):
    read = []
    report_picture = uploads.report_picture
    monkeypatch.setattr(
        uploads, "report_picture", lambda *args, **options: read.append(1) or report_picture(*args, **options)
    )
    app = upload(open_page("upload").run(), ("a.png", bars(1)), ("b.png", bars(1)))
    app.run()
    assert [report.name for report in kept(app)] == ["a.png", "b.png"]
    assert len(read) == 1


def test_a_file_taken_out_takes_its_result_along(open_page: OpenPage):
    app = upload(open_page("upload").run(), ("a.png", bars(1)), ("b.png", bars(2)))
    app = upload(app, ("b.png", bars(2)))
    assert [report.text for report in kept(app)] == ["11"]


def test_results_can_be_cleared(open_page: OpenPage):
    app = upload(open_page("upload").run(), ("a.png", bars(1)))
    (picture,) = app.session_state["upload-reports"]
    app.session_state["upload-corrections"] = {picture: "7"}
    app.button(key="upload-clear").click().run()
    assert not kept(app)
    assert "One picture" not in texts(app)
    assert "upload-corrections" not in app.session_state
    app.file_uploader(key="upload-files-1").set_value([("a.png", bars(1), "image/png")])
    app.run()
    assert [report.text for report in kept(app)] == ["1"]


def test_results_outlast_a_change_of_page(open_page: OpenPage):
    app = upload(open_page("upload").run(), ("a.png", bars(1)))
    again = open_page("upload")
    again.session_state["upload-reports"] = app.session_state["upload-reports"]
    again.session_state["upload-held"] = app.session_state["upload-held"]
    upload(again.run(), ("b.png", bars(2)))
    assert [report.text for report in kept(again)] == ["1", "11"]


@pytest.mark.parametrize("sample", ["drawing", "paper", "chalk"])
def test_every_sample_can_be_tried(open_page: OpenPage, sample: str):
    app = open_page("upload").run()
    app.button(key=f"upload-sample-{sample}").click().run()
    assert not app.exception
    assert len(kept(app)) == 1
    assert kept(app)[0].marks


def test_the_camera_opens_when_it_is_asked_for(open_page: OpenPage):
    app = open_page("upload").run()
    assert not app.get("camera_input")
    app.toggle(key="upload-camera-on").set_value(True).run()
    assert app.get("camera_input")


def test_only_so_many_results_are_kept(open_page: OpenPage, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(uploads, "MOST_KEPT", 2)
    app = upload(open_page("upload").run(), *[(f"{count}.png", bars(count)) for count in (1, 2, 3)])
    assert [report.text for report in kept(app)] == ["11", "111"]
    assert "The last 2 are kept here" in texts(app)


def test_a_missing_model_is_told_and_the_page_still_opens(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
):
    def refuse():
        raise ModelError("The model is gone.")

    app = open_page("upload")
    monkeypatch.setattr(resources, "open_recognizer", refuse)
    app.run()
    assert not app.exception
    assert [error.value for error in app.error] == ["The model is gone."]


def test_the_csv_holds_corrections_and_starts_no_formula():
    reports = {
        "x": PictureReport("=evil.png", None, "=evil.png is empty."),
        "y": PictureReport("b.png", None, None),
    }
    rows = list(csv.reader(io.StringIO(table.readings_csv(reports, {"y": "+42"}))))
    assert rows[0] == ["picture", "text", "as_read", "least_confidence", "not_digits", "error"]
    assert rows[1] == ["'=evil.png", "", "", "", "0", "'=evil.png is empty."]
    assert rows[2] == ["b.png", "'+42", "", "", "0", ""]


def test_a_correction_outlasts_other_uploads(open_page: OpenPage):
    app = upload(open_page("upload").run(), ("a.png", bars(1)))
    (picture,) = app.session_state["upload-reports"]
    app.session_state["upload-corrections"] = {picture: "7"}
    app = upload(app, ("a.png", bars(1)), ("b.png", bars(2)))
    assert app.session_state["upload-table-texts"] == ["7", "11"]
    assert list(app.session_state["upload-corrections"].values()) == ["7", "11"]
