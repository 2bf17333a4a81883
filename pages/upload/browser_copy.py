"""The copy of the readings that the visitor's browser stores: they outlast the session, the pictures don't.

A phone that slept for three minutes, a server that was started again, a reload: each begins a session that
knows nothing, while the page in the browser still lists the files: `mnist_core.reading.stored_readings`.
"""

from pathlib import Path
from typing import Any

import streamlit as st

from mnist_core.reading.stored_readings import pack_readings, unpack_readings
from pages.upload import session
from pages.upload.corrections import all_corrections, store_correction

_COPY = "upload-copy"  # the component's key
_ANSWERED = "upload-copy-answered"  # whether the browser has said what it has stored

_copy = st.components.v2.component(
    "digit_playground_reading_copy",
    js=Path(__file__).with_name("browser_copy.js").read_text(encoding="utf-8"),
)


def sync_browser_copy() -> None:
    """Have the browser store this session's readings; a new session first asks for those before it."""
    asks = _ANSWERED not in st.session_state
    readings: list[dict[str, Any]] = []
    if not asks:
        readings = pack_readings(session.all_reports(), all_corrections())
    _copy(key=_COPY, data={"asks": asks, "readings": readings}, on_readings_change=_take_back)


def _take_back() -> None:
    take_back(st.session_state[_COPY]["readings"])


def take_back(sent: object) -> None:
    """Restore what the browser gave back, in front of what this session has read itself; once a session.

    Args:
        sent: by the component, or by anyone who sends what it might.
    """
    if _ANSWERED in st.session_state:
        return
    st.session_state[_ANSWERED] = True
    readings = unpack_readings(sent.get("readings") if isinstance(sent, dict) else None)
    for stored in session.restore_readings(readings):
        store_correction(stored.picture, stored.correction)
