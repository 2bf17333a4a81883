import csv
import io
import json

import pytest

from mnist_core.commands.console import RowFormat
from mnist_core.commands.rows import rows_written
from mnist_core.reading.reports import PictureReport
from mnist_core.results import Reading
from tests.commands.conftest import mark

READ = PictureReport("a.png", Reading((mark(7, 0.98765), mark(3, 0.4, is_digit=False))))
BLANK = PictureReport("b.png", Reading(()))
BAD = PictureReport("c.png", None, "c.png is empty.")


def written(row_format: RowFormat, *reports: PictureReport) -> str:
    stream = io.StringIO()
    with rows_written(stream, row_format) as write:
        for report in reports:
            write(report)
    return stream.getvalue()


def test_json_is_one_object_a_line_and_keeps_refused_marks():
    read, blank, bad = map(json.loads, written(RowFormat.JSON, READ, BLANK, BAD).splitlines())
    assert [mark["is_digit"] for mark in read["digits"]] == [True, False]
    assert read["digits"][0]["confidence"] == pytest.approx(0.98765)
    assert blank == {"path": "b.png", "text": "", "digits": [], "error": None}
    assert bad == {"path": "c.png", "text": "", "digits": [], "error": "c.png is empty."}


def test_csv_counts_digits_and_refused_marks():
    header, *rows = csv.reader(io.StringIO(written(RowFormat.CSV, READ, BLANK, BAD)))
    assert header == ["path", "text", "digits", "least_confidence", "not_digits", "error"]
    assert [row[2:] for row in rows] == [
        ["1", "0.9876", "1", ""],
        ["0", "", "0", ""],
        ["0", "", "0", "c.png is empty."],
    ]


@pytest.mark.parametrize("row_format", [RowFormat.JSON, RowFormat.CSV])
def test_a_row_is_there_as_soon_as_it_is_written(row_format):
    stream = io.StringIO()
    with rows_written(stream, row_format) as write:
        write(READ)
        assert "a.png" in stream.getvalue()


def test_a_table_says_what_is_to_be_said_of_each_picture():
    table = written(RowFormat.TABLE, READ, BLANK, BAD)
    assert "98.8%" in table
    assert "1 mark is no digit" in table
    assert "no digit in it" in table
    assert "c.png is empty." in table


def test_a_table_never_says_that_it_is_entirely_sure():
    assert "99.9%" in written(RowFormat.TABLE, PictureReport("a.png", Reading((mark(7, 1.0),))))


def test_an_interrupted_table_shows_what_was_read():
    stream = io.StringIO()

    def interrupted() -> None:
        with rows_written(stream, RowFormat.TABLE) as write:
            write(READ)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert "a.png" in stream.getvalue()
