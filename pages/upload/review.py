"""The sheet of marks to check: each cut out of its picture, what it was read as, and the answers."""

import base64
from collections.abc import Mapping, Sequence
from hashlib import sha256
from html import escape

import streamlit as st

from mnist_core.reading.files import printable_name
from mnist_core.reading.proofreading import DOUBTFUL_BELOW, Doubt
from mnist_core.reading.reports import PictureReport, crop_marks
from pages.shared.reading import percent, second_choice
from pages.shared.wording import counted, literal
from pages.upload.corrections import correction_of, store_correction
from pages.upload.pager import items_on_page, show_pagination, turn_to

_SHEET = "upload-sheet"  # the pagination's key
_SHEET_LENGTH = 9  # on a wide screen all of it is seen at once
_THRESHOLD = "upload-threshold"
_CROPS = "upload-crops"  # JPEG files of the marks on this page of the sheet, by widget
_THRESHOLDS = sorted({0.5, 0.6, 0.7, 0.8, DOUBTFUL_BELOW, 0.95, 0.98, 0.99, 0.995, 0.999})
_NOT_A_DIGIT = "Not a digit"
_ANSWERS = [*map(str, range(10)), _NOT_A_DIGIT]


def show_threshold() -> float:
    """Ask for the confidence under which a digit is to be checked, and return it."""
    threshold: float = st.select_slider(
        "Check digits read with less confidence than",
        _THRESHOLDS,
        value=DOUBTFUL_BELOW,
        format_func=lambda share: f"{100 * share:g}\u202f%",
        key=_THRESHOLD,
        persist_state="session",
    )
    return threshold


def count_words(doubts: Sequence[Doubt], digits: int, crowded: int = 0) -> str:
    """Return how much there is to check, and how much was: "7 of 312 digits to check, in 4 pictures."

    Args:
        doubts: settled or not.
        digits: how many were read in all.
        crowded: pictures with too many refused marks to list them.
    """
    if crowded:
        look = f"In {counted(crowded, 'picture')} many marks look like no digit: compare the text with it."
        return f"{count_words(doubts, digits)} {look}" if doubts else look
    left = [doubt for doubt in doubts if not doubt.is_settled]
    settled = f" {len(doubts) - len(left):,} checked." if len(left) < len(doubts) else ""
    if not left:
        sure = f"Nothing to check: all {digits:,} digits are sure." if digits > 1 else "Nothing to check."
        return f"Nothing left to check.{settled}" if settled else sure if digits else ""
    marks = sum(not doubt.mark.is_digit for doubt in left)
    parts = []
    if len(left) > marks:
        parts.append(f"{len(left) - marks:,} of {counted(digits, 'digit')}")
    if marks:
        parts.append(f"{counted(marks, 'mark')} that {'looks' if marks == 1 else 'look'} like no digit")
    pictures = counted(len({doubt.picture for doubt in left}), "picture")
    return f"{' and '.join(parts)} to check, in {pictures}.{settled}"


def show_check_sheet(reports: Mapping[str, PictureReport], doubts: Sequence[Doubt]) -> None:
    """Show the marks to check, a page at a time; each can be corrected on the spot.

    Args:
        reports: by picture, as the model read them.
        doubts: settled or not, in the order to be shown.
    """
    if not doubts:
        return
    part = items_on_page(doubts, _SHEET_LENGTH, _SHEET)
    crops = _crops(reports, part)
    with st.container(key="upload-check"):
        st.header("To check", anchor=False)
        with st.container(key="upload-check-cards"):
            for doubt in part:
                _show_card(
                    doubt, reports[doubt.picture], crops[_widget(doubt, reports)], _widget(doubt, reports)
                )
        with st.container(horizontal=True, vertical_alignment="center", key="upload-check-bar"):
            left = [doubt for doubt in part if not doubt.is_settled]
            st.button(
                "The rest here are right" if len(left) < len(part) else "All here are right",
                key="upload-check-rest",
                icon=":material/done_all:",
                disabled=not left,
                on_click=_settle_as_read,
                args=(left, reports, len(doubts)),
            )
            show_pagination(len(doubts), _SHEET_LENGTH, _SHEET, "Marks")


