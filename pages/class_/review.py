"""Review: the teacher says what each drawing shows, the misread and doubtful ones first."""

import streamlit as st

from mnist_core.classroom.database import ClassDatabase
from mnist_core.classroom.drawings import Drawing, State, class_drawings, review_drawing
from mnist_core.classroom.reviews import accept_all, needs_no_look, review_order
from mnist_core.errors import ClassroomError, MnistCoreError
from mnist_core.serving.rights import may_hold_class
from pages.class_.tiles import caption, picture_of
from pages.shared.class_database import open_class_database
from pages.shared.messages import show_error
from pages.shared.visitor import may

_PROBLEM, _TEXT = "class-review-problem", "class-review-text"
_NEXT = 18
"""So many of those that follow are shown."""


@st.fragment
def show_review(class_id: int) -> None:
    """Show the drawing to look at next, and those that follow."""
    if problem := st.session_state.pop(_PROBLEM, None):
        show_error(problem, "class")
    drawings = class_drawings(open_class_database(), class_id)
    waiting = review_order(drawings)
    accepted = sum(each.state == State.ACCEPTED for each in drawings)
    hidden = sum(each.state == State.HIDDEN for each in drawings)
    st.markdown(f"**{len(waiting)}** to look at, {accepted} accepted, {hidden} hidden or rejected.")
    sure = [each for each in waiting if needs_no_look(each)]
    if sure:
        words = f"Accept the {len(sure)} that were surely read as asked"
        st.button(words, key="class-accept-sure", on_click=_accept_sure, args=(class_id, sure))
    if not waiting:
        st.markdown("All are reviewed.")
        return
    _show_one(waiting[0])
    figures = "".join(
        f'<figure><img class="dp-cell" src="{picture_of(each)}" alt="the next drawing">'
        f"<figcaption>{caption(each)}</figcaption></figure>"
        for each in waiting[1 : 1 + _NEXT]
    )
    st.html(f'<div class="dp-strip dp-own">{figures}</div>')


def _show_one(drawing: Drawing) -> None:
    with st.container(key="class-review", horizontal=True, gap="large"):
        picture = f'<img class="dp-review" src="{picture_of(drawing)}" alt="the drawing to look at">'
        st.html(picture, width="content")
        with st.container():
            asked = f"A {drawing.truth} was asked" if drawing.truth else "Anything was asked"
            st.markdown(f"{asked}; it was {caption(drawing)}. What does it show?")
            if max(len(drawing.truth), len(drawing.reading)) > 1:
                _show_text(drawing)
            else:
                _show_digits(drawing)
            st.button(
                "Reject",
                key="class-reject",
                icon=":material/close:",
                shortcut="x",
                on_click=_review,
                args=(drawing, State.HIDDEN, None),
            )


def _show_digits(drawing: Drawing) -> None:
    """Show a button a digit, which its key presses, too."""
    with st.container(horizontal=True, key="class-labels"):
        for digit in "0123456789":
            st.button(
                digit,
                key=f"class-label-{digit}",
                type="primary" if digit == drawing.truth else "secondary",
                shortcut=digit,
                on_click=_review,
                args=(drawing, State.ACCEPTED, digit),
            )


def _show_text(drawing: Drawing) -> None:
    key = f"{_TEXT}-{drawing.id}"
    st.text_input("The digits", value=drawing.truth or drawing.reading, key=key, max_chars=40)
    st.button("Accept", key="class-accept", type="primary", on_click=_accept_text, args=(drawing, key))


def _accept_text(drawing: Drawing, key: str) -> None:
    text = "".join(str(st.session_state.get(key, "")).split())
    if not text.isascii() or not text.isdigit():
        st.session_state[_PROBLEM] = ClassroomError("Write digits, or reject the drawing.", "no digits")
        return
    _review(drawing, State.ACCEPTED, text)


def _review(drawing: Drawing, state: State, corrected: str | None) -> None:
    try:
        may(may_hold_class).require()
        if not review_drawing(open_class_database(), drawing, state, corrected):
            raise ClassroomError("Somebody else has just reviewed it: it stays as they said.", "reviewed")
    except MnistCoreError as error:
        st.session_state[_PROBLEM] = error


def _accept_sure(class_id: int, sure: list[Drawing]) -> None:
    try:
        may(may_hold_class).require()
        database: ClassDatabase = open_class_database()
        accept_all(database, class_id, sure)
    except MnistCoreError as error:
        st.session_state[_PROBLEM] = error
