"""Steps 4 and 5: logits and probabilities; which ink spoke for the answer, and what is read without it."""

from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from mnist_core import Recognizer
from mnist_core.explanations.probe import Activations, Probe
from mnist_core.explanations.saliency import (
    COARSE,
    FINE,
    compare_saliency,
    gradient_saliency,
    integrated_gradients,
    occlusion,
)
from mnist_core.results import DigitReading
from pages.inside.component import encoded, ink_bytes, reported_pixels, show_view
from pages.shared.reading import percent, second_choice

_SALIENCY = "inside-saliency-view"
_NO_INK = 0.1
"""A cell with no more than this anywhere is bare."""
_QUICK, _PATH, _FINE = "Gradient and occlusion", "Integrated gradients", "Finer occlusion"


def show_answer(mark: DigitReading, recognizer: Recognizer, probe: Probe, activations: Activations) -> None:
    """Show the logits, the probabilities and the second head, and compare the two closest answers."""
    first, second = mark.label, second_choice(mark)
    digit = float(recognizer.digit_probability(mark.cell[np.newaxis])[0])
    sentences = [
        f"Closest are **{first}** with {percent(float(mark.probabilities[first]))} and **{second}** with "
        f"{percent(float(mark.probabilities[second]))}."
    ]
    kinds = activations.kind_logits
    if kinds is None:
        sentences.append("This network was never shown what is no digit: it has no second head.")
    else:
        verdict = "a digit" if digit >= recognizer.digit_threshold else "no digit"
        sentences.append(
            f"A second head says how likely this is one whole digit: {percent(digit)}. From "
            f"{percent(recognizer.digit_threshold)} on it counts as one, so this is {verdict}."
        )
    st.markdown(" ".join(sentences))
    content: dict[str, Any] = {
        "cell": ink_bytes(mark.cell),
        "logits": activations.logits[0].tolist(),
        "kinds": None if kinds is None else _softmax(kinds[0]).tolist(),
        "threshold": recognizer.digit_threshold,
        "first": first,
        "second": second,
        "contrast": encoded(compare_saliency(probe, mark.cell, first, second)),
    }
    show_view("answer", content, "inside-answer-view")


def show_saliency(mark: DigitReading, recognizer: Recognizer, probe: Probe) -> None:
    """Show which ink spoke for the answer, and what is read once some of it is rubbed out."""
    way = st.segmented_control(
        "How to ask",
        (_QUICK, _PATH, _FINE),
        default=_QUICK,
        key="inside-saliency-way",
        required=True,
    )
    maps = [_map("Gradient × ink", gradient_saliency(probe, mark.cell, mark.label))]
    if way == _PATH:
        maps.append(_map("Integrated gradients", integrated_gradients(probe, mark.cell, mark.label)))
    else:
        places = FINE if way == _FINE else COARSE
        losses = occlusion(probe, mark.cell, mark.label, places)
        maps.append(_map(f"Occlusion, {places * places} places", losses))
    erased = _erased(mark.cell)
    sentence = _rubbed_words(mark, erased, recognizer)
    content: dict[str, Any] = {
        "cell": ink_bytes(mark.cell),
        "digit": mark.label,
        "maps": maps,
        "sentence": sentence,
    }
    show_view("saliency", content, _SALIENCY, "erased")


def _erased(cell: NDArray[np.float32]) -> NDArray[np.float32] | None:
    """Return the cell without the ink that was rubbed out; None where none was."""
    fingerprint = ink_bytes(cell)
    pixels = reported_pixels(_SALIENCY, "erased")
    # What was rubbed out of another drawing is not rubbed out of this one.
    if st.session_state.get("inside-erased-of") != fingerprint:
        st.session_state["inside-erased-of"] = fingerprint
        st.session_state["inside-erased-before"] = pixels
    if not pixels or pixels == st.session_state.get("inside-erased-before"):
        return None
    left = cell.copy()
    left.flat[list(pixels)] = 0
    return left


def _rubbed_words(mark: DigitReading, erased: NDArray[np.float32] | None, recognizer: Recognizer) -> str:
    before = f"The network reads {mark.label}, {percent(mark.confidence)}."
    if erased is None:
        return f"{before} Rub some ink out."
    if erased.max() < _NO_INK:
        return f"{before} Without the ink you rubbed out nothing is left to read."
    probabilities = recognizer.probabilities(erased[np.newaxis])[0]
    label = int(probabilities.argmax())
    now = f"Without the ink you rubbed out it reads {label}, {percent(float(probabilities[label]))}"
    if recognizer.digit_probability(erased[np.newaxis])[0] < recognizer.digit_threshold:
        now += ", but no longer takes it for a digit"
    return f"{before} {now}."


def _map(title: str, values: NDArray[np.float32]) -> dict[str, Any]:
    return {"title": title, "values": encoded(values.astype(np.float32)), "side": len(values)}


def _softmax(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    powers = np.exp(logits - logits.max())
    return np.asarray(powers / powers.sum(), np.float32)
