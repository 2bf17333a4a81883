"""Shows the report of a picture file: the picture with its boxes, its text, the cells, what was unclear."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from html import escape

import streamlit as st

from mnist_core.reading.files import printable_name
from mnist_core.reading.pictures import ink_picture
from mnist_core.reading.proofreading import (
    NO_CORRECTION,
    Correction,
    apply_correction,
    refused_groups,
    shown_marks,
)
from mnist_core.reading.reports import PictureReport, Preview
from mnist_core.results import DigitReading, Reading
from pages.shared.inside_link import digit_key, inside_link, offer_digits
from pages.shared.reading import percent, picture_html, second_choice, show_text, summary, unread_note

_MOST_CELLS = 12
"""With more marks than this, their cells are folded away: a page of digits has hundreds."""
_FEW_REFUSED = 2
"""With more refused marks than this, and more than digits, the page may be the wrong way up."""
_TURNED = {
    90: "Read turned by 90° to the right.",
    180: "Read turned by 180°.",
    270: "Read turned by 90° to the left.",
}


@dataclass(frozen=True, slots=True)
class CardActions:
    """What the buttons on a picture's card do.

    Attributes:
        turn: called with degrees clockwise, 90 or 270, when the picture is to be read turned further.
        correct_boxes: called when its boxes are to be corrected, and when that is to end.
        remove: called when the picture is to be removed.
        show_box_tools: shows what corrects the boxes; None while nobody does.
    """

    turn: Callable[[int], None]
    correct_boxes: Callable[[], None]
    remove: Callable[[], None]
    show_box_tools: Callable[[], None] | None


def show_report(
    report: PictureReport,
    number: int,
    doubtful_below: float,
    correction: Correction = NO_CORRECTION,
    *,
    is_alone: bool = True,
    actions: CardActions,
) -> None:
    """Show one picture's report.

    Args:
        report: as the model read it, with its picture.
        number: of its own on this page.
        doubtful_below: the confidence under which a digit is marked as doubtful, in [0, 1].
        correction: the visitor's.
        is_alone: whether no other picture is on the page; among others it is shown smaller.
        actions: what its buttons do.
    """
    with st.container(border=True, key=f"upload-picture-{number}"):
        if report.reading is None:
            show_problem(report.error or "")
            _show_button("Remove", "close", number, actions.remove)
            return
        now = apply_correction(report, correction)
        if report.preview is None:
            _show_without_picture(now, correction, number)
            _show_button("Remove", "close", number, actions.remove)
            return
        picture, answer = st.columns([3, 2] if is_alone else [2, 3], gap="medium")
        with picture:
            with st.container(key=f"upload-shown-{number}"):
                st.image(report.preview.shown, alt=f"The picture, with a box around each digit: {now.text}")
                # Over the picture: what is doubtful can change without the picture being sent again.
                boxes = "".join(
                    _box_html(report.preview, mark, doubtful_below)
                    for index, mark in enumerate(now.marks)
                    if correction.verdicts.get(index, mark.label) is not None  # settled as no digit: no box
                )
                st.html(f'<div class="dp-boxes" aria-hidden="true">{boxes}</div>')
            with st.container(horizontal=True, key=f"upload-turn-{number}"):
                _show_button("Turn left", "rotate_left", number, partial(actions.turn, 270))
                _show_button("Turn right", "rotate_right", number, partial(actions.turn, 90))
                _show_button("Correct the boxes", "select", number, actions.correct_boxes)
                _show_button("Remove", "close", number, actions.remove)
        with answer:
            st.text(printable_name(report.name))  # text, never markup: a name comes from outside
            if correction.text is not None:
                show_text(correction.text, key=f"upload-text-{number}")
                st.markdown("Corrected by you.")
            else:
                if now.reading and now.text:
                    show_text(now.text, f"upload-text-{number}", now.reading.gaps)
                st.markdown(_words(report, correction, doubtful_below))
            marks = [(at, now.marks[at]) for at, _ in shown_marks(report)]
            _show_cells(marks, correction, doubtful_below, number)
        if actions.show_box_tools:
            actions.show_box_tools()


def _show_without_picture(report: PictureReport, correction: Correction, number: int) -> None:
    """Show what was read in a picture that got lost with the session in which it was read."""
    st.text(printable_name(report.name))
    show_text(report.text if correction.text is None else correction.text, f"upload-text-{number}")
    st.markdown(
        "This was read before the connection was lost; the picture itself is no longer on the server. "
        "Choose it again to look at it and check its digits."
    )


def _show_button(words: str, icon: str, number: int, on_click: Callable[[], None]) -> None:
    st.button(
        words,
        key=f"upload-{words.lower().replace(' ', '-')}-{number}",
        icon=f":material/{icon}:",
        type="tertiary",
        on_click=on_click,
    )


def show_problem(sentence: str) -> None:
    """Show why a file was not read, as text: the sentence holds a name from outside."""
    st.html(f'<p class="dp-problem" role="alert"><b>Not read.</b> {escape(sentence)}</p>')


def _box_html(preview: Preview, mark: DigitReading, doubtful_below: float) -> str:
    frame = preview.frame(mark.box)
    place = ";".join(
        f"{side}:{100 * share:.2f}%"
        for side, share in (
            ("left", frame.left),
            ("top", frame.top),
            ("width", frame.width),
            ("height", frame.height),
        )
    )
    if not mark.is_digit:
        return f'<i class="dp-box dp-box-refused" style="{place}"></i>'
    if mark.confidence < doubtful_below:
        return f'<i class="dp-box dp-box-doubtful" style="{place}"><b>{mark.label}?</b></i>'
    return f'<i class="dp-box" style="{place}"><b>{mark.label}</b></i>'


def _words(report: PictureReport, correction: Correction, doubtful_below: float) -> str:
    """Return how the reading went; what the visitor has looked at is no longer unclear."""
    unseen = [mark for index, mark in enumerate(report.marks) if index not in correction.verdicts]
    seen = len(report.marks) - len(unseen)
    turn = report.reading.turn if report.reading else 0
    sentences = [_TURNED.get(turn, ""), summary(Reading(tuple(unseen)), doubtful_below)]
    sentences.append(unread_note(Reading(tuple(unseen))))
    if seen:
        sentences.append(f"{seen} {'mark' if seen == 1 else 'marks'} checked by you.")
    # The fragments of one digit are no sign of that; of a crowded picture the marks are not grouped.
    refused = len(refused_groups(report)) or report.refused
    if refused > max(_FEW_REFUSED, len(report.marks) - report.refused):
        sentences.append("Is the page the right way up? The buttons below the picture turn it.")
    if not report.marks:
        sentences.append("No digits were found in this picture.")
    return " ".join(filter(None, sentences))


def _show_cells(
    marks: Sequence[tuple[int, DigitReading]], correction: Correction, doubtful_below: float, number: int
) -> None:
    offer_digits((mark for _, mark in marks), f"upload-{number}", is_picture=True)
    cells = "".join(_cell_html(mark, index in correction.verdicts, doubtful_below) for index, mark in marks)
    strip = f'<div class="dp-strip">{cells}</div>'
    if len(marks) > _MOST_CELLS:
        strip = f'<details class="dp-fold"><summary>What the network saw</summary>{strip}</details>'
    st.html(strip)


def _cell_html(mark: DigitReading, is_checked: bool, doubtful_below: float) -> str:
    """Return one cell with its caption: what the network saw, and what it read."""
    words = f"<b>{mark.label}</b> " if mark.is_digit else "not a digit"
    css_class = ""
    if is_checked:
        words += " ✓"
    elif mark.is_digit and mark.confidence < doubtful_below:
        css_class = ' class="dp-doubtful"'
        words = f"<b>{mark.label}?</b> {percent(mark.confidence)}<br>or {second_choice(mark)}"
    elif mark.is_digit:
        words += percent(mark.confidence)
    picture = picture_html(ink_picture(mark.cell), f"See inside this {mark.label}")
    picture = inside_link("pixels", picture, digit_key(mark))
    return f"<figure{css_class}>{picture}<figcaption>{words}</figcaption></figure>"
