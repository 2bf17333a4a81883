"""Who looks at a page, and what they may do: asked anew in every run, and in every callback."""

from collections.abc import Callable

from mnist_core.serving.rights import Permission
from mnist_core.serving.visitors import FORWARDED_HEADERS, Visitor, is_local, is_of_another_page
from pages.shared.sign_in import is_signed_in
from pages.shared.streamlit_internals import current_connection, is_served


def current_visitor() -> Visitor:
    """Return who looks at the page; where no server runs it, somebody at this computer does."""
    if not is_served():
        return Visitor(is_at_this_computer=True)
    connection = current_connection()
    if connection is None:  # whoever presses a button and is gone is nobody at this computer
        return Visitor(is_at_this_computer=False)
    headers = [(name.lower(), value) for name, value in connection.headers]
    hosts = [value for name, value in headers if name == "host"]
    is_forwarded = any(name in FORWARDED_HEADERS for name, _ in headers)
    is_forwarded |= is_of_another_page([value for name, value in headers if name == "origin"])
    return Visitor(is_local(connection.remote_ip, hosts, is_forwarded), is_signed_in())


def may(right: Callable[[Visitor], Permission]) -> Permission:
    """Return whether who looks at the page may do something; ask it for the control, and when it is used."""
    return right(current_visitor())
