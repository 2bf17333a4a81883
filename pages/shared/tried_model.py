"""The network that reads for one visitor: the one in use, or another one that they try for themselves."""

import streamlit as st

from mnist_core.config import AppPaths
from mnist_core.errors import ModelError
from mnist_core.reading.recognizer import Recognizer
from pages.shared import resources
from pages.shared.wording import literal

_TRIED = "tried-model"


def try_model(name: str | None) -> None:
    """Have a network read for this visitor alone, until the visit ends; None: the one in use again."""
    st.session_state[_TRIED] = name


def tried_name(paths: AppPaths) -> str | None:
    """Return the name of the network that this visitor tries; None where there is none, or it was removed."""
    name: str | None = st.session_state.get(_TRIED)
    try:
        return name if name and paths.model(name).folder.is_dir() else None
    except ModelError:
        return None


def open_reading_recognizer() -> Recognizer:
    """Return the recognizer that reads for this visitor.

    Raises:
        ModelError: the model is missing or broken.
    """
    name = tried_name(resources.app_paths())
    return resources.open_model(name) if name else resources.open_recognizer()


def reader_words(recognizer: Recognizer) -> str:
    """Return which network reads, and whether it does so for this visitor alone; markdown."""
    alone = ", for you alone" if tried_name(resources.app_paths()) else ""
    return f"Reading, by {literal(recognizer.files.name)}{alone}"


def show_try(name: str, paths: AppPaths, is_active: bool) -> None:
    """Show the button that tries a network for oneself, or that stops trying it."""
    if tried_name(paths) == name:
        st.button(
            "Stop trying it",
            key=f"try-{name}",
            icon=":material/person_cancel:",
            help="The network in use reads for you again.",
            on_click=try_model,
            args=(None,),
        )
    elif not is_active:
        st.button(
            "Try it yourself",
            key=f"try-{name}",
            icon=":material/person_check:",
            help="It reads what you draw and upload, for you alone, until you close this tab.",
            on_click=try_model,
            args=(name,),
        )
