"""Step 7: changes to the cell that change the answer, and whether what they give still passes for a digit."""

from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from mnist_core import Recognizer
from mnist_core.config import DIGIT_CLASSES
from mnist_core.explanations.adversarial import STRENGTHS, Change, change_towards, smallest_change
from mnist_core.explanations.probe import Probe
from mnist_core.results import DigitReading
from pages.inside.component import encoded, ink_bytes, show_view
from pages.shared.reading import percent, second_choice


def show_change(mark: DigitReading, recognizer: Recognizer, probe: Probe) -> None:
    """Show the cell changed towards a digit of the visitor's choice, and the smallest change that fools."""
    digits = [digit for digit in range(DIGIT_CLASSES) if digit != mark.label]
    if st.session_state.get("inside-target") not in digits:
        st.session_state["inside-target"] = second_choice(mark)
    target = st.segmented_control("Make it a", digits, key="inside-target", required=True)
    strength = st.select_slider(
        "How much each pixel may change",
        STRENGTHS,
        value=STRENGTHS[-1],
        format_func=_in_percent,
        key="inside-strength",
    )
    change = change_towards(probe, mark.cell, digits[0] if target is None else target, strength)
    _show(mark, change, recognizer, "inside-change-view")
    if st.toggle("Find the smallest change that fools it", key="inside-smallest"):
        smallest = smallest_change(probe, mark.cell, mark.label)
        if smallest is None:
            st.markdown(
                f"No change of up to {_in_percent(STRENGTHS[-1])} a pixel was found that fools the network."
            )
        else:
            _show(mark, smallest, recognizer, "inside-smallest-view")


def _show(mark: DigitReading, change: Change, recognizer: Recognizer, key: str) -> None:
    st.markdown(_words(mark, change, recognizer))
    content: dict[str, Any] = {
        "label": f"The cell, the change, and the changed cell, which is read as {change.label}",
        "side": 200,
        "cells": [
            {"title": f"yours: read as {mark.label}", "ink": ink_bytes(mark.cell)},
            {"title": "the change: more, less", "change": encoded(change.cell - mark.cell)},
            {"title": f"changed: read as {change.label}", "ink": ink_bytes(change.cell)},
        ],
        "sentence": "Blue is ink added, orange is ink taken away.",
    }
    show_view("cells", content, key)


def _words(mark: DigitReading, change: Change, recognizer: Recognizer) -> str:
    cell: NDArray[np.float32] = change.cell[np.newaxis]
    share = float(recognizer.probabilities(cell)[0][change.label])
    strength = _in_percent(change.strength)
    if change.label == mark.label:
        return (
            f"With at most {strength} of change a pixel it is still read as {mark.label}, {percent(share)}."
        )
    words = f"With at most {strength} of change a pixel it is read as **{change.label}**, {percent(share)}"
    if recognizer.digit_probability(cell)[0] < recognizer.digit_threshold:
        return (
            f"{words} – but the second head **no longer takes it for a digit**: what was made to fool one "
            "question does not pass the other."
        )
    return f"{words}, and it is still taken for a digit."


def _in_percent(strength: float) -> str:
    return f"{100 * strength:.0f}\u202f%"
