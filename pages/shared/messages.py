"""Shows a visitor what went wrong, and writes it to the server's log without anything personal."""

import logging
from collections.abc import Iterable

import streamlit as st

from mnist_core.errors import MnistCoreError
from pages.shared.wording import literal_but_code

_LOG = logging.getLogger(__name__)
_LOGGED = "logged-errors"  # in the session: what was logged of this visit
_PRIVATE = "[…]"


def show_error(error: MnistCoreError, *, before: str = "", private: Iterable[str] = ()) -> None:
    """Show an error's sentence, and log it once a visit: a page is run anew with every stroke.

    Args:
        error: its message is a whole sentence for the visitor.
        before: a sentence of the page to begin with; plain text.
        private: what the message holds of people's own words, such as their names; left out of the log.
    """
    record = f"{type(error).__name__}: {_without(private, str(error))}"
    logged: set[str] = st.session_state.setdefault(_LOGGED, set())
    if record not in logged:
        logged.add(record)
        _LOG.warning("Shown to a visitor: %s", record)
    st.error(literal_but_code(f"{before} {error}".strip()))


def log_refused_upload(reason: str, size: int, private: Iterable[str]) -> None:
    """Log that an upload was refused.

    Args:
        reason: a sentence.
        size: of the file, in bytes.
        private: the file's name, in all its spellings; left out of the log.
    """
    _LOG.info("Refused an upload of %d bytes: %s", size, _without(private, reason))


def _without(private: Iterable[str], sentence: str) -> str:
    for words in sorted(filter(None, private), key=len, reverse=True):  # a longer name may hold a shorter one
        sentence = sentence.replace(words, _PRIVATE)
    return sentence
