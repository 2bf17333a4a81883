"""Puts a network into use, for everybody and at once, and goes back to the one before."""

import streamlit as st

from mnist_core.config import AppPaths
from mnist_core.errors import ModelError, NotAllowedError
from mnist_core.evaluation.activation import activate, activate_previous
from mnist_core.serving.rights import may_activate
from mnist_core.storage.active_model import previous_model
from mnist_core.storage.shelf import ShelfEntry
from pages.shared.messages import show_error
from pages.shared.visitor import may
from pages.shared.wording import literal

_DONE, _PROBLEM = "activation-done", "activation-problem"


def show_activate(entry: ShelfEntry, paths: AppPaths, key: str = "activate") -> None:
    """Show the button that puts this network into use; or that it is in use already.

    Args:
        entry: of the shelf.
        paths: where the shelf is.
        key: of the button.
    """
    permission = may(may_activate)
    st.button(
        "In use" if entry.active else "Use this model",
        key=key,
        type="secondary",
        icon=":material/check_circle:" if entry.active else ":material/play_circle:",
        disabled=entry.active or entry.problem is not None or not permission,
        help=permission.refusal or None,
        on_click=_activate,
        args=(entry.name, paths),
    )


def show_back(paths: AppPaths) -> None:
    """Show the button that goes back to the network that was in use before; nothing where there is none."""
    before = previous_model(paths)
    if before is None:
        return
    permission = may(may_activate)
    st.button(
        f"Back to {before}",
        key="back",
        icon=":material/undo:",
        disabled=not permission,
        help=permission.refusal or None,
        on_click=_go_back,
        args=(paths,),
    )


def show_outcome() -> None:
    """Show once what came of the last press of a button."""
    if done := st.session_state.pop(_DONE, None):
        st.success(done)
    if problem := st.session_state.pop(_PROBLEM, None):
        show_error(problem, "activation")


def _activate(name: str, paths: AppPaths) -> None:
    try:
        may(may_activate).require()
        activate(name, paths)
    except (ModelError, NotAllowedError) as error:
        st.session_state[_PROBLEM] = error
        return
    st.session_state[_DONE] = f"{literal(name)} is in use from now on, for everyone. Try it on the Draw page."


def _go_back(paths: AppPaths) -> None:
    try:
        may(may_activate).require()
        name = activate_previous(paths)
    except (ModelError, NotAllowedError) as error:
        st.session_state[_PROBLEM] = error
        return
    st.session_state[_DONE] = f"{literal(name)} is in use again, for everyone."
