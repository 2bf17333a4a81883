"""The drawing canvas: the only file that shows the widget. Strokes come out, never the browser's picture.

Strokes are numbers, cheap to bound, and one source for all: the reading, undo, what is restored after a
change of page, and the picture to download. The widget's own picture stays unasked for, so no stroke waits
for one, and nothing from outside is ever decoded.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit_drawable_canvas import st_canvas

from mnist_core.reading.erasing import ERASER_RADIUS, erase_strokes
from mnist_core.reading.strokes import Stroke
from pages.draw.browser_copy import parse_copy, show_browser_copy
from pages.draw.eraser import parse_path
from pages.draw.example import example_strokes
from pages.draw.paper import NARROW, WIDE, Drawing, PaperSize
from pages.draw.widget_state import INK, is_harmless, parse_objects, raw_drawing, state_of, to_objects
from pages.shared.streamlit_internals import look_for_no_tables

PENS = {"Fine": 7, "Medium": 13, "Thick": 20}
"""Pen widths in pixels of the paper, by name. MNIST's strokes are about a tenth of a digit's height."""
DEFAULT_PEN = "Thick"
ERASER = "Eraser"
"""Stands among the pens: what it touches is taken away."""

_PAPER = "#ffffff"  # fixed, as the ink is: see widget_state.INK
_MOST_UNDONE = 20

# Names in the session. The canvas' key stays the same for good, so that a reconnect finds its drawing.
_CANVAS, _FRAME, _COPY = "canvas", "canvas-frame", "canvas-copy"
_STROKES, _START, _PAPER_SIZE, _CLEARED = "drawing", "canvas-start", "canvas-paper", "canvas-cleared"
_PARSED, _SHEET, _REPLACED = "canvas-parsed", "canvas-sheet", "canvas-replaced"
_EXAMPLES = "canvas-examples"  # how many were asked for
# The drawings that Redo brings back, and how many strokes are on the paper while it may.
_UNDONE, _UNDONE_AT = "canvas-undone", "canvas-undone-at"
_ERASED = "canvas-erased"
_DRAWN_ON, _GIVEN_BACK = "canvas-drawn-on", "canvas-given-back"  # whether this visit has had a drawing

look_for_no_tables()  # a drawing is none, and to find that out Streamlit would load pandas

_frame = st.components.v2.component(
    "digit_playground_canvas_frame",
    js=Path(__file__).with_name("canvas_frame.js").read_text(encoding="utf-8"),
)


_Erased = list[tuple[int, tuple[Stroke, ...]]]
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
    strokes = state.get(_STROKES, ()) if entering else _parse_strokes()
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
        state[_STROKES] = tuple(each.stroke for each in parsed)
        _replace_start(state[_STROKES])
        st.rerun()  # now: put back with the next stroke, the drawing would wipe that stroke out
    if _objects() != state[_START]["objects"]:
        state.pop(_REPLACED, None)  # something was drawn since, be it the same again
    state[_STROKES] = strokes
    drawing = Drawing(strokes, paper, _unread_strokes())
    sheet: Sheet = state.setdefault(_SHEET, Sheet(drawing, small))
    sheet.drawing, sheet.small = drawing, small
    if strokes:
        state[_DRAWN_ON] = True
    show_browser_copy(drawing, asks=not state.get(_DRAWN_ON), key=_COPY, on_kept_change=_put_back)
    return drawing


def fit_canvas(*, erases: bool = False) -> Sheet:
    """Fit the canvas that was just shown into its page; return what is on it, now and after later strokes.

    Args:
        erases: whether the pen is an eraser.
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
            "eraser": ERASER_RADIUS if erases else 0,
        },
        on_narrow_change=lambda: None,
        on_erased_change=_erase,
    )
    return sheet


def last_drawing() -> Drawing | None:
    """Return what was drawn last in this session, for other pages; None where nothing was yet."""
    paper = st.session_state.get(_PAPER_SIZE)
    return Drawing(_current_strokes(), paper) if isinstance(paper, PaperSize) else None


def put_drawing(drawing: Drawing) -> None:
    """Put a drawing from elsewhere on the paper, before it is shown; Undo and then Redo go on from there."""
    state = st.session_state
    state[_PAPER_SIZE] = drawing.paper
    _replace(drawing.strokes)
    state[_DRAWN_ON] = state[_GIVEN_BACK] = True  # what the browser has kept is not asked for


