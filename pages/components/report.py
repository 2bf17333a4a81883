"""Shows what came of a picture file: the picture with its boxes, its text, the cells, what was unclear."""

from html import escape

import streamlit as st

from mnist_core.reading.files import printable_name
from mnist_core.reading.pictures import ink_picture
from mnist_core.reading.reports import PictureReport
from mnist_core.results import DigitReading
from pages.components.reading import percent, picture_html, show_text, summary


def show_report(report: PictureReport, place: int) -> None:
    """Show one picture's report.

    Args:
        report: with its marked picture.
        place: a number of its own on this page.
    """
    with st.container(border=True, key=f"upload-picture-{place}"):
        if report.reading is None or report.marked is None:
            show_problem(report.error or "")
            return
        picture, answer = st.columns([3, 2], gap="medium")
        picture.image(report.marked, alt=f"The picture, with a box around each digit: {report.text}")
        with answer:
            st.text(printable_name(report.name))  # text, never markup: a name comes from outside
            if report.text:
                show_text(report.reading, key=f"upload-text-{place}")
            st.markdown(summary(report.reading) or "No digits were found in this picture.")
            st.html(f'<div class="dp-strip">{"".join(map(_cell_html, report.marks))}</div>')


def show_problem(sentence: str) -> None:
    """Tell what went wrong with a file, as text: the sentence holds a name from outside."""
    st.html(f'<p class="dp-problem" role="alert"><b>Not read.</b> {escape(sentence)}</p>')


def _cell_html(mark: DigitReading) -> str:
    """Build one cell: what the network saw, and what it made of it."""
    words = f"<b>{mark.label}</b> {percent(mark.confidence)}" if mark.is_digit else "not a digit"
    return f"<figure>{picture_html(ink_picture(mark.cell), '')}<figcaption>{words}</figcaption></figure>"
