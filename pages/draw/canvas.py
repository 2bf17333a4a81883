"""The drawing canvas, and the only file that knows the widget: strokes come out, never the browser's picture.

Strokes are numbers, cheap to bound, and one source for all: the reading, undo, what is restored after a
change of page, and the picture to download. The widget's own picture stays unasked for, so no stroke waits
for one, and nothing from outside is ever decoded.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeGuard

import numpy as np
import streamlit as st
from streamlit.components.v2.bidi_component import serialization
from streamlit.dataframe_util import is_dataframe_like
from streamlit_drawable_canvas import st_canvas

from mnist_core.reading.strokes import Stroke

PENS = {"Fine": 7, "Medium": 13, "Thick": 20}
"""Pen widths in pixels of the paper, by name. MNIST's strokes are about a tenth of a digit's height."""
DEFAULT_PEN = "Thick"

MAX_STROKES = 200
"""What a drawing may hold; strokes beyond are not read."""
MAX_POINTS = 20_000
"""Through how many points a drawing may lead the pen in all; strokes beyond are not read."""
MAX_LENGTH = 100_000.0
"""Pixels that the pen may go in all, over a hundred times across the paper; strokes beyond are not read."""

_INK, _PAPER = "#000000", "#ffffff"  # fixed, not the theme's: another paper colour would reset the drawing
_FURTHEST = 10_000.0
"""Pixels from the paper's corner: no honest pen gets there."""
_WIDEST_PEN = 64
_CURVE_STEP = 4.0
"""Pixels between the points that stand for a curve."""
_MOST_UNDONE_CLEARS = 20

# Names in the session. The canvas' key stays the same for good, so that a reconnect finds its drawing.
_CANVAS, _FRAME = "canvas", "canvas-frame"
_STROKES, _START, _PAPER_SIZE, _CLEARED = "drawing", "canvas-start", "canvas-paper", "canvas-cleared"
_TOLD, _SHEET, _REPLACED = "canvas-told", "canvas-sheet", "canvas-replaced"


def _is_table(obj: object) -> bool:
    return not isinstance(obj, dict) and is_dataframe_like(obj)


# Streamlit asks of each thing that a component is given whether it is a table. To find that a drawing is none
# it would load pandas and pyarrow: 65 MB, and much of the time until the first visitor's first reading.
serialization.is_dataframe_like = _is_table  # type: ignore[attr-defined]

_frame = st.components.v2.component(
    "digit_playground_canvas_frame",
    js=Path(__file__).with_name("canvas_frame.js").read_text(encoding="utf-8"),
)


@dataclass(frozen=True, slots=True)
class PaperSize:
    """The canvas' size in pixels."""

    height: int
    width: int


WIDE, NARROW = (
    PaperSize(280, 700),
    PaperSize(260, 343),
)  # for six digits; for a phone of 375 px


@dataclass(frozen=True, slots=True, eq=False)  # eq=False: comparing arrays has no single answer
class Drawing:
    """What stands on the paper: strokes in the order they were made."""

    strokes: tuple[Stroke, ...]
    paper: PaperSize


@dataclass(slots=True, eq=False)
class Sheet:
    """What the latest run found on the paper; for a download, which is made outside of any run."""

    drawing: Drawing


@dataclass(frozen=True, slots=True, eq=False)
class _Told:
    """A stroke as the widget told it, what was made of it, and how many pixels long that is."""

    path: list[object]
    stroke: Stroke
    length: float


def drawing_canvas(pen_width: int) -> Drawing:
    """Show the canvas with what was drawn so far, and give back what is on it now.

    Args:
        pen_width: in pixels, of strokes to come; those drawn keep their own.
    """
    state = st.session_state
    entering = _CANVAS not in state
    strokes = state.get(_STROKES, ()) if entering else _checked_strokes()
    if entering:
        # The widget is new on this page. Whatever was drawn on an earlier visit is put back.
        state[_START] = {"objects": _to_objects(strokes), "revision": _revision()}
        state.pop(_REPLACED, None)
    paper = _choose_paper(strokes)
    result = st_canvas(
        stroke_width=pen_width,
        stroke_color=_INK,
        background_color=_PAPER,
        height=paper.height,
        width=paper.width,
        initial_drawing=state[_START],
        return_image_data=False,
        key=_CANVAS,
    )
    if entering and not strokes and (kept := _to_strokes(result.json_data)):
        # The server was restarted and forgot, the browser did not: take its drawing as ours.
        _replace_start(kept)
        state[_STROKES] = kept
        st.rerun()  # now: put back with the next stroke, the drawing would wipe that stroke out
    if (_raw_drawing() or {}).get("objects") != state[_START]["objects"]:
        state.pop(_REPLACED, None)  # something was drawn since, be it the same again
    state[_STROKES] = strokes
    drawing = Drawing(strokes, paper)
    state.setdefault(_SHEET, Sheet(drawing)).drawing = drawing
    return drawing


