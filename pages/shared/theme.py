"""The looks that all pages share; colours and fonts are in .streamlit/config.toml, the rest in style.css."""

from collections.abc import Iterable
from html import escape
from pathlib import Path

import streamlit as st

_STYLE = Path(__file__).with_name("style.css")


def apply_style() -> None:
    """Put the shared style sheet into the page."""
    st.html(_STYLE)


def show_navigation(pages: Iterable[st.Page]) -> None:
    """Show a link to each page: one row, on a phone too, where Streamlit's own would hide its links."""
    with st.container(horizontal=True, key="navigation"):
        st.html('<span class="dp-brand">Digit Playground</span>', width="content")
        for page in pages:
            st.page_link(page, width="content")


def show_privacy(sentence: str) -> None:
    """Show, at a page's end and in small letters, what becomes of what a visitor hands over; plain text."""
    st.html(f'<p class="dp-privacy">{escape(sentence)}</p>')
