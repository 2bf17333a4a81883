"""Who a visitor is, as far as a server without sign-in can tell."""

import streamlit as st

_FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Real-Ip", "Via")
"""Headers that a proxy adds: behind one, everybody seems to sit at this machine."""


def is_at_this_machine() -> bool:
    """Return whether the visitor's browser runs on the server's own machine, with no proxy between them."""
    headers = st.context.headers
    return st.context.ip_address is None and not any(name in headers for name in _FORWARDED)
