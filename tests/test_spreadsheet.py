import csv
import io
import re

import pandas
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnist_core.spreadsheet import csv_file, csv_row, csv_table, plain_cell

FORMULA_STARTS = "=+-@\t\r\n＝＋－＠"
NAMES = st.text(
    st.one_of(st.characters(blacklist_categories=("Cs",)), st.sampled_from(FORMULA_STARTS + "\0;,\"' 0"))
)


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        pytest.param("2026", "2026", id="digits"),
        pytest.param("", "", id="empty"),
        pytest.param(None, "", id="none"),
        pytest.param(-0.5, "-0.5", id="a number below zero"),
        pytest.param("=1+1", "'=1+1", id="equals"),
        pytest.param("+1", "'+1", id="plus"),
        pytest.param("-1", "'-1", id="minus"),
        pytest.param("@SUM(A1)", "'@SUM(A1)", id="at"),
        pytest.param("  =1+1", "'  =1+1", id="after spaces"),
        pytest.param("\xa0=1+1", "'\xa0=1+1", id="after a hard space"),
        pytest.param("\t=1+1", r"'\t=1+1", id="after a tab"),
        pytest.param("\r=1+1.png", r"'\r=1+1.png", id="after a carriage return"),
        pytest.param("\n=1+1", r"'\n=1+1", id="after a line break"),
        pytest.param("a\n=1+1", r"a\n=1+1", id="in another line"),
        pytest.param("a;=1+1", "a;'=1+1", id="after a semicolon"),
        pytest.param('a;"=1+1', "a;'\"=1+1", id="after a semicolon and a quote"),
        pytest.param("＝1+1", "'＝1+1", id="in wide letters"),
        pytest.param("a=1", "a=1", id="not at the start"),
        pytest.param("12\n34", "12\n34", id="two lines of digits"),
        pytest.param("\x1b[31m.png", r"\x1b[31m.png", id="what a terminal obeys"),
    ],
)
def test_no_cell_starts_a_formula(value, cell):
    assert plain_cell(value) == cell


@pytest.mark.parametrize(
    "text", ["007", "0", "00", "1234567890123456789", "1e5", "0.50", "nan", "2026", "7\n07"]
)
def test_texts_keep_their_signs_in_pandas(text):
    table = csv_file(csv_table(["picture", "text"], [["a.png", text]]))
    read = str(pandas.read_csv(io.BytesIO(table))["text"][0])
    assert read.removeprefix("'") == text


@pytest.mark.parametrize("text", ["0", "7", "2026", "123456789012345"])
def test_a_number_that_stays_what_it_is_gets_no_apostrophe(text):
    assert plain_cell(text) == text


@given(st.lists(NAMES, min_size=1))
def test_what_is_written_can_be_read_back(cells):
    (row,) = csv.reader(io.StringIO(csv_row(cells), newline=""))
    assert row == [plain_cell(cell) for cell in cells]


@given(st.lists(NAMES, min_size=1))
def test_no_reader_finds_a_cell_that_starts_a_formula(cells):
    """Spreadsheets differ in what separates cells and rows, and some split at any line break."""
    row = csv_row(cells)
    for lines in (row.splitlines(keepends=True), re.split("[\r\n\v\f]", row)):
        for delimiter in (",", ";", "\t"):
            for found in csv.reader(lines, delimiter=delimiter):
                assert not [cell for cell in found if cell.lstrip(" ").startswith(tuple(FORMULA_STARTS))]


def test_a_table_has_its_header_first():
    assert csv_table(["a", "b"], [[1, "x,y"], [None, "two\nlines"]]) == 'a,b\n1,"x,y"\n,"two\nlines"\n'
