"""Writes what was read in each picture: as a table, as JSON lines or as CSV."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

from rich.table import Table
from rich.text import Text

from mnist_core.commands.console import RowFormat, results_console
from mnist_core.spreadsheet import csv_row
from mnist_core.visible_text import escape_hidden

if TYPE_CHECKING:
    from mnist_core.reading.reports import PictureReport

_CSV_HEADER = ("path", "text", "digits", "least_confidence", "not_digits", "error")


@contextmanager
def rows_written(stream: TextIO, row_format: RowFormat) -> "Iterator[Callable[[PictureReport], None]]":
    """Yield the function that writes a row; rows appear at once, a table when all are there.

    Args:
        stream: where to; left open.
        row_format: how.
    """
    if row_format is RowFormat.TABLE:
        table = Table("Picture", "Text", "Least sure", "Remarks")
        try:
            yield lambda result: table.add_row(*_as_table(result))
        finally:  # when interrupted, what was read so far
            console = results_console()
            console.file = stream
            console.print(table)
        return

    as_row = _as_json if row_format is RowFormat.JSON else _as_csv
    is_terminal = stream.isatty()

    def write(result: "PictureReport") -> None:
        row = as_row(result)
        stream.write(escape_hidden(row) if is_terminal else row)
        stream.flush()

    if row_format is RowFormat.CSV:
        stream.write(csv_row(_CSV_HEADER))
    yield write


def _as_json(result: "PictureReport") -> str:
    from mnist_core.reading.report_json import report_as_json

    return json.dumps({"path": result.name, **report_as_json(result)}) + "\n"


def _as_csv(result: "PictureReport") -> str:
    least = None if result.least_confidence is None else round(result.least_confidence, 4)
    return csv_row(
        (result.name, result.text, len(result.marks) - result.refused, least, result.refused, result.error)
    )


def _as_table(result: "PictureReport") -> tuple[Text, ...]:
    """Cells as plain Text: a file's name is never markup."""
    from mnist_core.reading.files import printable_name

    remarks = [result.error] if result.error else []
    if not result.error and result.least_confidence is None:
        remarks.append("no digit in it")
    if result.refused:
        remarks.append(
            "1 mark is no digit" if result.refused == 1 else f"{result.refused} marks are no digits"
        )
    least = "" if result.least_confidence is None else f"{min(result.least_confidence, 0.999):.1%}"
    return tuple(map(Text, (printable_name(result.name), result.text, least, ", ".join(remarks))))
