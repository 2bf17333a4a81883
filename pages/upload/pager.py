"""Shows a long list a part at a time, so that a page stays short whatever it holds."""

from collections.abc import Sequence
from typing import TypeVar

import streamlit as st

Item = TypeVar("Item")


def shown_part(items: Sequence[Item], length: int, key: str) -> Sequence[Item]:
    """Give the part of a list that is on the page.

    Args:
        items: all.
        length: how many a part has.
        key: of the list, among the visit's.
    """
    first = _first(len(items), length, key)
    return items[first : first + length]


def turn_to(place: int, length: int, key: str) -> None:
    """Bring the part to the page in which an item stands."""
    st.session_state[key] = place // length * length


def show_pager(count: int, length: int, key: str, noun: str) -> None:
    """Show which part this is, and the ways to those before and after it; nothing where there is but one.

    Args:
        count: of all items.
        length: how many a part has.
        key: as for `shown_part`.
        noun: what the items are, in the plural and with a capital.
    """
    if count <= length:
        return
    first = _first(count, length, key)
    last = min(first + length, count)
    with st.container(horizontal=True, vertical_alignment="center", key=f"{key}-pager"):
        st.button(
            "Before",
            key=f"{key}-before",
            icon=":material/chevron_left:",
            disabled=first == 0,
            on_click=turn_to,
            args=(first - length, length, key),
        )
        st.button(
            "Next",
            key=f"{key}-next",
            icon=":material/chevron_right:",
            icon_position="right",
            disabled=last == count,
            on_click=turn_to,
            args=(first + length, length, key),
        )
        st.markdown(f"{noun} {first + 1}–{last} of {count}")


def _first(count: int, length: int, key: str) -> int:
    first: int = st.session_state.get(key, 0)
    return min(first, max(0, count - 1) // length * length)