def _show_card(doubt: Doubt, report: PictureReport, crop: bytes, widget: str) -> None:
    mark = doubt.mark
    name = printable_name(report.name)
    if mark.is_digit:
        words = f"Read as <b>{mark.label}</b>, {percent(mark.confidence)}<br>perhaps {second_choice(mark)}"
    else:
        parts = f", in {len(doubt.indices)} parts" if len(doubt.indices) > 1 else ""
        words = f"Not read as a digit{parts}<br>closest to {mark.label}"
    correction = correction_of(doubt.picture)
    data = base64.b64encode(crop).decode("ascii")
    with st.container(key=f"check-{widget}"):
        st.html(
            f'<div class="dp-check{" dp-settled" if doubt.is_settled else ""}">'
            f'<img src="data:image/jpeg;base64,{data}" alt="The mark in its picture">'
            f"<p>{words}<br><small>{escape(name)}</small></p>"
            f'<span class="dp-tick">{"✓" if doubt.is_settled else ""}</span></div>'
        )
        if correction.text is not None:
            st.caption("The text of this picture was corrected in the table.")
            return
        key = f"upload-answer-{widget}"
        if doubt.indices[0] in correction.verdicts and key not in st.session_state:
            st.session_state[key] = _answer(correction.verdicts[doubt.indices[0]])
        st.segmented_control(
            f"What mark {doubt.indices[0] + 1} of {literal(name)} is",
            _ANSWERS,
            key=key,
            label_visibility="collapsed",
            on_change=_take_answer,
            args=(doubt, key),
        )


def _take_answer(doubt: Doubt, key: str) -> None:
    answer = st.session_state[key]
    correction = correction_of(doubt.picture)
    if answer is None:
        store_correction(doubt.picture, correction.without_verdict(doubt.indices))
    else:
        store_correction(doubt.picture, correction.with_verdict(doubt.indices, _verdict(answer)))


def _settle_as_read(doubts: Sequence[Doubt], reports: Mapping[str, PictureReport], count: int) -> None:
    for doubt in doubts:
        verdict = doubt.mark.label if doubt.mark.is_digit else None
        store_correction(doubt.picture, correction_of(doubt.picture).with_verdict(doubt.indices, verdict))
        st.session_state[f"upload-answer-{_widget(doubt, reports)}"] = _answer(verdict)
    next_page_starts = st.session_state.get(_SHEET, 1) * _SHEET_LENGTH
    if next_page_starts < count:
        turn_to(next_page_starts, _SHEET_LENGTH, _SHEET)


def _verdict(answer: str) -> int | None:
    return None if answer == _NOT_A_DIGIT else int(answer)


def _answer(verdict: int | None) -> str:
    return _NOT_A_DIGIT if verdict is None else str(verdict)


def _widget(doubt: Doubt, reports: Mapping[str, PictureReport]) -> str:
    """Return the name of a mark's widgets: indices change as marks are joined, and all marks with a turn."""
    reading = reports[doubt.picture].reading
    name = f"{doubt.picture}\n{reading.turn if reading else 0}\n{doubt.mark.box}\n{len(doubt.indices)}"
    return sha256(name.encode()).hexdigest()[:12]


def _crops(reports: Mapping[str, PictureReport], part: Sequence[Doubt]) -> dict[str, bytes]:
    """Return the marks' crops by widget; only those of the page that is shown are stored."""
    known: dict[str, bytes] = st.session_state.get(_CROPS, {})
    crops: dict[str, bytes] = {}
    for picture in dict.fromkeys(doubt.picture for doubt in part):
        doubts = {_widget(doubt, reports): doubt.indices for doubt in part if doubt.picture == picture}
        if not doubts.keys() <= known.keys():
            known |= zip(doubts, crop_marks(reports[picture], doubts.values()), strict=True)
        crops |= {widget: known[widget] for widget in doubts}
    st.session_state[_CROPS] = crops
    return crops
