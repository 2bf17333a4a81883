"""The names of Streamlit that are not public, all of them in this file, each with its reason.

requirements.txt fixes Streamlit's version; tests/pages/shared/test_streamlit_internals.py fails where another
one has a name elsewhere, or where it does something else.
"""

from typing import Any

from streamlit.components.v2.bidi_component import serialization
from streamlit.dataframe_util import is_dataframe_like
from streamlit.runtime import Runtime


def look_for_no_tables() -> None:
    """Spare Streamlit the question whether a dictionary that a component is given is a table.

    To find that a drawing is none it would load pandas and pyarrow: 65 MB, and much of the time until the
    first visitor's first reading.
    """
    serialization.is_dataframe_like = _is_table  # type: ignore[attr-defined,assignment]


def forget_ended_sessions(runtime: Runtime) -> None:
    """Have Streamlit let go of the sessions that ended long enough ago.

    It stores a session for two minutes, should its browser come back, and forgets it when the next one ends:
    after a class, never.

    Raises:
        AttributeError: this Streamlit stores its sessions otherwise.
    """
    manager: Any = runtime._session_mgr
    with manager._storage_lock:
        manager._session_storage._cache.expire()


def _is_table(thing: object) -> bool:
    return not isinstance(thing, dict) and is_dataframe_like(thing)
