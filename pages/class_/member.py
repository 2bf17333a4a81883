"""Who a pupil is in their class: joined by a code, known again by a token in their browser."""

from pathlib import Path

import streamlit as st

from mnist_core.classroom.classes import find_class, load_class
from mnist_core.classroom.codes import WrongCodes, clean_code
from mnist_core.classroom.members import Member, find_member, join_class
from mnist_core.errors import ClassroomError
from pages.shared.class_database import open_class_database
from pages.shared.messages import show_error

_MEMBER, _TOKEN, _CODE, _PROBLEM = "class-member", "class-token", "class-join-code", "class-join-problem"
_LEFT = "class-left"
_COMPONENT = "class-member-token"
_LONGEST_TOKEN = 64

_WRONG_CODES = WrongCodes()
"""Of all visitors of this server."""

_browser_token = st.components.v2.component(
    "digit_playground_member_token",
    js=Path(__file__).with_name("member.js").read_text(encoding="utf-8"),
)


def current_member() -> Member | None:
    """Return who the visitor is in a class; None where they have not joined one."""
    member = st.session_state.get(_MEMBER)
    return member if isinstance(member, Member) else None


def show_browser_token() -> None:
    """Have the browser store the member's token, or ask it for the one that it has."""
    state = st.session_state
    asks = current_member() is None and not state.get(_LEFT)
    token = state.get(_TOKEN)
    with st.container(key="class-token"):
        _browser_token(key=_COMPONENT, data={"asks": asks, "token": token}, on_token_change=_come_back)


def show_join() -> None:
    """Show where one joins a class by its code; a link may bring the code along."""
    state = st.session_state
    if _CODE not in state:
        state[_CODE] = clean_code(st.query_params.get("code", ""))
    with st.container(key="class-join"), st.form("class-join-form", border=False):
        st.text_input(
            "The code of your class", key=_CODE, max_chars=20, placeholder="K7R X3M", autocomplete="off"
        )
        st.form_submit_button("Join", type="primary", icon=":material/login:", on_click=_join)
        if problem := state.pop(_PROBLEM, None):
            show_error(problem, "class")


def leave_class() -> None:
    """Leave the class: this browser is not known any more. For a button's `on_click`."""
    state = st.session_state
    state.pop(_MEMBER, None)
    state.pop(_TOKEN, None)
    state[_LEFT] = True


def _join() -> None:
    state = st.session_state
    try:
        _WRONG_CODES.require_few()
        database = open_class_database()
        school_class = find_class(database, str(state.get(_CODE, "")))
        if school_class is None:
            _WRONG_CODES.note()
            raise ClassroomError("No class is open under this code. Look at it once more.", "no such code")
        state[_MEMBER], state[_TOKEN] = join_class(database, school_class.id)
        state.pop(_LEFT, None)
    except ClassroomError as error:
        state[_PROBLEM] = error


def _come_back() -> None:
    """Take the visitor for the member whose token the browser has, unless a link names another class."""
    state = st.session_state
    reported = state.get(_COMPONENT)
    token = reported.get("token") if isinstance(reported, dict) else None
    if not isinstance(token, str) or len(token) > _LONGEST_TOKEN or current_member():
        return
    try:
        database = open_class_database()
        member = find_member(database, token)
        if member is None:
            return
        named = clean_code(st.query_params.get("code", ""))
        if named and named != load_class(database, member.class_id).code:
            return
        state[_MEMBER], state[_TOKEN] = member, token
    except ClassroomError as error:
        state[_PROBLEM] = error
