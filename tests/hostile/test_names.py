"""Names as nobody calls a file, in what the app writes for others: spreadsheets, terminals, paths, pages."""

import csv
import io
import re
from pathlib import Path

import pytest
from hypothesis import given

from mnist_core.config import AppPaths
from mnist_core.errors import ModelError
from mnist_core.reading.files import printable_name
from mnist_core.runs.history import load_run
from mnist_core.spreadsheet import csv_table
from mnist_core.storage.shelf import show_model
from mnist_core.visible_text import escape_hidden
from pages.shared.uploads import own_name
from pages.shared.wording import literal
from tests.hostile.kinds import fuzzed, names

STARTS_FORMULA = re.compile(r"\s*[=+\-@\t\r＝＋－＠]")


@fuzzed
@given(name=names())
def test_no_name_starts_a_formula_in_any_cell_of_any_line(name: str) -> None:
    table = csv_table(["picture"], [[name]])
    for dialect in (",", ";", "\t"):
        for row in csv.reader(io.StringIO(table), delimiter=dialect):
            cells = [line for cell in row[:1] for line in cell.split("\n")]
            assert not any(STARTS_FORMULA.match(cell) for cell in cells)


@fuzzed
@given(name=names())
def test_a_terminal_is_told_no_orders(name: str) -> None:
    shown = escape_hidden(name)
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", shown)


@fuzzed
@given(name=names())
def test_a_name_in_a_sentence_is_one_line_and_not_endless(name: str) -> None:
    shown = printable_name(own_name(name))
    assert shown.isprintable()
    assert 0 < len(shown) <= 121
    assert not re.search(r"(?<!\\)[<*_`\[\]$]", literal(shown))


@fuzzed
@given(name=names())
def test_no_name_of_a_model_or_a_run_leads_out_of_its_folder(name: str, tmp_path: Path) -> None:
    paths = AppPaths(tmp_path, None)
    with pytest.raises(ModelError):
        show_model(f"x{name}", paths)
    with pytest.raises(ModelError):
        load_run(name, paths)
    try:
        folder = paths.model(name).folder
    except ModelError:
        return
    assert folder.parent in (paths.models, paths.model("shipped").folder.parent)
