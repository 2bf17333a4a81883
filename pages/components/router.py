"""Sees to it that every visit begins in app.py, whatever address comes first."""

import streamlit as st
from streamlit.runtime.pages_manager import PagesManager


def require_router() -> None:
    """Begin again through app.py where Streamlit ran this page by itself; call first in a page.

    Until st.navigation has run once in a server, Streamlit takes a folder named `pages` for automatic
    navigation: who then comes to /upload first would see the page without what app.py puts around it.
    """
    if PagesManager.uses_pages_directory:
        PagesManager.uses_pages_directory = False  # what st.navigation does, and nothing public besides
        st.rerun()
