"""The teacher's sign-in, at the end of every page for whoever is not at the computer itself.

It lasts as long as the visit does in Streamlit's session, which is in the server's memory: the browser has
nothing that a script could read or that another browser could be given.
"""

import logging

import streamlit as st

from mnist_core.config import ServerSettings
from mnist_core.errors import NotAllowedError
from mnist_core.logs import log_event
from mnist_core.serving.sign_in import MOST_CHARACTERS, SignedIn, TeacherSignIn, make_passphrase
from pages.shared.messages import show_error
from pages.shared.streamlit_internals import current_connection, is_served

_SIGNED_IN, _PASSPHRASE, _REFUSAL = "teacher-signed-in", "teacher-passphrase", "teacher-sign-in-refusal"

_SERVER: dict[str, TeacherSignIn] = {}
"""The server's one sign-in, from its start on."""


def prepare_sign_in(settings: ServerSettings) -> str:
    """Have the server know the teacher's passphrase.

    Returns:
        The passphrase, where the server has made one itself; "" where the settings name it.
    """
    made = "" if settings.teacher_passphrase else make_passphrase()
    _SERVER["sign-in"] = TeacherSignIn(settings.teacher_passphrase or made)
    return made


def is_signed_in() -> bool:
    """Return whether this visitor has signed in as the teacher."""
    return isinstance(st.session_state.get(_SIGNED_IN), SignedIn)


def show_sign_in() -> None:
    """Show where the teacher signs in, or out; nothing at the computer itself, where one need not."""
    if is_signed_in():
        with st.container(key="teacher-sign-in", horizontal=True, vertical_alignment="center"):
            st.markdown("You are signed in as the teacher until you close or reload this page.")
            st.button("Sign out", key="teacher-sign-out", on_click=_sign_out)
        return
    refusal = st.session_state.pop(_REFUSAL, "")
    with (
        st.container(key="teacher-sign-in"),
        st.expander("Are you the teacher?", expanded=bool(refusal), icon=":material/key:"),
        st.form("teacher-sign-in-form", border=False),
    ):
        st.text_input(
            "The teacher's passphrase",
            type="password",
            key=_PASSPHRASE,
            max_chars=MOST_CHARACTERS,
            autocomplete="current-password",
            help="It stands in the terminal where the app was started.",
        )
        st.form_submit_button("Sign in", on_click=_sign_in)
        if refusal:
            show_error(NotAllowedError(refusal, "sign-in refused"), "sign-in")


def _sign_in() -> None:
    state = st.session_state
    passphrase, state[_PASSPHRASE] = str(state.get(_PASSPHRASE, "")), ""
    connection = current_connection() if is_served() else None
    if "sign-in" not in _SERVER:  # a page without a server
        prepare_sign_in(ServerSettings.from_environment())
    answer = _SERVER["sign-in"].try_passphrase(passphrase, (connection and connection.remote_ip) or "")
    if answer.session:
        state[_SIGNED_IN] = answer.session
        log_event("teacher signed in")
    else:
        state[_REFUSAL] = answer.refusal
        log_event("sign-in refused", logging.WARNING)


def _sign_out() -> None:
    st.session_state.pop(_SIGNED_IN, None)
