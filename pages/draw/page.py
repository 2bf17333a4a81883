"""Draw: write a number with a mouse, a pen or a finger, and see it read after every stroke."""

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from streamlit.delta_generator import DeltaGenerator

from mnist_core.errors import ModelError
from mnist_core.reading.marks import MarkCache
from mnist_core.reading.pictures import png_bytes
from mnist_core.reading.strokes import draw_strokes
from mnist_core.results import Reading
from pages.draw.canvas import DEFAULT_PEN, ERASER, PENS, drawing_canvas, fit_canvas
from pages.draw.changes import clear, draw_example, erase, redo, undo
from pages.draw.paper import Drawing, room_note
from pages.shared.messages import show_error
from pages.shared.reading import show_digits, show_text, summary, unread_note
from pages.shared.resources import app_paths
from pages.shared.theme import show_privacy
from pages.shared.tried_model import open_reading_recognizer, reader_words, tried_name

# Strokes thicker than this share of a mark's longer side fill its loops. No string: a page would show it.
_TOO_THICK = 0.35
# How often a page that is open looks whether another network reads by now.
_LOOK_SECONDS = 8
_READS = "network-that-reads"


def main() -> None:
    with st.container(key="intro"):
        st.title("Draw a number", anchor=False)
        st.markdown("One digit or several, as you would on paper. It is read after every stroke.")
    desk()
    look_for_another_network()
    show_privacy(
        "What you draw is read on this server, which stores nothing and forgets it when you leave; "
        "your browser keeps the strokes until you close this tab, so that a reload does not lose them. "
        "Nothing is sent to anyone else."
    )


@st.fragment(run_every=_LOOK_SECONDS)
def look_for_another_network() -> None:
    """Run the page once more when another network was put into use; shows nothing."""
    paths = app_paths()
    name = tried_name(paths) or paths.active_model().name
    if st.session_state.setdefault(_READS, name) != name:
        st.session_state[_READS] = name
        st.rerun(scope="app")


@st.fragment  # Undo, Clear and the pen run this part anew, not the page around it
def desk() -> None:
    with st.container(horizontal=True, gap="large", key="desk"):
        paper = st.container(key="paper")
        answer = st.container(key="answer")
    marks = st.container()
    with paper:
        draw_and_read(answer, marks)
        show_tools()


@st.fragment  # a stroke runs no more than this
def draw_and_read(answer: DeltaGenerator, marks: DeltaGenerator) -> None:
    """Show the paper, and in two containers around it what is read on it."""
    drawing = drawing_canvas(PENS.get(str(st.session_state.get("pen")), PENS[DEFAULT_PEN]))
    try:
        recognizer = open_reading_recognizer()  # for blank paper too: a missing model is shown at once
        reading, st.session_state["mark-cache"] = recognizer.read_strokes_cached(
            drawing.strokes,
            drawing.paper.height,
            drawing.paper.width,
            st.session_state.get("mark-cache", MarkCache()),
        )
    except ModelError as error:
        with answer:
            show_error(error, "draw")
        marks.empty()
        return
    with answer:
        show_answer(reading, reader_words(recognizer), room_note(drawing))
    with marks:
        if reading.digits:
            st.header("What the network saw", anchor=False)
            show_digits(reading)
        else:
            st.empty()  # never nothing: what a fragment has not written to, it may not write to later


def show_tools() -> None:
    sheet = fit_canvas(erase if st.session_state.get("pen") == ERASER else None)
    with st.container(horizontal=True, key="tools", vertical_alignment="bottom"):
        # Never disabled: what is on the paper may be a moment ahead of what the server knows.
        st.button("Undo", key="undo", icon=":material/undo:", on_click=undo)
        st.button("Redo", key="redo", icon=":material/redo:", on_click=redo)
        st.button("Clear", key="clear", icon=":material/delete:", on_click=clear)
        st.download_button(
            "Save PNG",
            data=lambda: png_bytes(picture_of(sheet.drawing)),
            file_name="drawing.png",
            mime="image/png",
            on_click="ignore",
            key="download",
            icon=":material/download:",
        )
        st.segmented_control(
            "Pen", [*PENS, ERASER], default=DEFAULT_PEN, required=True, key="pen", persist_state="session"
        )


def picture_of(drawing: Drawing) -> NDArray[np.uint8]:
    return draw_strokes(drawing.strokes, drawing.paper.height, drawing.paper.width)


def pen_hint(reading: Reading) -> str:
    """Return what would help where the pen fills the digits' loops; "" where it doesn't."""
    if all(mark.thickness < _TOO_THICK for mark in reading.digits):
        return ""
    return "The pen is thick for digits this small: a finer pen, or larger digits, would be read better."


def show_answer(reading: Reading, reader: str, room: str) -> None:
    st.markdown(reader)  # a class that draws for its own network wants to see that it is the one that reads
    show_text(reading.text, gaps=reading.gaps)
    if reading.digits:
        st.markdown(" ".join(filter(None, [room, summary(reading), pen_hint(reading)])))
        with st.container(key="reading-note"):
            st.markdown(unread_note(reading))
    else:
        st.markdown(
            "Nothing drawn yet. Write a number on the paper with a mouse, a pen or a finger. "
            "No pen at hand? The Upload page reads pictures."
        )
        st.button("Try an example", key="example", icon=":material/ink_pen:", on_click=draw_example)


main()
