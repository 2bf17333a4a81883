"""Errors on a page: shown as they are, logged once a visit, with nothing personal in the log."""

import logging

import pytest
from streamlit.testing.v1 import AppTest

from mnist_core.errors import DataError, MnistCoreError, ModelError


def show_one() -> None:
    import streamlit as st

    from pages.shared.messages import show_error, show_info

    show = show_info if st.session_state["as_info"] else show_error
    show(st.session_state["error"], "train", before="It can't be shown.")


def open_page(error: MnistCoreError, as_info: bool = False) -> AppTest:
    app = AppTest.from_function(show_one)
    app.session_state["error"] = error
    app.session_state["as_info"] = as_info
    return app.run()


def records(caplog: pytest.LogCaptureFixture) -> list[logging.LogRecord]:
    return [record for record in caplog.records if record.name == "mnist_core"]


@pytest.fixture(autouse=True)
def log_everything(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "mnist_core")


def test_error_is_shown_with_what_comes_before_it() -> None:
    assert open_page(ModelError("It is damaged.")).error[0].value == "It can't be shown. It is damaged."
    assert open_page(ModelError("It is damaged."), True).info[0].value == "It can't be shown. It is damaged."


@pytest.mark.parametrize("as_info", [False, True])
def test_error_is_logged_once_a_visit(caplog: pytest.LogCaptureFixture, as_info: bool) -> None:
    app = open_page(ModelError("The model is damaged."), as_info)
    app.run()
    (record,) = records(caplog)
    assert record.facts["reason"] == "The model is damaged."
    assert record.facts["where"] == "train"
    open_page(ModelError("The model is damaged."), as_info)
    assert len(records(caplog)) == 2


def test_log_has_no_name_of_a_visitor_s_file(caplog: pytest.LogCaptureFixture) -> None:
    app = open_page(DataError("anna.csv has a header but no rows."))
    assert "anna.csv" in app.error[0].value
    (record,) = records(caplog)
    assert "anna" not in str(vars(record))


def test_visitor_s_words_in_an_error_are_no_markdown() -> None:
    app = open_page(ModelError("[Bob](http://b)'s run is under way: `make run` waits."))
    assert app.error[0].value.endswith("\\[Bob\\]\\(http\\://b\\)'s run is under way\\: `make run` waits.")
