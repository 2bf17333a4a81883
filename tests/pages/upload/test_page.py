"""The upload page: files in, boxes and readings out; through AppTest, with a recognizer of a few rules."""

import csv
import io
from collections.abc import Callable
from dataclasses import replace

import cv2
import numpy as np
import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import ButtonGroup

from mnist_core.errors import ModelError
from mnist_core.reading.pictures import png_bytes
from mnist_core.reading.proofreading import Correction
from mnist_core.reading.reports import PictureReport
from mnist_core.results import Reading
from pages.shared import resources
from pages.upload import session, table

OpenPage = Callable[[str], AppTest]


def bars(count: int) -> bytes:
    """A PNG file of so many bars, each of which is read as a 1."""
    paper = np.full((120, 400), 255, np.uint8)
    for place in range(count):
        cv2.line(paper, (60 + 80 * place, 30), (60 + 80 * place, 90), 0, 8, cv2.LINE_AA)
    return png_bytes(paper)


def doubtful(count: int, seed: int = 0) -> bytes:
    """A PNG file of so many crosses, each of which is read as a doubtful 7."""
    paper = np.full((120, 400), 255, np.uint8)
    for place in range(count):
        left = 30 + 90 * place
        cv2.line(paper, (left, 30), (left + 50, 90), 0, 6, cv2.LINE_AA)
        cv2.line(paper, (left, 90 - seed), (left + 50, 30), 0, 6, cv2.LINE_AA)
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
    assert texts(app).count('class="dp-box"') == 2
    shown = kept(app)[0].kept.shown
    assert cv2.imdecode(np.frombuffer(shown, np.uint8), cv2.IMREAD_COLOR).shape == (120, 400, 3)


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
    report_picture = session.report_picture
    monkeypatch.setattr(
        session, "report_picture", lambda *args, **options: read.append(1) or report_picture(*args, **options)
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
    app.session_state["upload-corrections"] = {picture: Correction(text="7")}
    app.button(key="upload-clear").click().run()
    assert not kept(app)
    assert "One picture" not in texts(app)
    assert not app.session_state["upload-corrections"]
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
    monkeypatch.setattr(session, "MAX_REPORTS", 2)
    app = upload(open_page("upload").run(), *[(f"{count}.png", bars(count)) for count in (1, 2, 3)])
    assert [report.text for report in kept(app)] == ["11", "111"]
    assert "The last 2 are shown" in texts(app)


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
    corrections = {"y": Correction(text="+42")}
    rows = list(csv.reader(io.StringIO(table.readings_csv(reports, corrections, {"y": 2}))))
    assert rows[0] == [
        "picture",
        "text",
        "as_read",
        "least_confidence",
        "not_digits",
        "error",
        "to_check",
    ]
    assert rows[1] == ["'=evil.png", "", "", "", "0", "'=evil.png is empty.", "0"]
    assert rows[2] == ["b.png", "'+42", "", "", "0", "", "2"]


def test_a_correction_outlasts_other_uploads(open_page: OpenPage):
    app = upload(open_page("upload").run(), ("a.png", bars(1)))
    (picture,) = app.session_state["upload-reports"]
    app.session_state["upload-corrections"] = {picture: Correction(text="7")}
    app = upload(app, ("a.png", bars(1)), ("b.png", bars(2)))
    assert app.session_state["upload-table-texts"] == ["7", "11"]
    assert app.session_state["upload-corrections"][picture].text == "7"


def answers(app: AppTest) -> list[ButtonGroup]:
    """Give the rows of answers on the sheet to check."""
    return [group for group in app.get("button_group") if str(group.key).startswith("upload-answer-")]


def test_doubtful_digits_are_counted_marked_and_shown_to_be_checked(open_page: OpenPage):
    app = upload(
        open_page("upload").run(), ("a.png", bars(2)), ("b.png", doubtful(2)), ("c.png", doubtful(1))
    )
    assert not app.exception
    assert "3 of 5 digits to check, in 2 pictures." in texts(app)
    assert texts(app).count("dp-box-doubtful") == 3
    assert "Read as <b>7</b>, 60" in texts(app)
    assert "perhaps 2" in texts(app)
    assert len(answers(app)) == 3


def test_what_is_set_right_is_ticked_off_and_stands_in_the_table(open_page: OpenPage):
    app = upload(open_page("upload").run(), ("a.png", doubtful(2)), ("b.png", bars(1)))
    answers(app)[1].set_value("4").run()
    assert "1 of 3 digits to check, in 1 picture. 1 checked." in texts(app)
    assert app.session_state["upload-table-texts"] == ["74", "1"]
    assert texts(app).count("dp-box-doubtful") == 1
    answers(app)[1].set_value("Not a digit").run()
    assert app.session_state["upload-table-texts"] == ["7", "1"]
    answers(app)[1].set_value(None).run()
    assert "2 of 3 digits to check" in texts(app)
    assert app.session_state["upload-table-texts"] == ["77", "1"]


def test_the_rest_can_be_taken_as_right_at_once(open_page: OpenPage):
    app = upload(open_page("upload").run(), ("a.png", doubtful(3)))
    answers(app)[0].set_value("1").run()
    app.button(key="upload-check-rest").click().run()
    assert "Nothing left to check. 3 checked." in texts(app)
    assert app.session_state["upload-table-texts"] == ["177"]
    assert [group.value for group in answers(app)] == ["1", "7", "7"]


def test_a_long_sheet_is_shown_in_parts(open_page: OpenPage):
    app = upload(
        open_page("upload").run(), *[(f"{count}.png", doubtful(4, seed=count)) for count in range(4)]
    )
    assert len(answers(app)) == 9
    app.button(key="upload-check-rest").click().run()
    assert "7 of 16 digits to check, in 2 pictures. 9 checked." in texts(app)
    assert len(answers(app)) == 7
    app.pagination(key="upload-sheet").set_value(1).run()
    assert [group.value for group in answers(app)] == ["7"] * 9


def test_moving_the_threshold_reads_nothing_again(open_page: OpenPage, monkeypatch: pytest.MonkeyPatch):
    app = upload(open_page("upload").run(), ("a.png", doubtful(1)), ("b.png", bars(1)))
    monkeypatch.setattr(session, "report_picture", None)
    app.select_slider(key="upload-threshold").set_value(0.5).run()
    assert not app.exception
    assert "Nothing to check: all 2 digits are sure." in texts(app)
    app.select_slider(key="upload-threshold").set_value(0.995).run()
    assert "2 of 2 digits to check, in 2 pictures." in texts(app)


def test_answers_outlast_a_change_of_page(open_page: OpenPage):
    app = upload(open_page("upload").run(), ("a.png", doubtful(2)))
    answers(app)[0].set_value("4").run()
    again = open_page("upload")
    for name in ("upload-reports", "upload-corrections"):
        again.session_state[name] = app.session_state[name]
    again.run()
    assert [group.value for group in answers(again)] == ["4", None]
    assert again.session_state["upload-table-texts"] == ["47"]


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


def test_a_text_written_in_the_table_settles_its_picture(open_page: OpenPage):
    app = upload(open_page("upload").run(), ("a.png", doubtful(1)), ("b.png", doubtful(2)))
    picture = next(iter(app.session_state["upload-reports"]))
    app.session_state["upload-corrections"] = {picture: Correction(text="9")}
    app.run()
    assert "2 of 3 digits to check, in 1 picture. 1 checked." in texts(app)
    assert "corrected in the table" in texts(app)
    assert "Corrected by you." in texts(app)
    assert '">9</p>' in texts(app)


def test_a_turned_picture_says_so_and_can_be_turned_back(open_page: OpenPage):
    app = upload(open_page("upload").run(), ("a.png", bars(1)))
    assert "Read turned" not in texts(app)
    app.button(key="upload-turn-right-0").click().run()
    assert not app.exception
    assert "Read turned by 90° to the right." in texts(app)
    assert kept(app)[0].reading.turn == 90
    app.button(key="upload-turn-left-0").click().run()
    assert kept(app)[0].text == "1"
    app.button(key="upload-turn-left-0").click().run()
    assert kept(app)[0].reading.turn == 270


def test_many_pictures_are_shown_in_parts_beginning_with_the_new_ones(open_page: OpenPage):
    files = [(f"{number}.png", bars(1 + number % 3)) for number in range(12)]
    app = upload(open_page("upload").run(), *files[:11])
    assert "Pictures 1–10 of 11" in texts(app)
    app = upload(app, *files)
    assert "Pictures 11–12 of 12" in texts(app)
    assert "11.png" in [text.value for text in app.text]
    app.pagination(key="upload-pictures").set_value(1).run()
    assert "0.png" in [text.value for text in app.text]
