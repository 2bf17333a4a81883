"""What the tests of the walk read on the page: its sentences, and what its component was given to paint."""

import base64
import json
from typing import Any

import numpy as np
from streamlit.testing.v1 import AppTest

from tests.drawings import strokes_of
from tests.pages.draw.drawn import drawn, line


def drawing_of(*shapes: str) -> dict[str, Any]:
    """Return the canvas' state with digits drawn side by side."""
    strokes = [
        stroke for number, shape in enumerate(shapes) for stroke in strokes_of(shape, left=20 + 120 * number)
    ]
    return drawn(*(line(*map(tuple, stroke.points.tolist()), width=14) for stroke in strokes))


def show(page: AppTest, state: object, step: str) -> AppTest:
    """Run the page with this drawing, a step open."""
    page.session_state["inside-step"] = step
    page.session_state["canvas"] = state
    page.run()
    assert not page.exception
    return page


def sentences(page: AppTest) -> str:
    return "\n".join(element.value for element in page.markdown)


def painted(page: AppTest) -> dict[str, Any]:
    """Return what the open step's views were given, the last of them."""
    given = [json.loads(element.proto.json) for element in page.get("bidi_component")]
    return [data["content"] for data in given if "view" in data][-1]


def bytes_of(text: str) -> np.ndarray:
    return np.frombuffer(base64.b64decode(text), np.uint8)
