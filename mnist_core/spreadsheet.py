"""CSV that any spreadsheet opens as plain text: no cell starts a formula, no text becomes a number."""

import csv
import io
import re
from collections.abc import Iterable, Sequence

from mnist_core.visible_text import escape_controls

_FORMULA = "[=+\\-@\t\r\n＝＋－＠]"
"""What makes some spreadsheet take a cell for a formula or a command, in narrow and wide letters (OWASP)."""
_STARTS_FORMULA = re.compile(rf"\s*{_FORMULA}")
_BETWEEN_CELLS = re.compile(rf";(?=[\s\"']*{_FORMULA})")
"""Where commas write decimals, spreadsheets begin another cell at a semicolon, whatever the quotes say."""
_FEWEST_LOST_DIGITS = 16
"""Spreadsheets hold fifteen digits of a number, and write zeros for the others."""


def plain_cell(value: object) -> str:
    """Return a value as text that no spreadsheet runs, nor changes.

    What could start a formula, and what would be taken for another number, such as 007 for 7, begins with an
    apostrophe: the sign by which spreadsheets know text. Control characters are written as escapes.

    Args:
        value: a text, or a number, which is never changed; None becomes an empty cell.
    """
    if value is None:
        return ""
    if isinstance(value, int | float):
        return str(value)
    text = str(value)
    needs_sign = _STARTS_FORMULA.match(text) or _becomes_another_number(text)
    if any(_STARTS_FORMULA.match(line) for line in text.split("\n")[1:]):
        text = text.replace("\n", "\\n")
    text = _BETWEEN_CELLS.sub(";'", escape_controls(text))
    return f"'{text}" if needs_sign else text


def csv_row(values: Iterable[object]) -> str:
    """Return one row, its line break included."""
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow([plain_cell(value) for value in values])
    return line.getvalue()


def csv_table(header: Sequence[str], rows: Iterable[Iterable[object]]) -> str:
    """Return a whole table, its header first."""
    return "".join(map(csv_row, [header, *rows]))


def csv_file(table: str) -> bytes:
    """Return a table as a file in UTF-8, with the mark by which spreadsheets know that it is UTF-8."""
    return table.encode("utf-8-sig")


def _becomes_another_number(text: str) -> bool:
    """Return whether a program that takes the text for a number would write it otherwise."""
    try:
        float(text)
    except ValueError:
        return False
    return not re.fullmatch(r"0|[1-9][0-9]*", text) or len(text) >= _FEWEST_LOST_DIGITS
