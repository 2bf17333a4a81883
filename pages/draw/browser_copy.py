"""The copy of the drawing that the visitor's browser keeps: put back by a reload or a later visit in the tab.

It is in the tab's sessionStorage, which the browser empties when the tab is closed. What comes back from it
is input from outside like any other: it is parsed as the widget's own state is, with the same limits.
"""

from collections.abc import Callable
from pathlib import Path

import streamlit as st

from pages.draw.paper import NARROW, WIDE, Drawing, PaperSize
from pages.draw.widget_state import parse_objects, to_objects

_copy = st.components.v2.component(
    "digit_playground_browser_copy",
    js=Path(__file__).with_name("browser_copy.js").read_text(encoding="utf-8"),
)


def show_browser_copy(drawing: Drawing, *, asks: bool, key: str, on_kept_change: Callable[[], None]) -> None:
    """Have the browser keep this drawing, or give back the one that it has.

    Args:
        drawing: what is on the paper now.
        asks: whether this visit has had no drawing yet: then the browser's is asked for, and left as it is.
        key: of the component; its state holds the browser's drawing as "kept" while `on_kept_change` runs.
        on_kept_change: called when the browser gives a drawing back.
    """
    paper = drawing.paper
    kept = {"height": paper.height, "width": paper.width, "objects": to_objects(drawing.strokes)}
    _copy(
        key=key, data={"asks": asks, "kept": kept if drawing.strokes else None}, on_kept_change=on_kept_change
    )


def parse_copy(kept: object) -> Drawing | None:
    """Parse what a browser gave back.

    Args:
        kept: a drawing as `show_browser_copy` hands it over, or anything at all.
    Returns:
        The drawing, of no more strokes than a pen may make; None where there is none on a paper of ours.
    """
    if not isinstance(kept, dict):
        return None
    papers = [paper for paper in (WIDE, NARROW) if _is_of_size(kept, paper)]
    strokes = tuple(each.stroke for each in parse_objects(kept))
    return Drawing(strokes, papers[0]) if papers and strokes else None


def _is_of_size(kept: dict[object, object], paper: PaperSize) -> bool:
    return kept.get("height") == paper.height and kept.get("width") == paper.width
