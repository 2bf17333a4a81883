"""Drawings as the widget has them in the session, for tests without a browser: see draw/widget_state.py."""

from collections.abc import Callable
from typing import Any

from streamlit.testing.v1 import AppTest

OpenPage = Callable[[str], AppTest]


def line(*points: tuple[float, float], width: object = 20) -> dict[str, Any]:
    """Describe a stroke as the widget does: a move, curves, a line."""
    start, *middle, end = points
    path: list[list[object]] = [["M", *start]]
    path += [["Q", *point, *point] for point in middle]
    path.append(["L", *end])
    return {"type": "Path", "path": path, "strokeWidth": width, "stroke": "#000000", "fill": None}


BAR = line((100, 40), (101, 100), (100, 220))
OTHER_BAR = line((300, 40), (301, 100), (300, 220))
BLOT = line(
    (500, 100), (600, 100), (600, 160), (500, 160), (500, 120), (600, 120), (600, 140), (500, 140), width=60
)


def drawn(*objects: object) -> dict[str, Any]:
    return {"drawing": {"raw": {"objects": list(objects)}, "data": None}, "backgroundFit": None}


def show(page: AppTest, state: object) -> AppTest:
    """Run the draw page with this state of its canvas."""
    page.session_state["canvas"] = state
    page.run()
    assert not page.exception
    return page


def texts(at: AppTest) -> list[str]:
    """Return the page's pieces of markup."""
    return [element.body for element in at.get("html")]


def text_read(at: AppTest) -> str:
    """Return the text that the page has read."""
    body = next(body for body in texts(at) if "dp-text" in body)
    return body.split(">")[1].split("<")[0]


def sentences(at: AppTest) -> str:
    """Return the page's sentences."""
    return "\n".join(element.value for element in at.markdown)
