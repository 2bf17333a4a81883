"""Fool the network: pupils draw what people read right and the network reads wrong, and read each other's."""

from html import escape

import numpy as np
import streamlit as st

from mnist_core.classroom.challenges import (
    VOTES_NEEDED,
    fooling_drawings,
    leader_board,
    next_to_read,
    vote,
)
from mnist_core.classroom.drawings import Drawing
from mnist_core.classroom.members import Member
from mnist_core.errors import ClassroomError
from pages.class_.tiles import caption, picture_of
from pages.shared.class_database import open_class_database
from pages.shared.messages import show_error
from pages.shared.reading import picture_html

MEANT = "class-meant"
"""A name in the session: the digit that a pupil means to draw."""
_EVERY_S = 2
_MOST_SHOWN = 24


def choose_meant() -> str:
    """Let a pupil say which digit they mean to draw."""
    chosen = st.segmented_control(
        "I draw what people read right and the network wrong. It is a",
        [str(digit) for digit in range(10)],
        default="7",
        required=True,
        key=MEANT,
    )
    return str(chosen)


def show_another_s(member: Member) -> None:
    """Show another pupil's drawing, without what the network read in it, and ask what it is."""
    drawing = next_to_read(open_class_database(), member)
    if drawing is None:
        st.markdown("There is nothing of others to read just now. Send a drawing of your own.")
        st.button("Look again", key="class-look-again")  # what runs it is that it is pressed
        return
    st.subheader("What do you read?", anchor=False)
    picture = picture_of(drawing)
    st.html(f'<img class="dp-review" src="{picture}" alt="somebody else\'s drawing">')
    with st.container(horizontal=True, key="class-votes"):
        for digit in "0123456789":
            st.button(digit, key=f"class-vote-{digit}", on_click=_vote, args=(member, drawing, digit))
        st.button("I can't tell", key="class-vote-none", on_click=_vote, args=(member, drawing, ""))


@st.fragment(run_every=_EVERY_S)
def show_fooling(class_id: int) -> None:
    """Show who has fooled the network, and the drawings that did."""
    try:
        fooling = fooling_drawings(open_class_database(), class_id)
    except ClassroomError as error:
        show_error(error, "class")
        return
    st.markdown(
        "Draw a digit that people read right and the network reads wrong. "
        f"A drawing counts when the network reads it wrong and {VOTES_NEEDED} others read it as it was meant."
    )
    rows = "".join(f"<li>{escape(each.name)}: {each.fooled}</li>" for each in leader_board(fooling)[:10])
    figures = "".join(_figure(each) for each in fooling[:_MOST_SHOWN])
    st.html(
        f'<ol class="dp-board">{rows}</ol><div class="dp-strip dp-fooling">{figures}</div>'
        if fooling
        else '<p class="dp-board">Nobody has fooled it yet.</p>'
    )


def _figure(drawing: Drawing) -> str:
    saw = "".join(picture_html(np.asarray(255 - cell, np.uint8), "what it saw") for cell in drawing.cells[:1])
    asked = escape(drawing.asked)
    return (
        f'<figure><img class="dp-cell" src="{picture_of(drawing)}" alt="a {asked}">{saw}'
        f"<figcaption>a <b>{asked}</b>, {escape(caption(drawing))}<br>{escape(drawing.member)}</figcaption>"
        "</figure>"
    )


def _vote(member: Member, drawing: Drawing, digits: str) -> None:
    try:
        vote(open_class_database(), member, drawing, digits)
    except ClassroomError as error:
        show_error(error, "class")
