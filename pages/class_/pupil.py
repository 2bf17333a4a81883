"""A pupil's page: what to write, the paper, and what the network made of what was sent."""

from html import escape

import numpy as np
import streamlit as st

from mnist_core.classroom.classes import SchoolClass
from mnist_core.classroom.drawings import (
    UNDO_S,
    Drawing,
    SentDrawing,
    next_asked,
    own_drawings,
    send_drawing,
    take_back,
)
from mnist_core.classroom.members import Member
from mnist_core.classroom.tasks import TaskKind
from mnist_core.errors import ClassroomError, MnistCoreError
from pages.class_.audience import note_visit
from pages.class_.fool import MEANT, choose_meant, show_another_s
from pages.class_.member import leave_class
from pages.class_.tiles import caption, picture_of
from pages.draw.canvas import DEFAULT_PEN, PENS, drawing_canvas, fit_canvas, last_drawing
from pages.draw.changes import clear, empty_paper, put_on_paper, undo
from pages.shared import resources
from pages.shared.class_database import open_class_database
from pages.shared.messages import show_error
from pages.shared.reading import picture_html

_SHOWN_ASKED, _LAST, _PROBLEM = "class-shown-asked", "class-last-sent", "class-send-problem"
_MOST_OWN = 12


def show_pupil(member: Member) -> None:
    """Show a member's page."""
    note_visit(member.class_id)
    desk(member)
    with st.container(key="class-pupil", horizontal=True, vertical_alignment="center"):
        st.markdown(f"In this class you are **{member.name}**.")
        st.button("Leave the class", key="class-leave", on_click=leave_class)


@st.fragment  # sending runs this part anew, not the page around it
def desk(member: Member) -> None:
    """Show what is asked, the paper, and what was sent."""
    try:
        database = open_class_database()
        school_class, asked, sent = next_asked(database, member)
        own = own_drawings(database, member, _MOST_OWN)
    except ClassroomError as error:
        show_error(error, "class")
        return
    is_fooling = school_class.task.kind == TaskKind.FOOL
    with st.container(key="class-asked"):
        st.header(asked_sentence(school_class, asked, sent), anchor=False)
        if is_fooling:
            asked = choose_meant()
    st.session_state[_SHOWN_ASKED] = (asked, school_class.task_number, is_fooling)
    with st.container(horizontal=True, gap="large", key="desk"):
        paper_column = st.container(key="paper")
        answer = st.container(key="answer")
    with paper_column:
        paper()
        _show_tools(member, may_send=_takes_drawings(school_class, asked))
    with answer:
        _show_sent(member, own)
        if is_fooling:
            show_another_s(member)
    _show_own(own)


@st.fragment  # a stroke runs no more than this
def paper() -> None:
    """Show the paper."""
    drawing_canvas(PENS[DEFAULT_PEN])
    fit_canvas()  # in here: the browser may put a drawing back, which runs no more than this


def asked_sentence(school_class: SchoolClass, asked: str, sent: int) -> str:
    """Return what the pupil is to do now."""
    task = school_class.task
    if not school_class.is_open:
        return "This class is over. Thank you!"
    if school_class.is_paused:
        return "A pause: look at the wall"
    if task.length is not None:
        return f"Write a {asked}  ({sent + 1} of {task.length})" if asked else "All are sent. Thank you!"
    if task.kind == TaskKind.FOOL:
        return "Fool the network"
    if task.kind == TaskKind.NUMBER:
        return f"Write the number {asked}"
    return f"Write a {asked}" if asked else "Write any digit"


def _takes_drawings(school_class: SchoolClass, asked: str) -> bool:
    is_done = school_class.task.length is not None and not asked
    return school_class.is_open and not school_class.is_paused and not is_done


