"""The uploads on their way to be read: taken out of their widgets at once, read one after another.

A widget loses what it holds with a change of page, and what is read or stopped only the server knows. So
nothing that a visitor handed over hangs on a widget, and each is let go as soon as it was read.
"""

from collections.abc import Iterable
from typing import Protocol

import streamlit as st

from mnist_core import Recognizer
from pages.shared.streamlit_internals import free_upload
from pages.shared.uploads import own_name
from pages.upload.session import forget_removed, read_picture

_TAKEN = "upload-taken"  # ids of all uploads that were taken out of the widgets
_WAITING = "upload-waiting"  # uploads by id, in the order they came
_STOPPED = "upload-stopped"  # likewise, those that the visitor wants unread
_REPEATED = "upload-repeated"  # what there is to say about pictures that were here before


class Upload(Protocol):
    """What Streamlit hands over for a file or a camera's photo."""

    file_id: str
    name: str

    def getvalue(self) -> bytes:
        """Return the file's content."""
        ...


def take_uploads(uploads: Iterable[Upload]) -> None:
    """Take over what came since the last run.

    Args:
        uploads: what the widgets return.
    """
    taken: set[str] = st.session_state.setdefault(_TAKEN, set())
    new = {upload.file_id: upload for upload in uploads if upload.file_id not in taken}
    if new:
        begin_reading()
        taken.update(new)
        _uploads(_WAITING).update(new)


def begin_reading() -> None:
    """Forget what there was to say about the pictures that came before."""
    st.session_state[_REPEATED] = []
    forget_removed()


def read_waiting(recognizer: Recognizer) -> None:
    """Read what waits, each picture's report stored at once; with a bar and a button to stop for several."""
    waiting = _uploads(_WAITING)
    count = len(waiting)
    place = st.empty()
    with place.container(horizontal=True, vertical_alignment="center", key="upload-progress"):
        bar = st.progress(0.0, text="Reading …") if count > 1 else None
        if bar:
            st.button("Stop reading", key="upload-stop", icon=":material/stop:", on_click=stop_reading)
    while waiting:
        if bar:
            done = count - len(waiting)
            # Here Streamlit breaks off when a button was pressed: the next run goes on with what waits.
            bar.progress(done / count, text=f"Reading picture {done + 1} of {count} …")
        upload = next(iter(waiting.values()))
        note_repeat(read_picture(recognizer, upload.getvalue(), own_name(upload.name)))
        waiting.pop(upload.file_id, None)
        free_upload(upload.file_id)
    place.empty()


def note_repeat(sentence: str) -> None:
    """Have the page say that a picture was here before; "" where it was not."""
    if sentence:
        st.session_state.setdefault(_REPEATED, []).append(sentence)


def repeats() -> list[str]:
    """Return what there is to say about pictures that were here before, a sentence each; plain text."""
    sentences: list[str] = st.session_state.get(_REPEATED, [])
    return sentences


def stop_reading() -> None:
    """Leave unread what waits. For a button's `on_click`."""
    _uploads(_STOPPED).update(_uploads(_WAITING))
    _uploads(_WAITING).clear()


def stopped_count() -> int:
    """Count the pictures that are unread because the visitor stopped."""
    return len(_uploads(_STOPPED))


def read_stopped() -> None:
    """Read after all what was stopped. For a button's `on_click`."""
    _uploads(_WAITING).update(_uploads(_STOPPED))
    _uploads(_STOPPED).clear()


def forget_stopped() -> None:
    """Let go of what was stopped. For a button's `on_click`."""
    for file_id in _uploads(_STOPPED):
        free_upload(file_id)
    _uploads(_STOPPED).clear()


def _uploads(name: str) -> dict[str, Upload]:
    uploads: dict[str, Upload] = st.session_state.setdefault(name, {})
    return uploads
