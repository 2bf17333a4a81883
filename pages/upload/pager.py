"""Shows a long list a page at a time, with Streamlit's own pagination below it."""

from collections.abc import Sequence
from typing import TypeVar

import streamlit as st

Item = TypeVar("Item")


def items_on_page(items: Sequence[Item], length: int, key: str) -> Sequence[Item]:
    """Return the items on the page that is shown.

    Args:
        items: the whole list.
        length: the number of items on a page.
        key: of the pagination widget, which stands below the items and so comes later in the script.
    """
    first = (_page(len(items), length, key) - 1) * length
    return items[first : first + length]


def turn_to(index: int, length: int, key: str) -> None:
    """Choose the page that holds the item of this index; call before the widget is shown or in a callback."""
    st.session_state[key] = index // length + 1


def show_pagination(count: int, length: int, key: str, noun: str) -> None:
    """Show the page numbers, and which items are on this page; nothing where one page holds them all.

    Args:
        count: the number of all items.
        length: the number of items on a page.
        key: of the widget, as for `items_on_page`.
        noun: what the items are, in the plural and with a capital letter.
    """
    if count <= length:
        return
    page = _page(count, length, key)
    if st.session_state.get(key) != page:
        st.session_state[key] = (
            page  # the list became shorter: its last page, where Streamlit takes the first
        )
    with st.container(horizontal=True, vertical_alignment="center", key=f"{key}-bar"):
        st.pagination(_page_count(count, length), key=key, persist_state="session")
        st.markdown(f"{noun} {(page - 1) * length + 1}–{min(page * length, count)} of {count}")


def _page_count(count: int, length: int) -> int:
    return max(1, -(-count // length))


def _page(count: int, length: int, key: str) -> int:
    """Return the number of the page that is shown, from 1."""
    page: int = st.session_state.get(key, 1)
    return min(page, _page_count(count, length))
