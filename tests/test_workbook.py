"""What is in an .xlsx file, read from its own XML."""

import io
import zipfile
from xml.etree import ElementTree

import pytest

from mnist_core.workbook import xlsx_file

NAMESPACE = {"x": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}


def cells(content):
    """Return (kind, value) of each cell, row by row; "s" is text, "n" a number."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        strings = [
            "".join(part.text or "" for part in entry.iter(f"{{{NAMESPACE['x']}}}t"))
            for entry in ElementTree.fromstring(archive.read("xl/sharedStrings.xml"))
        ]
        sheet = ElementTree.fromstring(archive.read("xl/worksheets/sheet1.xml"))
    assert not sheet.findall(".//x:f", NAMESPACE)  # no formula
    rows = []
    for row in sheet.iterfind(".//x:row", NAMESPACE):
        found = [(cell.get("t", "n"), cell.findtext("x:v", None, NAMESPACE)) for cell in row]
        rows.append([(kind, strings[int(value)] if kind == "s" else value) for kind, value in found])
    return rows


@pytest.mark.parametrize(
    "text", ["007", "=1+1", "2026", "1e5", "https://example.org", "{=A1}", "12\n34", "a\"b'.png", ""]
)
def test_texts_are_text_cells_as_they_are(text):
    assert cells(xlsx_file(["text"], [[text]]))[1] == [("s", text)]


def test_numbers_are_numbers_and_nothing_is_no_cell():
    (header, row) = cells(xlsx_file(["picture", "sure", "error"], [["a.png", 0.98, None]]))
    assert header == [("s", "picture"), ("s", "sure"), ("s", "error")]
    assert row == [("s", "a.png"), ("n", "0.98")]


def test_control_characters_are_shown():
    assert cells(xlsx_file(["text"], [["\x1b[31m\r=1"]]))[1] == [("s", r"\x1b[31m\r=1")]


def test_an_endless_text_is_cut_to_what_a_cell_holds():
    ((_, text),) = cells(xlsx_file(["text"], [["7" * 40_000]]))[1]
    assert len(text) == 32_767
