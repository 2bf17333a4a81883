"""What all visitors share: the models that are open; the end of start-up; the memory given back."""

import ctypes
import gc
import logging
import threading
import time
from pathlib import Path

import streamlit as st
from streamlit.runtime import Runtime

from mnist_core import Recognizer
from mnist_core.config import AppPaths, ModelFiles
from mnist_core.logs import log_event
from pages.shared.streamlit_internals import forget_ended_sessions

_HOUSEKEEPING_S = 45
"""A collection stops everybody for some milliseconds; Streamlit stores an ended session for two minutes."""


def app_paths() -> AppPaths:
    """Return where this server's files are.

    Streamlit runs a page as a script, to which nothing can be handed: so this is where all pages have it
    from, and none reads the environment itself.
    """
    return AppPaths.from_environment()


def open_recognizer() -> Recognizer:
    """Return the active model's recognizer: one for everybody, opened anew once the model's file changes.

    Raises:
        ModelError: the model is missing or broken; its message says which file and how to get it back.
    """
    files = app_paths().active_model()
    return _open_recognizer(str(files.folder), file_stamp(files.onnx))


def open_model(name: str) -> Recognizer:
    """Return another model's recognizer, by its name on the shelf.

    Raises:
        ModelError: the model is missing or broken.
    """
    files = app_paths().model(name)
    return _open_recognizer(str(files.folder), file_stamp(files.onnx))


@st.cache_resource(show_spinner=False, max_entries=6)  # those that read, and those compared
def _open_recognizer(folder: str, stamp: tuple[int, int]) -> Recognizer:
    """Open the model in `folder`; by `stamp` Streamlit's cache notices that its file has changed."""
    return Recognizer.open(ModelFiles(Path(folder)))


def file_stamp(file: Path) -> tuple[int, int]:
    """Return what changes with a file: its time of change in ns, and its size; zeros where there is none."""
    try:
        status = file.stat()
    except (OSError, ValueError):  # no such file, or nothing that can be a path
        return (0, 0)
    return (status.st_mtime_ns, status.st_size)


@st.cache_resource(show_spinner=False)
def finish_start_up() -> None:
    """Take what start-up has made out of the garbage collector's sight, once a process.

    What the libraries made while they were loaded stays for good, and walking over it takes 29 ms of CPU,
    in which nobody is answered. Once frozen, a collection only looks at what the sessions hold.
    """
    gc.collect()
    gc.freeze()
    threading.Thread(target=_free_memory_regularly, args=(Runtime.instance(),), daemon=True).start()


def _free_memory_regularly(runtime: Runtime) -> None:
    """Free the memory of sessions that have ended, for as long as the server runs.

    What Python frees, the C library holds on to until it is asked for it.
    """
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # in GNU's C library only
    while True:
        time.sleep(_HOUSEKEEPING_S)
        try:
            forget_ended_sessions(runtime)
        except AttributeError:  # all else works without it
            log_event("sessions stay in memory", logging.WARNING, reason="Streamlit stores them elsewhere")
            return
        gc.collect()
        if trim:
            trim(0)
