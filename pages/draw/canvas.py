"""The drawing canvas: the only file that shows the widget. Strokes come out, never the browser's picture.

Strokes are numbers, cheap to bound, and one source for all: the reading, undo, what is restored after a
change of page, and the picture to download. The widget's own picture stays unasked for, so no stroke waits
for one, and nothing from outside is ever decoded.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit_drawable_canvas import st_canvas

from mnist_core.reading.erasing import ERASER_RADIUS
from mnist_core.reading.strokes import Stroke
from pages.draw.browser_copy import parse_copy, show_browser_copy
from pages.draw.paper import NARROW, WIDE, Drawing, PaperSize
from pages.draw.widget_state import INK, is_harmless, parse_objects, raw_drawing, state_of, to_objects
from pages.shared.streamlit_internals import look_for_no_tables

PENS = {"Fine": 7, "Medium": 13, "Thick": 20}
"""Pen widths in pixels of the paper, by name. MNIST's strokes are about a tenth of a digit's height."""
DEFAULT_PEN = "Thick"
ERASER = "Eraser"
"""Stands among the pens: what it touches is taken away."""

_PAPER = "#ffffff"  # fixed, as the ink is: see widget_state.INK

# Names in the session. The canvas' key stays the same for good, so that a reconnect finds its drawing.
_CANVAS, _FRAME, _COPY = "canvas", "canvas-frame", "canvas-copy"
STROKES, _START, PAPER_SIZE, CLEARED = "drawing", "canvas-start", "canvas-paper", "canvas-cleared"
_PARSED, _SHEET, _REPLACED = "canvas-parsed", "canvas-sheet", "canvas-replaced"
ERASED = "canvas-erased"
_DRAWN_ON, _GIVEN_BACK = "canvas-drawn-on", "canvas-given-back"  # whether this visit has had a drawing

look_for_no_tables()  # a drawing is none, and to find that out Streamlit would load pandas

_frame = st.components.v2.component(
    "digit_playground_canvas_frame",
    js=Path(__file__).with_name("canvas_frame.js").read_text(encoding="utf-8"),
)


Erased = list[tuple[int, tuple[Stroke, ...]]]
"""For each use of the eraser how many strokes it left, and the drawing before it."""


@dataclass(slots=True, eq=False)
class Sheet:
    """What the latest run found on the paper; for a download, which is made outside of any run.

    Attributes:
        drawing: on it.
        small: whether the paper is a phone's on every window.
    """

    drawing: Drawing
    small: bool


def drawing_canvas(pen_width: int, small: bool = False) -> Drawing:
    """Show the canvas with what was drawn so far, and return what is on it now.

    Args:
        pen_width: in pixels, of strokes to come; those drawn have their own.
        small: whether a phone's paper is enough on every window, as for one digit beside something else.
    """
    state = st.session_state
    entering = _CANVAS not in state
    strokes = state.get(STROKES, ()) if entering else _parse_strokes()
    if entering:
        # The widget is new on this page. Whatever was drawn on an earlier visit is put back.
        state[_START] = {"objects": to_objects(strokes), "revision": _revision()}
        state.pop(_REPLACED, None)
    paper = _choose_paper(strokes, small)
    result = st_canvas(
        stroke_width=pen_width,
        stroke_color=INK,
        background_color=_PAPER,
        height=paper.height,
        width=paper.width,
        initial_drawing=state[_START],
        return_image_data=False,
        key=_CANVAS,
    )
    if entering and not strokes and (parsed := parse_objects(result.json_data)):
        # The server was restarted and forgot, the browser did not: take its drawing as ours.
        state[STROKES] = tuple(each.stroke for each in parsed)
        _replace_start(state[STROKES])
        st.rerun()  # now: put back with the next stroke, the drawing would wipe that stroke out
    if _objects() != state[_START]["objects"]:
        state.pop(_REPLACED, None)  # something was drawn since, be it the same again
    state[STROKES] = strokes
    drawing = Drawing(strokes, paper, unread_count())
    sheet: Sheet = state.setdefault(_SHEET, Sheet(drawing, small))
    sheet.drawing, sheet.small = drawing, small
    if strokes:
        state[_DRAWN_ON] = True
    show_browser_copy(drawing, asks=not state.get(_DRAWN_ON), key=_COPY, on_kept_change=_put_back)
    return drawing


def fit_canvas(on_erased: Callable[[object], None] | None = None) -> Sheet:
    """Fit the canvas that was just shown into its page; return what is on it, now and after later strokes.

    Args:
        on_erased: given what the browser says of the eraser's way; None while the pen is none.
    """
    sheet: Sheet = st.session_state[_SHEET]
    paper = sheet.drawing.paper
    _frame(
        key=_FRAME,
        data={
            "canvas": f".st-key-{_CANVAS}",
            "live": ".st-key-answer",
            "keys": {"z": ".st-key-undo button", "Z": ".st-key-redo button", "y": ".st-key-redo button"},
            "label": "Paper to draw digits on, with a mouse, a pen or a finger",
            "hint": "Write a number here",
            "height": paper.height,
            "width": paper.width,
            "blank": not sheet.drawing.strokes,
            "revision": _revision(),
            "narrow": paper == NARROW,
            "small": sheet.small,
            "eraser": ERASER_RADIUS if on_erased else 0,
        },
        on_narrow_change=lambda: None,
        on_erased_change=partial(_hand_over, on_erased),
    )
    return sheet


def _hand_over(on_erased: Callable[[object], None] | None) -> None:
    """Hand over what the browser says of the eraser's way."""
    reported = st.session_state.get(_FRAME)
    if on_erased and isinstance(reported, dict):
        on_erased(reported.get("erased"))


