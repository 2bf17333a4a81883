"""All readings as a table in which a text can be corrected, and its files for spreadsheets."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import streamlit as st

from mnist_core.reading.files import printable_name
from mnist_core.reading.proofreading import Correction, apply_correction, corrected_text
from mnist_core.reading.reports import PictureReport
from mnist_core.spreadsheet import csv_file, csv_table
from mnist_core.workbook import xlsx_file
from pages.upload.corrections import all_corrections, correction_of, store_correction

_GENERATION = "upload-table-generation"
_BASIS = "upload-table-basis"  # what the table on the page was made from
_TEXTS = "upload-table-texts"  # what its text column began with

_HEADER = ("picture", "text", "as_read", "least_confidence", "not_digits", "error", "to_check")


def show_table(reports: Mapping[str, PictureReport], to_check: Mapping[str, int]) -> None:
    """Show the table and its download.

    Args:
        reports: by picture, as the model read them.
        to_check: by picture, how many of its marks a person should still look at; absent where none.
    """
    now = {picture: apply_correction(report, correction_of(picture)) for picture, report in reports.items()}
    columns: dict[str, list[object]] = {
        "Picture": [printable_name(report.name) for report in reports.values()],
        "Text": [report.text for report in now.values()],
        "To check": [to_check.get(picture) for picture in reports],
        "Lowest confidence": [_per_cent(report) for report in reports.values()],
        "Remarks": [_remarks(report) for report in now.values()],
    }
    key = _begin_table(reports, columns)
    st.data_editor(
        {**columns, "Text": list(st.session_state[_TEXTS])},
        key=key,
        disabled=[name for name in columns if name != "Text"],
        hide_index=True,
        placeholder="",
        column_config={
            "Picture": st.column_config.TextColumn(width="small"),  # on a phone the text is in view, too
            "Text": st.column_config.TextColumn(help="Double-click a text to correct it.", width="medium"),
            "To check": st.column_config.NumberColumn(help="Doubtful digits and marks that were refused"),
            "Lowest confidence": st.column_config.NumberColumn(
                format="%.1f %%", help="Of all digits of the picture"
            ),
        },
        on_change=_take_texts,
        args=(key, reports),
    )
    rows = reading_rows(reports, all_corrections(), to_check)
    with st.container(horizontal=True, key="upload-downloads"):
        st.download_button(
            "Download for Excel",
            data=lambda: xlsx_file(_HEADER, rows),
            file_name="readings.xlsx",
            mime="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            on_click="ignore",
            key="upload-xlsx",
            icon=":material/download:",
        )
        st.download_button(
            "Download as CSV",
            data=csv_file(csv_table(_HEADER, rows)),
            file_name="readings.csv",
            mime="text/csv",
            on_click="ignore",
            key="upload-csv",
            icon=":material/download:",
        )
    st.caption(
        "007 stays 007: in the Excel file as text; in the CSV file with an apostrophe before it, '007, so "
        "that neither a spreadsheet nor pandas takes it for 7."
    )


def reading_rows(
    reports: Mapping[str, PictureReport],
    corrections: Mapping[str, Correction],
    to_check: Mapping[str, int],
) -> list[tuple[object, ...]]:
    """Return all readings as the rows of a table.

    Args:
        reports: by picture, as the model read them.
        corrections: by picture; they are in the column "text".
        to_check: by picture, how many marks a person should still look at; absent where none.
    """
    return [
        (
            report.name,
            corrected_text(report, corrections.get(picture, Correction())),
            report.text,
            None if report.least_confidence is None else round(report.least_confidence, 4),
            report.refused,
            report.error,
            to_check.get(picture, 0),
        )
        for picture, report in reports.items()
    ]


def _begin_table(reports: Mapping[str, PictureReport], columns: Mapping[str, list[object]]) -> str:
    """Return the table's key: a new one when what it is made from changes or the page is entered anew.

    The widget counts its edits by row, on top of what it began with: other rows need another widget, and
    the same rows must not be fed their own edits.
    """
    generation = st.session_state.get(_GENERATION, 0)
    basis = (list(reports), columns)
    if basis != st.session_state.get(_BASIS) or f"upload-table-{generation}" not in st.session_state:
        generation += 1
        st.session_state[_GENERATION] = generation
        st.session_state[_BASIS] = basis
        st.session_state[_TEXTS] = [
            corrected_text(report, correction_of(picture)) for picture, report in reports.items()
        ]
    return f"upload-table-{generation}"


def _take_texts(key: str, reports: Mapping[str, PictureReport]) -> None:
    """Store the texts that were written into the table, before the page is made anew."""
    edits: dict[int, dict[str, Any]] = st.session_state[key]["edited_rows"]
    for (row, (picture, report)), before in zip(
        enumerate(reports.items()), st.session_state[_TEXTS], strict=True
    ):
        correction = correction_of(picture)
        text = edits[row].get("Text", before) or "" if row in edits else before
        is_own = text != apply_correction(report, correction).text
        if correction.text != (text if is_own else None):
            store_correction(picture, replace(correction, text=text if is_own else None))


def _per_cent(report: PictureReport) -> float | None:
    return None if report.least_confidence is None else min(99.9, 100 * report.least_confidence)


def _remarks(report: PictureReport) -> str:
    if report.error:
        return report.error
    if report.refused:
        return f"{report.refused} {'mark' if report.refused == 1 else 'marks'} not read"
    return "" if report.marks else "nothing found"
