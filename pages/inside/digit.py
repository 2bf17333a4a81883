"""Which digit the walk is about: drawn here, taken along from an uploaded picture, or from a link."""

from dataclasses import dataclass

import streamlit as st

from mnist_core import Recognizer
from mnist_core.errors import InvalidImageError
from mnist_core.reading.drawing_links import decode_drawing, encode_drawing
from mnist_core.reading.marks import MarkCache
from mnist_core.reading.strokes import Stroke
from mnist_core.results import DigitReading
from pages.draw.canvas import put_drawing
from pages.draw.example import example_strokes
from pages.draw.paper import NARROW, WIDE, Drawing, PaperSize
from pages.shared.inside_link import chosen_digit, digit_key, forget_chosen_digit
from pages.shared.messages import show_error

_LINK, _CACHE, _MARK = "inside-link", "inside-cache", "inside-mark"  # names in the session


@dataclass(frozen=True, slots=True, eq=False)  # eq=False: comparing arrays has no single answer
class WalkedDigit:
    """The digit that all steps show.

    Attributes:
        mark: as it was read.
        note: where it comes from, a sentence; "" where it was drawn here.
        is_picture: whether it comes from an uploaded picture.
    """

    mark: DigitReading
    note: str = ""
    is_picture: bool = False


def take_drawing_of_link() -> None:
    """Put the drawing that the address holds on the paper, once; a sentence where it holds none."""
    text = st.query_params.get("drawing")
    if not text or st.session_state.get(_LINK) == text:
        return
    st.session_state[_LINK] = text
    try:
        sent = decode_drawing(text)
    except InvalidImageError as error:
        show_error(error, "inside")
        return
    paper = WIDE if (sent.height, sent.width) == (WIDE.height, WIDE.width) else NARROW
    scale = min(paper.height / sent.height, paper.width / sent.width)
    strokes = tuple(Stroke(each.points * scale, max(1.0, each.width * scale)) for each in sent.strokes)
    put_drawing(Drawing(strokes, paper))
    forget_chosen_digit()


def link_to(drawing: Drawing, step: str) -> str | None:
    """Return the address that opens this step with this drawing; None where that is too large for one."""
    text = encode_drawing(drawing.strokes, drawing.paper.height, drawing.paper.width)
    if text is None:
        return None
    base = (st.context.url or "/inside").partition("?")[0]
    return f"{base}?step={step}&drawing={text}"


def find_digit(drawing: Drawing, recognizer: Recognizer) -> WalkedDigit:
    """Read the drawing and return the digit that was chosen in it; an example where nothing is drawn.

    Args:
        drawing: what is on the paper.
        recognizer: the model in use.
    """
    chosen = chosen_digit()
    if chosen is not None and chosen.is_picture:
        return WalkedDigit(chosen.mark, "This digit is from your picture.", is_picture=True)
    marks = _read(drawing.strokes, drawing.paper, recognizer)
    if not marks:
        example = example_strokes(NARROW, 1)
        reading = recognizer.read_strokes(example, NARROW.height, NARROW.width)
        return WalkedDigit(reading.digits[0], "An example, until you draw a digit of your own.")
    if chosen is not None:  # from Draw: the drawing is the same
        wanted = digit_key(chosen.mark)
        found = [index for index, mark in enumerate(marks) if digit_key(mark) == wanted]
        if found:
            st.session_state[_MARK] = found[0]
        forget_chosen_digit()
    return WalkedDigit(_choose(marks))


def _read(strokes: tuple[Stroke, ...], paper: PaperSize, recognizer: Recognizer) -> tuple[DigitReading, ...]:
    reading, st.session_state[_CACHE] = recognizer.read_strokes_cached(
        strokes, paper.height, paper.width, st.session_state.get(_CACHE, MarkCache())
    )
    return reading.digits


def _choose(marks: tuple[DigitReading, ...]) -> DigitReading:
    """Ask which of several marks it is about; the last one, unless another was chosen."""
    if len(marks) == 1:
        st.session_state.pop(_MARK, None)
        return marks[0]
    if not isinstance(index := st.session_state.get(_MARK), int) or index >= len(marks):
        st.session_state[_MARK] = len(marks) - 1
    chosen: int | None = st.segmented_control(
        "Which one?",
        range(len(marks)),
        format_func=lambda index: str(marks[index].label) if marks[index].is_digit else "?",
        key=_MARK,
        required=True,
    )
    return marks[len(marks) - 1 if chosen is None else chosen]
