"""Shows a visitor what went wrong, and writes it to the server's log."""

import streamlit as st

from mnist_core.errors import MnistCoreError
from mnist_core.logs import log_refusal
from pages.shared.wording import literal_but_code

_LOGGED = "logged-errors"  # in the session: the errors of this visit that are in the log


def show_error(error: MnistCoreError, where: str, *, before: str = "") -> None:
    """Show an error's sentence, and log the error once a visit: a page runs anew with every stroke.

    Args:
        error: its message is a whole sentence for the visitor.
        where: the page, for the log.
        before: a sentence to begin with; plain text.
    """
    _log_once(error, where)
    st.error(literal_but_code(f"{before} {error}".strip()))


def show_info(error: MnistCoreError, where: str, *, before: str) -> None:
    """Show an error after which the page goes on with less, and log it likewise."""
    _log_once(error, where)
    st.info(literal_but_code(f"{before} {error}"))


def _log_once(error: MnistCoreError, where: str) -> None:
    logged: set[tuple[str, str]] = st.session_state.setdefault(_LOGGED, set())
    if (where, str(error)) not in logged:
        logged.add((where, str(error)))
        log_refusal(error, where)
