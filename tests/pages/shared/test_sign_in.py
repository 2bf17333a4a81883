"""The teacher's sign-in on a page."""

from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest

from mnist_core.config import ServerSettings
from pages.shared import sign_in


def page() -> None:
    """Show the sign-in and whether one is signed in, as the frame does below every page."""
    import streamlit as st

    from pages.shared.sign_in import is_signed_in, show_sign_in

    st.markdown("may" if is_signed_in() else "may not")
    show_sign_in()


@pytest.fixture
def opened() -> Iterator[AppTest]:
    sign_in.prepare_sign_in(ServerSettings(teacher_passphrase="blue whale"))
    yield AppTest.from_function(page, default_timeout=30).run()
    sign_in._SERVER.clear()


def try_passphrase(opened: AppTest, passphrase: str) -> None:
    opened.text_input(key="teacher-passphrase").set_value(passphrase)
    opened.button[0].click().run()


def test_with_the_passphrase_one_is_the_teacher_until_one_signs_out(opened: AppTest):
    assert opened.markdown[0].value == "may not"
    try_passphrase(opened, "blue whale")
    assert opened.markdown[0].value == "may"
    opened.button(key="teacher-sign-out").click().run()
    assert opened.markdown[0].value == "may not"


def test_a_wrong_one_is_refused_in_words_and_leaves_no_passphrase_on_the_page(opened: AppTest):
    try_passphrase(opened, "a guess")
    assert opened.markdown[0].value == "may not"
    assert [error.value for error in opened.error] == ["This is not the teacher's passphrase."]
    assert opened.text_input(key="teacher-passphrase").value == ""


def test_the_sixth_try_within_a_minute_is_not_compared(opened: AppTest):
    for _ in range(5):
        try_passphrase(opened, "a guess")
    try_passphrase(opened, "blue whale")
    assert opened.markdown[0].value == "may not"


def test_what_a_browser_could_send_is_no_sign_in(opened: AppTest):
    opened.session_state["teacher-signed-in"] = True
    opened.run()
    assert opened.markdown[0].value == "may not"


def test_the_server_makes_a_passphrase_where_none_is_set():
    try:
        made = sign_in.prepare_sign_in(ServerSettings())
        assert len(made) == 14
        assert sign_in._SERVER["sign-in"].try_passphrase(made, "").session
        assert sign_in.prepare_sign_in(ServerSettings(teacher_passphrase="blue whale")) == ""
    finally:
        sign_in._SERVER.clear()
