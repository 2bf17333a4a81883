import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnist_core.spreadsheet import csv_file, csv_row, csv_table, plain_cell


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
        pytest.param("\t=1+1", "'\t=1+1", id="after a tab"),
        pytest.param("＝1+1", "'＝1+1", id="in wide letters"),
        pytest.param("a=1", "a=1", id="not at the start"),
    ],
)
def test_no_cell_starts_a_formula(value, cell):
    assert plain_cell(value) == cell


@given(
    st.lists(st.text(st.characters(blacklist_characters="\0\r", blacklist_categories=("Cs",))), min_size=1)
)
def test_what_is_written_can_be_read_back(cells):
    (row,) = csv.reader(io.StringIO(csv_row(cells), newline=""))
    assert row == [plain_cell(cell) for cell in cells]


def test_a_table_has_its_header_first():
    assert csv_table(["a", "b"], [[1, "x,y"], [None, "two\nlines"]]) == 'a,b\n1,"x,y"\n,"two\nlines"\n'


def test_a_file_begins_with_the_mark_that_says_utf_8():
    assert csv_file("é\n") == b"\xef\xbb\xbf\xc3\xa9\n"
