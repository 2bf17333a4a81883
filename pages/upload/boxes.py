"""Correcting a picture's boxes: one is drawn around a digit, or marks that are one digit are joined."""

import math
from functools import partial
from pathlib import Path

import streamlit as st

from mnist_core import Recognizer
from mnist_core.reading.proofreading import shown_marks
from mnist_core.reading.regrouping import Regrouped, frame_around, read_as_one
from mnist_core.reading.reports import Frame, PictureReport
from pages.upload.corrections import correction_of, store_correction
from pages.upload.session import all_reports

_CORRECTED = "upload-boxes-of"  # the picture whose boxes are being corrected
_BEFORE = "upload-boxes-before"  # by picture, its reports and corrections before each change
_BARE = "upload-boxes-bare"  # whether the last box held no ink
_PARTS, _BOX = "upload-boxes-parts", "upload-boxes-drawn"  # widgets

_MOST_MARKS = 60
"""More marks than this are too many to choose from in a row: there a box is drawn."""
_SMALLEST = 0.004
"""Share of the picture's side: less is a click, no box."""

_box_drawing = st.components.v2.component(
    "digit_playground_box_drawing",
    js=Path(__file__).with_name("box_drawing.js").read_text(encoding="utf-8"),
)


def are_corrected(picture: str) -> bool:
    """Return whether the boxes of this picture are being corrected."""
    return st.session_state.get(_CORRECTED) == picture


def begin_or_end(picture: str) -> None:
    """Begin to correct a picture's boxes, or end it. For a button's `on_click`."""
    st.session_state[_CORRECTED] = None if are_corrected(picture) else picture
    st.session_state[_BARE] = False


def forget_changes(picture: str) -> None:
    """Forget what a picture's marks were before its boxes were corrected: it was read anew."""
    _before().pop(picture, None)


def show_box_tools(recognizer: Recognizer, picture: str, report: PictureReport, number: int) -> None:
    """Show what corrects the boxes of one picture.

    Args:
        recognizer: what reads.
        picture: the report's key.
        report: with a preview.
        number: of its card on this page: the box is drawn on the picture in that.
    """
    key = f"{_BOX}-{number}"
    _box_drawing(
        key=key,
        data={"picture": f".st-key-upload-shown-{number}"},
        on_box_change=partial(_take_box, recognizer, picture, key),
    )
    marks = dict(shown_marks(report))
    st.markdown("Draw a box around one digit on the picture, and what is in it is read as one digit.")
    with st.container(horizontal=True, vertical_alignment="center"):
        if 1 < len(marks) <= _MOST_MARKS:
            chosen = st.pills(
                "Or choose the marks, in reading order, that are one digit together:",
                marks,
                selection_mode="multi",
                # The number makes them different: of two alike Streamlit takes the last one.
                format_func=lambda index: (
                    f"{index + 1}: {marks[index].label if marks[index].is_digit else '?'}"
                ),
                key=f"{_PARTS}-{number}",
            )
            st.button(
                "Read as one digit",
                key=f"upload-boxes-join-{number}",
                disabled=len(chosen) < 2,
                on_click=_join,
                args=(recognizer, picture, f"{_PARTS}-{number}"),
            )
        if _before().get(picture):
            st.button(
                "Undo the last box",
                key=f"upload-boxes-undo-{number}",
                icon=":material/undo:",
                on_click=_undo,
                args=(picture,),
            )
    if st.session_state.get(_BARE):
        st.info("There is no ink in that box.")


def parse_frame(drawn: object) -> Frame | None:
    """Parse a box that a browser sent, or anything at all; None where it is no box within the picture."""
    if not isinstance(drawn, dict):
        return None
    sides = [drawn.get(side) for side in ("left", "top", "width", "height")]
    numbers = [float(side) for side in sides if isinstance(side, int | float) and math.isfinite(side)]
    if len(numbers) < len(sides):
        return None
    frame = Frame(*numbers)
    is_inside = min(frame.left, frame.top) >= 0
    is_inside &= max(frame.left + frame.width, frame.top + frame.height) <= 1 + _SMALLEST
    return frame if is_inside and min(frame.width, frame.height) >= _SMALLEST else None


def _take_box(recognizer: Recognizer, picture: str, key: str) -> None:
    sent = st.session_state.get(key)
    if frame := parse_frame(sent.get("box") if isinstance(sent, dict) else None):
        _read_as_one(recognizer, picture, frame)


def _join(recognizer: Recognizer, picture: str, key: str) -> None:
    report = all_reports().get(picture)
    chosen = [index for index in st.session_state[key] if report and index < len(report.marks)]
    if report and chosen:
        _read_as_one(recognizer, picture, frame_around(report, chosen))
    st.session_state[key] = []  # the marks have other indices now


def _read_as_one(recognizer: Recognizer, picture: str, frame: Frame) -> None:
    report = all_reports().get(picture)
    if report is None or report.preview is None:  # it may have been removed a moment ago
        return
    before = Regrouped(report, correction_of(picture))
    after = read_as_one(recognizer, report, before.correction, frame)
    st.session_state[_BARE] = after is None
    if after:
        _before().setdefault(picture, []).append(before)
        _store(picture, after)


def _undo(picture: str) -> None:
    if changes := _before().get(picture):
        _store(picture, changes.pop())


def _store(picture: str, now: Regrouped) -> None:
    all_reports()[picture] = now.report
    store_correction(picture, now.correction)


def _before() -> dict[str, list[Regrouped]]:
    before: dict[str, list[Regrouped]] = st.session_state.setdefault(_BEFORE, {})
    return before
