"""A table as a spreadsheet's own file, .xlsx: texts are text cells, whatever they look like."""

import io
from collections.abc import Iterable, Sequence

import xlsxwriter

from mnist_core.visible_text import escape_controls

_LONGEST_TEXT = 32_767
"""Characters in a cell; the format has no more."""
_WIDTH = 18
"""Of a column, in characters."""


def xlsx_file(header: Sequence[str], rows: Iterable[Iterable[object]]) -> bytes:
    """Return a table as an .xlsx file: 007 stays 007, and =1+1 is read, not run.

    Args:
        header: the columns' names; the first row, which stays in view.
        rows: texts, numbers, and None for an empty cell.
    """
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as workbook:
        sheet = workbook.add_worksheet()
        text_format = workbook.add_format({"num_format": "@"})  # a text stays one when its cell is edited
        sheet.set_column(0, len(header) - 1, _WIDTH)
        sheet.freeze_panes(1, 0)
        for row, values in enumerate([header, *rows]):
            for column, value in enumerate(values):
                if isinstance(value, int | float):
                    sheet.write_number(row, column, value)
                elif value is not None:
                    text = escape_controls(str(value))[:_LONGEST_TEXT]
                    sheet.write_string(row, column, text, text_format)
    return file.getvalue()
