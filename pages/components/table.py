"""All readings as a table in which a text can be put right, and its CSV file."""

import streamlit as st

from mnist_core.reading.files import printable_name
from mnist_core.reading.reports import PictureReport
from mnist_core.spreadsheet import csv_table

_CORRECTIONS = "upload-corrections"  # text by picture, where a person changed it
_ROWS = "upload-table-rows"  # the pictures that the table on the page was made of
_GENERATION = "upload-table-generation"
_TEXTS = "upload-table-texts"  # what its text column began with

_HEADER = ("picture", "text", "as_read", "least_confidence", "not_digits", "error")


@st.fragment  # a correction runs this part anew, not the page around it
def show_table(reports: dict[str, PictureReport]) -> None:
    """Show the table and its download.

    Args:
        reports: by picture.
    """
    corrections: dict[str, str] = st.session_state.get(_CORRECTIONS, {})
    key = _begin_table(reports, corrections)
    edited = st.data_editor(
        {
            "Picture": [printable_name(report.name) for report in reports.values()],
            "Text": list(st.session_state[_TEXTS]),
            "Least sure": [_per_cent(report) for report in reports.values()],
            "Remarks": [_remarks(report) for report in reports.values()],
        },
        key=key,
        disabled=["Picture", "Least sure", "Remarks"],
        hide_index=True,
        placeholder="",
        column_config={
            "Text": st.column_config.TextColumn(help="Double-click a text to put it right.", width="medium"),
            "Least sure": st.column_config.NumberColumn(format="%.1f %%", help="The least sure digit"),
        },
    )
    corrections = {picture: text or "" for picture, text in zip(reports, edited["Text"], strict=True)}
    st.session_state[_CORRECTIONS] = corrections
    st.download_button(
        "Download as CSV",
        data=readings_csv(reports, corrections).encode("utf-8-sig"),  # its mark says UTF-8 to spreadsheets
        file_name="readings.csv",
        mime="text/csv",
        on_click="ignore",
        key="upload-csv",
        icon=":material/download:",
    )


def forget_corrections() -> None:
    """Drop what was put right: a picture that is read again begins with its own reading."""
    st.session_state.pop(_CORRECTIONS, None)
    st.session_state.pop(_ROWS, None)


def readings_csv(reports: dict[str, PictureReport], corrections: dict[str, str]) -> str:
    """Write all readings as CSV.

    Args:
        reports: by picture.
        corrections: the text by picture, where a person changed it.
    """
    rows = (
        (
            report.name,
            corrections.get(picture, report.text),
            report.text,
            None if report.least_confidence is None else round(report.least_confidence, 4),
            report.refused,
            report.error,
        )
        for picture, report in reports.items()
    )
    return csv_table(_HEADER, rows)


def _begin_table(reports: dict[str, PictureReport], corrections: dict[str, str]) -> str:
    """Give the table's key: a new one when its rows change or the page is entered anew.

    The widget counts its edits by row, on top of what it began with: other rows need another widget, and
    the same rows must not be fed their own edits.
    """
    generation = st.session_state.get(_GENERATION, 0)
    rows = tuple(reports)
    if rows != st.session_state.get(_ROWS) or f"upload-table-{generation}" not in st.session_state:
        generation += 1
        st.session_state[_GENERATION] = generation
        st.session_state[_ROWS] = rows
        st.session_state[_TEXTS] = [
            corrections.get(picture, report.text) for picture, report in reports.items()
        ]
    return f"upload-table-{generation}"


def _per_cent(report: PictureReport) -> float | None:
    return None if report.least_confidence is None else min(99.9, 100 * report.least_confidence)


def _remarks(report: PictureReport) -> str:
    if report.error:
        return report.error
    if report.refused:
        return f"{report.refused} {'mark' if report.refused == 1 else 'marks'} not read"
    return "" if report.marks else "nothing found"