def undo() -> None:
    """Take back the last stroke or use of the eraser; on empty paper, the last Clear. For `on_click`."""
    strokes = _current_strokes()
    erased: _Erased = st.session_state.get(_ERASED, [])
    cleared: list[tuple[Stroke, ...]] = st.session_state.get(_CLEARED, [])
    undone = _undone(strokes)
    if _unread_strokes():
        _replace(strokes, erased)  # only what is beyond the limit
    elif strokes and erased and erased[-1][0] == len(strokes):
        _replace(erased[-1][1], erased[:-1])
        _keep_undone([*undone, strokes])
    elif strokes:
        _replace(strokes[:-1], erased)
        _keep_undone([*undone, strokes])
    elif cleared:
        st.session_state[_CLEARED] = cleared[:-1]
        _replace(cleared[-1])
        _keep_undone([*undone, ()])


def redo() -> None:
    """Bring back what the last Undo took, unless something was drawn since. For a button's `on_click`."""
    if not (undone := _undone(_current_strokes())):
        return
    *earlier, drawing = undone
    _change(drawing)
    _keep_undone(earlier)


def clear() -> None:
    """Empty the paper; `undo` brings the drawing back. For a button's `on_click`."""
    if strokes := _current_strokes():
        st.session_state[_CLEARED] = [*st.session_state.get(_CLEARED, []), strokes][-_MOST_UNDONE:]
    _replace(())
    _keep_undone([])


def empty_paper() -> None:
    """Empty the paper for good, once its drawing is handed over. For a button's `on_click`."""
    st.session_state.pop(_CLEARED, None)
    _replace(())
    _keep_undone([])


def put_on_paper(strokes: tuple[Stroke, ...]) -> None:
    """Put strokes on the paper, below what is drawn there. For a button's `on_click`."""
    _replace(strokes + _current_strokes())
    _keep_undone([])


def _erase() -> None:
    """Take away the strokes that the eraser has touched; `undo` brings them back."""
    reported = st.session_state.get(_FRAME)
    path = parse_path(reported.get("erased")) if isinstance(reported, dict) else None
    strokes = _current_strokes()
    left = strokes if path is None else erase_strokes(strokes, path)
    if len(left) < len(strokes):
        _change(left)
        _keep_undone([])


def _change(drawing: tuple[Stroke, ...]) -> None:
    """Put another drawing on the paper such that `undo` brings back the one that is there."""
    strokes = _current_strokes()
    if not drawing:
        clear()
        return
    erased: _Erased = st.session_state.get(_ERASED, [])
    if len(drawing) < len(strokes):  # fewer strokes: no pen has done that
        erased = [*erased, (len(drawing), strokes)][-_MOST_UNDONE:]
    _replace(drawing, erased)


def draw_example() -> None:
    """Put a digit on empty paper, another one each time. For a button's `on_click`."""
    state = st.session_state
    if not _current_strokes():
        _replace(example_strokes(state[_PAPER_SIZE], state.get(_EXAMPLES, 0)))
        state[_EXAMPLES] = state.get(_EXAMPLES, 0) + 1


def _undone(strokes: tuple[Stroke, ...]) -> list[tuple[Stroke, ...]]:
    """Return the drawings that were undone, the latest last; none once something was drawn since."""
    undone: list[tuple[Stroke, ...]] = st.session_state.get(_UNDONE, [])
    return undone if st.session_state.get(_UNDONE_AT) == len(strokes) else []


def _keep_undone(undone: list[tuple[Stroke, ...]]) -> None:
    """Keep drawings for Redo: they share their strokes, so that many cost little."""
    st.session_state[_UNDONE] = undone
    st.session_state[_UNDONE_AT] = len(st.session_state[_STROKES])


def _unread_strokes() -> int:
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
        state[_PAPER_SIZE] = kept.paper
        _replace(kept.strokes + _current_strokes())
    state[_DRAWN_ON] = state[_GIVEN_BACK] = True


def _current_strokes() -> tuple[Stroke, ...]:
    """Return what is drawn now, the browser's latest report included."""
    state = st.session_state
    strokes: tuple[Stroke, ...] = state.get(_STROKES, ())
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


def _replace(strokes: tuple[Stroke, ...], erased: _Erased | None = None) -> None:
    """Put another drawing on the paper, in place of the one that is there.

    Args:
        strokes: of that drawing.
        erased: what the eraser has done to it so far; nothing where it comes from elsewhere.
    """
    st.session_state[_ERASED] = erased or []
    st.session_state[_REPLACED] = _objects()
    _replace_start(strokes)
    st.session_state[_STROKES] = strokes
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
    if _PAPER_SIZE not in state or not (strokes or state.get(_CLEARED)):
        reported = state.get(_FRAME)
        is_narrow = isinstance(reported, dict) and reported.get("narrow") is True
        state[_PAPER_SIZE] = NARROW if small or is_narrow else WIDE
    paper: PaperSize = state[_PAPER_SIZE]
    return paper
