"""What changes a drawing beside the pen: Undo, Redo, Clear, the eraser, an example."""

import streamlit as st

from mnist_core.reading.erasing import erase_strokes
from mnist_core.reading.strokes import Stroke
from pages.draw.canvas import (
    CLEARED,
    ERASED,
    PAPER_SIZE,
    STROKES,
    Erased,
    current_strokes,
    replace_drawing,
    unread_count,
)
from pages.draw.eraser import parse_path
from pages.draw.example import example_strokes

_MOST_UNDONE = 20

# Names in the session.
_EXAMPLES = "canvas-examples"  # how many were asked for
# The drawings that Redo brings back, and how many strokes are on the paper while it may.
_UNDONE, _UNDONE_AT = "canvas-undone", "canvas-undone-at"


def undo() -> None:
    """Take back the last stroke or use of the eraser; on empty paper, the last Clear. For `on_click`."""
    strokes = current_strokes()
    erased: Erased = st.session_state.get(ERASED, [])
    cleared: list[tuple[Stroke, ...]] = st.session_state.get(CLEARED, [])
    undone = _undone(strokes)
    if unread_count():
        replace_drawing(strokes, erased)  # only what is beyond the limit
    elif strokes and erased and erased[-1][0] == len(strokes):
        replace_drawing(erased[-1][1], erased[:-1])
        _keep_undone([*undone, strokes])
    elif strokes:
        replace_drawing(strokes[:-1], erased)
        _keep_undone([*undone, strokes])
    elif cleared:
        st.session_state[CLEARED] = cleared[:-1]
        replace_drawing(cleared[-1])
        _keep_undone([*undone, ()])


def redo() -> None:
    """Bring back what the last Undo took, unless something was drawn since. For a button's `on_click`."""
    if not (undone := _undone(current_strokes())):
        return
    *earlier, drawing = undone
    _change(drawing)
    _keep_undone(earlier)


def clear() -> None:
    """Empty the paper; `undo` brings the drawing back. For a button's `on_click`."""
    if strokes := current_strokes():
        st.session_state[CLEARED] = [*st.session_state.get(CLEARED, []), strokes][-_MOST_UNDONE:]
    replace_drawing(())
    _keep_undone([])


def empty_paper() -> None:
    """Empty the paper for good, once its drawing is handed over. For a button's `on_click`."""
    st.session_state.pop(CLEARED, None)
    replace_drawing(())
    _keep_undone([])


def put_on_paper(strokes: tuple[Stroke, ...]) -> None:
    """Put strokes on the paper, below what is drawn there. For a button's `on_click`."""
    replace_drawing(strokes + current_strokes())
    _keep_undone([])


def erase(sent: object) -> None:
    """Take away the strokes that the eraser has touched; `undo` brings them back.

    Args:
        sent: by the browser: where the eraser was, or anything at all.
    """
    path = parse_path(sent)
    strokes = current_strokes()
    left = strokes if path is None else erase_strokes(strokes, path)
    if len(left) < len(strokes):
        _change(left)
        _keep_undone([])


def _change(drawing: tuple[Stroke, ...]) -> None:
    """Put another drawing on the paper such that `undo` brings back the one that is there."""
    strokes = current_strokes()
    if not drawing:
        clear()
        return
    erased: Erased = st.session_state.get(ERASED, [])
    if len(drawing) < len(strokes):  # fewer strokes: no pen has done that
        erased = [*erased, (len(drawing), strokes)][-_MOST_UNDONE:]
    replace_drawing(drawing, erased)


def draw_example() -> None:
    """Put a digit on empty paper, another one each time. For a button's `on_click`."""
    state = st.session_state
    if not current_strokes():
        replace_drawing(example_strokes(state[PAPER_SIZE], state.get(_EXAMPLES, 0)))
        state[_EXAMPLES] = state.get(_EXAMPLES, 0) + 1


def _undone(strokes: tuple[Stroke, ...]) -> list[tuple[Stroke, ...]]:
    """Return the drawings that were undone, the latest last; none once something was drawn since."""
    undone: list[tuple[Stroke, ...]] = st.session_state.get(_UNDONE, [])
    return undone if st.session_state.get(_UNDONE_AT) == len(strokes) else []


def _keep_undone(undone: list[tuple[Stroke, ...]]) -> None:
    """Keep drawings for Redo: they share their strokes, so that many cost little."""
    st.session_state[_UNDONE] = undone
    st.session_state[_UNDONE_AT] = len(st.session_state[STROKES])
