"""The names of Streamlit that are not public, all of them in this file, each with its reason.

requirements.txt fixes Streamlit's version; tests/pages/shared/test_streamlit_internals.py fails where another
one has a name elsewhere, or where it does something else.
"""

from typing import Any

from streamlit.components.v2.bidi_component import serialization
from streamlit.dataframe_util import is_dataframe_like
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.runtime import Runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.session_manager import ClientContext
from streamlit.runtime.uploaded_file_manager import DeletedFile

from mnist_core.serving.uploads import UploadedBytes


def look_for_no_tables() -> None:
    """Spare Streamlit the question whether a dictionary that a component is given is a table.

    To find that a drawing is none it would load pandas and pyarrow: 65 MB, and much of the time until the
    first visitor's first reading.
    """
    serialization.is_dataframe_like = _is_table  # type: ignore[attr-defined,assignment]


def forget_ended_sessions(runtime: Runtime) -> None:
    """Have Streamlit let go of the sessions that ended long enough ago, and of what was uploaded in them.

    It stores a session for two minutes, should its browser come back, and forgets it when the next one ends:
    after a class, never. The last session is referred to by the server's own loop until another one comes, so
    its uploads are removed here.

    Raises:
        AttributeError: this Streamlit stores its sessions otherwise.
    """
    manager: Any = runtime._session_mgr
    with manager._storage_lock:
        manager._session_storage._cache.expire()
    files: Any = runtime.uploaded_file_mgr
    sessions = [*manager.list_active_sessions(), *manager._session_storage.list()]
    present = {each.session.id for each in sessions}
    for session_id in list(files.file_storage):
        if session_id not in present:
            files.remove_session_files(session_id)


def is_served() -> bool:
    """Return whether a server runs the page, and not AppTest, which puts a stand-in for one in its place."""
    return Runtime.exists() and type(Runtime.instance()) is Runtime


def current_connection() -> ClientContext | None:
    """Return the headers and the address of the browser for which the page runs; None where it has left.

    `st.context` asks for the connection anew for each of them, and gives no address both for the loopback and
    for a browser that has left: one that leaves in between would seem to be at this computer.
    """
    context = get_script_run_ctx()
    client = Runtime.instance().get_client(context.session_id) if context else None
    return client.client_context if client else None


def uploaded_bytes(session_id: str) -> UploadedBytes:
    """Return how many bytes of uploads Streamlit holds, of a session and of all.

    Raises:
        AttributeError: this Streamlit holds them otherwise.
    """
    manager: Any = Runtime.instance().uploaded_file_mgr
    with manager._lock:
        files = manager.file_storage.get(session_id, {}).values()
        return UploadedBytes(sum(len(file.data) for file in files), manager._total_bytes)


def is_lost_upload(upload: object) -> bool:
    """Return whether this is what the session state lists in place of an upload that is gone.

    An uploader's own return value leaves it out. After a server's restart, or once a session has expired, the
    browser still sends the ids of what it uploaded before.
    """
    return isinstance(upload, DeletedFile)


def free_upload(file_id: str) -> None:
    """Let go of one of this visitor's uploads: its widget then goes on without it.

    Raises:
        AttributeError: this Streamlit holds uploads otherwise.
    """
    if is_served():
        files: Any = Runtime.instance().uploaded_file_mgr
        files.remove_file(current_session_id(), file_id)


def rerun_session(session_id: str) -> bool:
    """Run a visitor's page anew, as it is.

    Returns:
        Whether there is such a session, with a browser.
    """
    if not is_served():
        return False
    info: Any = Runtime.instance()._session_mgr.get_active_session_info(session_id)
    if info is None:
        return False
    shown = info.session._client_state
    # Without states of widgets, so that those of a run under way stay what they are.
    state = ClientState(page_script_hash=shown.page_script_hash, query_string=shown.query_string)
    info.session.request_rerun(state)
    return True


def current_session_id() -> str:
    """Return the id of the session for which the page runs; "" outside of one."""
    context = get_script_run_ctx(suppress_warning=True)
    return context.session_id if context else ""


def _is_table(thing: object) -> bool:
    return not isinstance(thing, dict) and is_dataframe_like(thing)
