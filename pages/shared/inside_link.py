"""The way from a digit on any page to the walk inside: its link, and the digit that is taken along.

Links are markup, which costs nothing at every stroke. A press would load the page anew, and with it begin
another session: page_frame.js reports the press instead, and the frame changes the page.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import blake2b

import streamlit as st

from mnist_core.results import DigitReading

FRAME = "page-frame"
"""The key of the component that reports presses."""
STEP = "inside-step"
"""The name in the session of the step that is open."""
_CHOSEN, _OFFERED, _ASKED = "inside-chosen", "inside-offered", "inside-asked"  # names in the session


@dataclass(frozen=True, slots=True, eq=False)  # eq=False: comparing arrays has no single answer
class ChosenDigit:
    """A digit that a visitor wants to see inside of.

    Attributes:
        mark: as it was read.
        is_picture: whether it was in an uploaded picture; else it is on the paper.
    """

    mark: DigitReading
    is_picture: bool


def digit_key(digit: DigitReading) -> str:
    """Return a short name for a mark: of its cell, which is made of all of its ink and much smaller."""
    return blake2b(digit.cell.tobytes() + repr(digit.ink.shape).encode(), digest_size=16).hexdigest()


def offer_digits(marks: Iterable[DigitReading], where: str, is_picture: bool = False) -> None:
    """Remember which digits the links of one part of a page lead to, in place of those that were there.

    Args:
        marks: those that are shown.
        where: the part's name.
        is_picture: whether they are of an uploaded picture.
    """
    offered: dict[str, dict[str, ChosenDigit]] = st.session_state.setdefault(_OFFERED, {})
    offered[where] = {digit_key(mark): ChosenDigit(mark, is_picture) for mark in marks}


def inside_link(step: str, words: str, digit: str = "", css_class: str = "dp-inside") -> str:
    """Return the markup of a link to a step.

    Args:
        step: its name.
        words: markup that is pressed.
        digit: the key of the digit to take along; "" takes none.
        css_class: see style.css.
    """
    address = f'href="inside?step={step}" data-step="{step}" data-inside="{digit}"'
    return f'<a class="{css_class}" {address}>{words}</a>'


def follow_link() -> None:
    """Take the digit along whose link was pressed. For the component's `on_inside_change`."""
    states = st.session_state.get(FRAME)
    pressed = states.get("inside") if isinstance(states, Mapping) else None
    if not isinstance(pressed, Mapping):
        return
    step, digit = pressed.get("step"), pressed.get("digit")
    if isinstance(step, str):
        st.session_state[STEP] = step
    for offered in st.session_state.get(_OFFERED, {}).values():
        if digit in offered:
            st.session_state[_CHOSEN] = offered[digit]
    st.session_state[_ASKED] = True


def was_link_pressed() -> bool:
    """Return whether a link was pressed since this was last asked."""
    return bool(st.session_state.pop(_ASKED, False))


def chosen_digit() -> ChosenDigit | None:
    """Return the digit that was taken along; None where none was."""
    chosen = st.session_state.get(_CHOSEN)
    return chosen if isinstance(chosen, ChosenDigit) else None


def forget_chosen_digit() -> None:
    """Have the walk be about what is drawn again. For a button's `on_click`, too."""
    st.session_state.pop(_CHOSEN, None)