def last_drawing() -> Drawing | None:
    """Return what was drawn last in this session, for other pages; None where nothing was yet."""
    paper = st.session_state.get(PAPER_SIZE)
    return Drawing(current_strokes(), paper) if isinstance(paper, PaperSize) else None


def put_drawing(drawing: Drawing) -> None:
    """Put a drawing from elsewhere on the paper, before it is shown; Undo and then Redo go on from there."""
    state = st.session_state
    state[PAPER_SIZE] = drawing.paper
    replace_drawing(drawing.strokes)
    state[_DRAWN_ON] = state[_GIVEN_BACK] = True  # what the browser has kept is not asked for


def unread_count() -> int:
    """Count the strokes on the paper that the limits leave unread."""
    objects = _objects()
    if not isinstance(objects, list):
        return 0
    parsed = parse_objects({"objects": objects}, st.session_state.get(_PARSED, ()))
    return sum(isinstance(drawn, dict) and "path" in drawn for drawn in objects) - len(parsed)


def _put_back() -> None:
    """Put the drawing that the browser has kept below what was drawn since the page was opened."""
    state = st.session_state
    reported = state.get(_COPY)
    kept = parse_copy(reported.get("kept")) if isinstance(reported, dict) else None
    if kept and not state.get(_GIVEN_BACK):
        state[PAPER_SIZE] = kept.paper
        replace_drawing(kept.strokes + current_strokes())
    state[_DRAWN_ON] = state[_GIVEN_BACK] = True


def current_strokes() -> tuple[Stroke, ...]:
    """Return what is drawn now, the browser's latest report included."""
    state = st.session_state
    strokes: tuple[Stroke, ...] = state.get(STROKES, ())
    if _CANVAS not in state:
        return strokes
    if _REPLACED in state and _objects() == state[_REPLACED]:
        # The button was pressed before the browser heard of the last one: that is not on the paper any more.
        state[_CANVAS] = state_of(state[_START]["objects"])
        return strokes
    return _parse_strokes()


def _parse_strokes() -> tuple[Stroke, ...]:
    """Parse the widget's state, which anyone may have sent, and make it harmless for the widget's code."""
    state = st.session_state
    # Each stroke comes with all those before it. The lists compared are the widget's own, not stored twice.
    state[_PARSED] = parsed = parse_objects(raw_drawing(state[_CANVAS]), state.get(_PARSED, ()))
    strokes = tuple(each.stroke for each in parsed)
    if not is_harmless(state[_CANVAS]):
        state[_CANVAS] = state_of(to_objects(strokes))
    return strokes


def _objects() -> Any:
    """Return the objects that the widget reports as drawn."""
    return (raw_drawing(st.session_state.get(_CANVAS)) or {}).get("objects")


def replace_drawing(strokes: tuple[Stroke, ...], erased: Erased | None = None) -> None:
    """Put another drawing on the paper, in place of the one that is there.

    Args:
        strokes: of that drawing.
        erased: what the eraser has done to it so far; nothing where it comes from elsewhere.
    """
    st.session_state[ERASED] = erased or []
    st.session_state[_REPLACED] = _objects()
    _replace_start(strokes)
    st.session_state[STROKES] = strokes
    st.session_state[_CANVAS] = state_of(st.session_state[_START]["objects"])


def _replace_start(strokes: tuple[Stroke, ...]) -> None:
    """Have the widget start anew from these strokes; by the revision it does so even if they are the same."""
    st.session_state[_START] = {"objects": to_objects(strokes), "revision": _revision() + 1}


def _revision() -> int:
    """Count how often the paper's content was replaced in this session."""
    revision: int = st.session_state.get(_START, {}).get("revision", 0)
    return revision


def _choose_paper(strokes: tuple[Stroke, ...], small: bool) -> PaperSize:
    """Fit the paper to the visitor's window until something is drawn; from then on its size stays."""
    state = st.session_state
    if PAPER_SIZE not in state or not (strokes or state.get(CLEARED)):
        reported = state.get(_FRAME)
        is_narrow = isinstance(reported, dict) and reported.get("narrow") is True
        state[PAPER_SIZE] = NARROW if small or is_narrow else WIDE
    paper: PaperSize = state[PAPER_SIZE]
    return paper
