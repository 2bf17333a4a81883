"""All readings as a table and as CSV."""

import csv
import io

import pytest

from mnist_core.reading.proofreading import Correction
from mnist_core.reading.reports import PictureReport
from mnist_core.spreadsheet import csv_table
from pages.upload import table
from tests.pages.upload.pictures import OpenPage, bars, doubtful, texts, upload


def test_the_csv_holds_corrections_and_starts_no_formula():
    reports = {
        "x": PictureReport("=evil.png", None, "=evil.png is empty."),
        "y": PictureReport("b.png", None, None),
    }
    corrections = {"y": Correction(text="+42")}
    content = csv_table([], table.reading_rows(reports, corrections, {"y": 2}))
    rows = list(csv.reader(io.StringIO(content)))
    assert rows[1] == ["'=evil.png", "", "", "", "0", "'=evil.png is empty.", "0"]
    assert rows[2] == ["b.png", "'+42", "", "", "0", "", "2"]


def test_a_correction_outlasts_other_uploads(open_page: OpenPage):
    app = upload(open_page("upload").run(), ("a.png", bars(1)))
    (picture,) = app.session_state["upload-reports"]
    app.session_state["upload-corrections"] = {picture: Correction(text="7")}
    app = upload(app, ("a.png", bars(1)), ("b.png", bars(2)))
    assert app.session_state["upload-table-texts"] == ["7", "11"]
    assert app.session_state["upload-corrections"][picture].text == "7"


def test_a_text_written_in_the_table_settles_its_picture(open_page: OpenPage):
    app = upload(open_page("upload").run(), ("a.png", doubtful(1)), ("b.png", doubtful(2)))
    picture = next(iter(app.session_state["upload-reports"]))
    app.session_state["upload-corrections"] = {picture: Correction(text="9")}
    app.run()
    assert "2 of 3 digits to check, in 1 picture. 1 checked." in texts(app)
    assert "corrected in the table" in texts(app)
    assert "Corrected by you." in texts(app)
    assert '">9</p>' in texts(app)


def test_readings_csv_is_made_as_a_file_for_spreadsheets(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
):
    """The file's first bytes say that it is UTF-8: see csv_file. The browser's tests look at them, too."""
    made: list[str] = []
    monkeypatch.setattr(table, "csv_file", lambda text: made.append(text) or b"")
    upload(open_page("upload").run(), ("é.png", bars(1)))
    assert made[-1].splitlines()[1].startswith("é.png,1,1,")
