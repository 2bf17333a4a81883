"""Streamlit's records in our log."""

import logging
from collections.abc import Iterator

import pytest

from pages.shared.streamlit_log import log_streamlit_as_ours

NAME = "streamlit.of_this_test"


@pytest.fixture
def theirs(caplog: pytest.LogCaptureFixture) -> Iterator[logging.Logger]:
    """Make a logger as Streamlit makes them, and let it log into ours."""
    logger = logging.getLogger(NAME)
    logger.propagate = False
    caplog.set_level(logging.INFO, "mnist_core")
    before = {name: list(logging.getLogger(name).filters) for name in logging.root.manager.loggerDict}
    log_streamlit_as_ours()
    yield logger
    for name in list(logging.root.manager.loggerDict):
        logging.getLogger(name).filters[:] = before.get(name, [])


def test_a_bad_message_is_one_line_without_a_traceback(theirs, caplog: pytest.LogCaptureFixture):
    code = compile("raise ValueError('what was sent')", "/usr/lib/python3/elsewhere.py", "exec")
    try:
        exec(code, {})
    except ValueError as error:
        error.__traceback__ = error.__traceback__.tb_next  # Streamlit calls itself, not this test
        theirs.exception("Error processing back message")
    (record,) = caplog.records
    assert record.name == "mnist_core"
    assert record.facts == {"from": NAME, "error": "ValueError: what was sent"}
    assert not record.exc_info


def test_an_error_of_our_own_code_keeps_its_traceback(theirs, caplog: pytest.LogCaptureFixture):
    try:
        int("x")
    except ValueError:
        theirs.exception("Uncaught app execution")
    assert caplog.records[0].exc_info


def test_addresses_of_visitors_do_not_get_into_the_log(theirs, caplog: pytest.LogCaptureFixture):
    theirs.info('192.168.1.7:50000 - "WebSocket /_stcore/stream" [accepted]')
    assert not caplog.records


def test_a_second_call_logs_nothing_twice(theirs, caplog: pytest.LogCaptureFixture):
    log_streamlit_as_ours()
    theirs.warning("once")
    assert len(caplog.records) == 1