def _show_tools(member: Member, may_send: bool) -> None:
    with st.container(horizontal=True, key="tools", vertical_alignment="bottom"):
        st.button("Undo", key="undo", icon=":material/undo:", on_click=undo)
        st.button("Clear", key="clear", icon=":material/delete:", on_click=clear)
        st.button(
            "Send",
            key="class-send",
            type="primary",
            icon=":material/send:",
            disabled=not may_send,
            on_click=_send,
            args=(member,),
        )


def _show_sent(member: Member, own: tuple[Drawing, ...]) -> None:
    """Show the drawing that was sent last: what the network saw, and what it read."""
    if problem := st.session_state.pop(_PROBLEM, None):
        show_error(problem, "class")
    last = next((each for each in own if each.id == st.session_state.get(_LAST)), None)
    if last is None:
        st.markdown("What you send appears on the wall. Then you see here what the network read.")
        return
    with st.container(key="class-sent", horizontal=True, vertical_alignment="center"):
        st.markdown("**Sent.**")
        with st.container(key=f"class-undo-{last.id}"):  # gone by itself when its time is over: see style.css
            st.button("Take it back", key="class-undo", on_click=_take_back, args=(member, last))
    sign = "✗ " if last.is_misread else ""
    st.html(
        f'<div class="dp-sent"><p class="dp-sent-reading">{sign}{escape(caption(last))}</p>'
        f"{_cells_html(last)}<p>What the network saw: 28 × 28 pixels of each digit.</p></div>"
    )


def _cells_html(drawing: Drawing) -> str:
    pictures = [
        picture_html(np.asarray(255 - cell, np.uint8), f"{sign}, as the network saw it")
        for sign, cell in zip(drawing.reading, drawing.cells, strict=False)
    ]
    return f'<div class="dp-strip">{"".join(pictures)}</div>'


def _show_own(own: tuple[Drawing, ...]) -> None:
    if not own:
        return
    figures = "".join(_own_html(each) for each in own)
    st.subheader("Your drawings", anchor=False)
    st.html(f'<div class="dp-strip dp-own">{figures}</div>')


def _own_html(drawing: Drawing) -> str:
    css_class = "dp-misread" if drawing.is_misread else ""
    return (
        f'<figure class="{css_class}"><img class="dp-cell" src="{picture_of(drawing)}" alt="your drawing">'
        f"<figcaption>{_label(drawing)}</figcaption></figure>"
    )


def _label(drawing: Drawing) -> str:
    if not drawing.truth:
        return escape(caption(drawing))
    sign = "✗" if drawing.is_misread else "✓"
    return f"{escape(drawing.truth)}: {sign} {escape(caption(drawing))}"


def _send(member: Member) -> None:
    """Read what is on the paper, and send both. For a button's `on_click`."""
    state = st.session_state
    drawing = last_drawing()
    asked, task_number, is_fooling = state.get(_SHOWN_ASKED, ("", 0, False))
    if is_fooling:
        asked = str(state.get(MEANT, asked))  # chosen a moment ago
    try:
        if drawing is None or not drawing.strokes:
            raise ClassroomError("There is nothing on the paper yet.", "blank")
        recognizer = resources.open_recognizer()
        height, width = drawing.paper.height, drawing.paper.width
        reading = recognizer.read_strokes(drawing.strokes, height, width)
        sent = SentDrawing(
            drawing.strokes,
            height,
            width,
            reading,
            recognizer.files.name,
            asked,
            task_number,
            is_fooling,
        )
        state[_LAST] = send_drawing(open_class_database(), member, sent)
    except MnistCoreError as error:
        state[_PROBLEM] = error
        return
    empty_paper()


def _take_back(member: Member, drawing: Drawing) -> None:
    """Take a drawing back onto the paper. For a button's `on_click`."""
    try:
        if not take_back(open_class_database(), member, drawing.id):
            raise ClassroomError(f"It was sent more than {UNDO_S} seconds ago.", "too late")
    except ClassroomError as error:
        st.session_state[_PROBLEM] = error
        return
    st.session_state.pop(_LAST, None)
    put_on_paper(drawing.strokes)
