"""The component that paints the views of /inside: numbers go to the browser as bytes, once a stroke."""

import base64
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from mnist_core.config import CELL_SIZE

_HERE = Path(__file__).parent
_SCRIPTS = ("view_base.js", "view_network.js", "view_answer.js", "view_code.js")


def _read(*names: str) -> str:
    return "\n".join((_HERE / name).read_text(encoding="utf-8") for name in names)


# Two components, since each brings its script along whenever its numbers change: the one with all the code
# never changes, so that the browser is sent it once.
_code = st.components.v2.component(
    "digit_playground_inside_code", js=f"const CSS = {json.dumps(_read('inside.css'))};\n{_read(*_SCRIPTS)}"
)
_view = st.components.v2.component("digit_playground_inside", js=_read("view_mount.js"))


def load_views() -> None:
    """Have the browser load what paints the views; to be called in every run, before `show_view`."""
    _code(key="inside-code", data={})


def show_view(view: str, content: Mapping[str, Any], key: str, *states: str) -> None:
    """Show one view.

    Args:
        view: its name in the scripts.
        content: what it paints, as JSON values.
        key: of the component.
        states: what the browser may report, each a name; `reported` reads it.
    """
    listeners: dict[str, Any] = {f"on_{state}_change": _note for state in states}
    _view(key=key, data={"view": view, "content": dict(content)}, **listeners)


def reported(key: str, state: str) -> object:
    """Return what the browser has reported last, which may be anything; None where it has not."""
    states = st.session_state.get(key)
    return states.get(state) if isinstance(states, Mapping) else None


def reported_pixels(key: str, state: str) -> tuple[int, ...]:
    """Return the indices of pixels, 0 to 783, that the browser has reported; none where it is no list."""
    indices = reported(key, state)
    if not isinstance(indices, list):
        return ()
    return tuple(
        sorted({index for index in indices if type(index) is int and 0 <= index < CELL_SIZE * CELL_SIZE})
    )


def ink_bytes(cell: NDArray[np.float32]) -> str:
    """Return values in [0, 1] as base64 of a byte each."""
    return encoded(np.rint(255 * np.clip(cell, 0, 1)).astype(np.uint8))


def encoded(values: NDArray[np.generic]) -> str:
    """Return an array's bytes as base64, as the scripts read them: uint8 or float32."""
    return base64.b64encode(np.ascontiguousarray(values).tobytes()).decode("ascii")


def _note() -> None:
    """Do nothing: a component reports a state only where someone listens."""