def fit_canvas() -> Sheet:
    """Fit the canvas that was just shown into its page; give what is on it, now and after later strokes."""
    sheet: Sheet = st.session_state[_SHEET]
    paper = sheet.drawing.paper
    _frame(
        key=_FRAME,
        data={
            "canvas": f".st-key-{_CANVAS}",
            "live": ".st-key-reading-text",
            "label": "Paper to draw digits on, with a mouse, a pen or a finger",
            "hint": "Write a number here",
            "height": paper.height,
            "width": paper.width,
            "blank": not sheet.drawing.strokes,
            "revision": _revision(),
            "narrow": paper == NARROW,
        },
        on_narrow_change=lambda: None,
    )
    return sheet


def kept_drawing() -> Drawing | None:
    """Give what was drawn last in this session, for other pages; None where nothing was yet."""
    paper = st.session_state.get(_PAPER_SIZE)
    return Drawing(_current_strokes(), paper) if isinstance(paper, PaperSize) else None


def undo() -> None:
    """Take back the last stroke; on empty paper, the last Clear. For a button's `on_click`."""
    strokes = _current_strokes()
    cleared: list[tuple[Stroke, ...]] = st.session_state.get(_CLEARED, [])
    if strokes:
        _replace(strokes[:-1])
    elif cleared:
        st.session_state[_CLEARED] = cleared[:-1]
        _replace(cleared[-1])


def clear() -> None:
    """Empty the paper; `undo` brings the drawing back. For a button's `on_click`."""
    if strokes := _current_strokes():
        st.session_state[_CLEARED] = [*st.session_state.get(_CLEARED, []), strokes][-_MOST_UNDONE_CLEARS:]
    _replace(())


def _current_strokes() -> tuple[Stroke, ...]:
    """Give what is drawn now, the browser's latest word included."""
    state = st.session_state
    strokes: tuple[Stroke, ...] = state.get(_STROKES, ())
    if _CANVAS not in state:
        return strokes
    if _REPLACED in state and (_raw_drawing() or {}).get("objects") == state[_REPLACED]:
        # The button was pressed before the browser heard of the last one: that is not on the paper any more.
        state[_CANVAS] = _widget_state(state[_START]["objects"])
        return strokes
    return _checked_strokes()


def _checked_strokes() -> tuple[Stroke, ...]:
    """Read the widget's state, which anyone may have sent, and make it harmless for the widget's own code."""
    state = st.session_state
    raw = _raw_drawing()
    # Each stroke comes with all those before it. The lists compared are the widget's own, not kept twice.
    state[_TOLD] = told = _read_objects(raw, state.get(_TOLD, ()))
    strokes = tuple(each.stroke for each in told)
    if raw is None or state[_CANVAS].get("backgroundFit") is not None:
        state[_CANVAS] = _widget_state(_to_objects(strokes))
    return strokes


def _raw_drawing() -> dict[str, Any] | None:
    """Give the widget's own description of what is drawn; None where its state is not of its making."""
    sent = st.session_state.get(_CANVAS)
    drawing = sent.get("drawing") if isinstance(sent, dict) else None
    raw = drawing.get("raw") if isinstance(drawing, dict) else None
    return raw if isinstance(raw, dict) else None


def _replace(strokes: tuple[Stroke, ...]) -> None:
    """Put another drawing on the paper, in place of the one that is there."""
    st.session_state[_REPLACED] = (_raw_drawing() or {}).get("objects")
    _replace_start(strokes)
    st.session_state[_STROKES] = strokes
    st.session_state[_CANVAS] = _widget_state(st.session_state[_START]["objects"])


def _replace_start(strokes: tuple[Stroke, ...]) -> None:
    """Have the widget start anew from these strokes; the revision tells it so even if they are the same."""
    st.session_state[_START] = {"objects": _to_objects(strokes), "revision": _revision() + 1}


def _revision() -> int:
    """Count how often the paper's content was replaced in this session."""
    revision: int = st.session_state.get(_START, {}).get("revision", 0)
    return revision


def _widget_state(objects: list[dict[str, Any]]) -> dict[str, Any]:
    return {"drawing": {"raw": {"objects": objects}, "data": None}, "backgroundFit": None}


