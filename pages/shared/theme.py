"""The looks that all pages share; colours and fonts are in .streamlit/config.toml, the rest in style.css."""

from collections.abc import Iterable
from html import escape
from pathlib import Path

import streamlit as st

from pages.shared.inside_link import FRAME, follow_link

STYLE = Path(__file__).with_name("style.css")
"""The style sheet of all pages: the server's door puts it into each."""

_page_frame = st.components.v2.component(
    "digit_playground_page_frame",
    js=Path(__file__).with_name("page_frame.js").read_text(encoding="utf-8"),
)


def show_navigation(pages: Iterable[st.Page]) -> None:
    """Show a link to each page: one row, on a phone too, where Streamlit's own would hide its links."""
    with st.container(horizontal=True, key="navigation"):
        st.html('<span class="dp-brand">Digit Playground</span>', width="content")
        for page in pages:
            st.page_link(page, width="content")


def show_page_frame(page: st.Page) -> None:
    """Put what every page needs of the browser behind it: see page_frame.js.

    Args:
        page: the one that is shown.
    """
    _page_frame(
        key=FRAME,
        data={
            "page": page.url_path,
            "offline": "The server is not reachable. What is on this page stays, your drawing too: "
            "what you draw now is read as soon as the server is back.",
        },
        on_inside_change=follow_link,
    )


def show_privacy(sentence: str) -> None:
    """Show, at a page's end and in small letters, what becomes of what a visitor hands over; plain text."""
    st.html(f'<p class="dp-privacy">{escape(sentence)}</p>')
