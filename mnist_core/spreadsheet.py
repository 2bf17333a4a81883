"""CSV that any spreadsheet opens as plain text: no cell can start a formula."""

import csv
import io
from collections.abc import Iterable, Sequence

_FORMULA_STARTS = tuple("=+-@\t\r\n＝＋－＠")
"""What makes some spreadsheet take a cell for a formula or a command, in narrow and in wide letters."""


def plain_cell(value: object) -> str:
    """Write a value so that no spreadsheet runs it: what could start a formula gets an apostrophe before it.

    Args:
        value: a text, or a number, which is never changed; None becomes an empty cell.
    """
    if value is None:
        return ""
    if isinstance(value, int | float):
        return str(value)
    text = str(value).replace("\0", "�")
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA_STARTS) else text


def csv_row(values: Iterable[object]) -> str:
    """Write one row, its line break included."""
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow([plain_cell(value) for value in values])
    return line.getvalue()


def csv_table(header: Sequence[str], rows: Iterable[Iterable[object]]) -> str:
    """Write a whole table, its header first."""
    return "".join(map(csv_row, [header, *rows]))


def csv_file(table: str) -> bytes:
    """Return a table as a file in UTF-8, with the mark by which spreadsheets know that it is UTF-8."""
    return table.encode("utf-8-sig")