def _choose_paper(strokes: tuple[Stroke, ...]) -> PaperSize:
    """Fit the paper to the visitor's window until something is drawn; from then on it keeps its size."""
    state = st.session_state
    if _PAPER_SIZE not in state or not (strokes or state.get(_CLEARED)):
        told = state.get(_FRAME)
        state[_PAPER_SIZE] = NARROW if isinstance(told, dict) and told.get("narrow") is True else WIDE
    paper: PaperSize = state[_PAPER_SIZE]
    return paper


def _to_strokes(raw: object) -> tuple[Stroke, ...]:
    """Turn the widget's objects into strokes: see `_read_objects`."""
    return tuple(told.stroke for told in _read_objects(raw))


def _read_objects(raw: object, known: tuple[_Told, ...] = ()) -> tuple[_Told, ...]:
    """Turn the widget's objects into strokes; whatever no pen of ours can have made is left out.

    Args:
        raw: the widget's `json_data`, or anything at all.
        known: what was read the last time; a stroke that is still the same is not read again.
    Returns:
        At most MAX_STROKES strokes of MAX_POINTS points and MAX_LENGTH pixels together.
    """
    objects = raw.get("objects") if isinstance(raw, dict) else None
    if not isinstance(objects, list):
        return ()
    told: list[_Told] = []
    points_left, length_left = MAX_POINTS, MAX_LENGTH
    for drawn in objects[:MAX_STROKES]:
        match drawn:
            case {"path": list() as path, "strokeWidth": width} if (
                _is_place(width) and 0 < width <= _WIDEST_PEN
            ):
                before = known[len(told)] if len(told) < len(known) else None
                if before and before.stroke.width == width and before.path == path:
                    each = _Told(path, before.stroke, before.length)
                elif points := _to_points(path, points_left):
                    places = np.array(points, np.float32)
                    length = float(np.hypot(*np.diff(places, axis=0).T).sum())
                    each = _Told(path, Stroke(places, float(width)), length)
                else:
                    continue
                points_left -= len(each.stroke.points)
                length_left -= each.length
                if points_left <= 0 or length_left < 0:
                    break
                told.append(each)
    return tuple(told)


def _to_points(path: Sequence[object], most: int) -> list[tuple[float, float]]:
    """Follow a path of moves, lines and quadratic curves to `most` points; none if it holds anything else."""
    points: list[tuple[float, float]] = []
    for command in path:
        if len(points) >= most:
            break
        match command:
            case ["M" | "L", x, y] if _is_place(x) and _is_place(y):
                points.append((x, y))
            case ["Q", a, b, x, y] if (
                points and _is_place(a) and _is_place(b) and _is_place(x) and _is_place(y)
            ):
                points.extend(_curve(points[-1], (a, b), (x, y)))
            case _:
                return []
    return points


def _curve(
    start: tuple[float, float], bend: tuple[float, float], end: tuple[float, float]
) -> list[tuple[float, float]]:
    """Walk along a quadratic curve, its start left out and its end included."""
    length = math.dist(start, bend) + math.dist(bend, end)
    steps = min(16, max(1, math.ceil(length / _CURVE_STEP)))
    shares = [step / steps for step in range(1, steps + 1)]
    return [
        (
            (1 - t) ** 2 * start[0] + 2 * t * (1 - t) * bend[0] + t * t * end[0],
            (1 - t) ** 2 * start[1] + 2 * t * (1 - t) * bend[1] + t * t * end[1],
        )
        for t in shares
    ]


def _is_place(value: object) -> TypeGuard[float]:
    """Tell whether this is a number that can be a place on the paper: finite, and not far off it."""
    return isinstance(value, int | float) and not isinstance(value, bool) and -_FURTHEST < value < _FURTHEST


def _to_objects(strokes: tuple[Stroke, ...]) -> list[dict[str, Any]]:
    """Write strokes as the widget would, so that it can show them again."""
    return [
        {
            "type": "Path",
            "path": _to_path(stroke),
            "stroke": _INK,
            "strokeWidth": stroke.width,
            "strokeLineCap": "round",
            "strokeLineJoin": "round",
            "fill": None,
        }
        for stroke in strokes
    ]


def _to_path(stroke: Stroke) -> list[list[str | float]]:
    places = [(round(x, 1), round(y, 1)) for x, y in stroke.points.tolist()]
    if len(places) == 1:  # a line of no length is not drawn at all, not even as a dot
        places.append((places[0][0] + 0.1, places[0][1]))
    return [["L" if number else "M", x, y] for number, (x, y) in enumerate(places)]
