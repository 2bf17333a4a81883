"""The steps of the walk: their names, their order, and which of them is open."""

from dataclasses import dataclass

import streamlit as st

from pages.shared.inside_link import STEP


@dataclass(frozen=True, slots=True)
class Step:
    """One step.

    Attributes:
        name: in addresses, and of its container `inside-NAME`.
        title: as its heading says it.
        sentence: what it shows.
        try_this: one thing to try.
    """

    name: str
    title: str
    sentence: str
    try_this: str


STEPS = (
    Step(
        "pixels",
        "Pixels",
        "Your drawing becomes a **cell**: 28 rows of 28 **pixels**, each a number from 0 for paper to "
        "255 for full ink. These 784 numbers are all that the network gets.",
        "Leave out a step of the normalization and see what is read then.",
    ),
    Step(
        "filters",
        "Filters",
        "A **filter** is a small pattern of weights. It slides over the cell, multiplies ink by weight "
        "and adds up: where the ink has its pattern, the sum is large. All its sums together are its "
        "map.",
        "Choose a filter and slide it along a stroke: where does its map light up?",
    ),
    Step(
        "layers",
        "Deeper layers",
        "The next layers slide their filters over the maps before them, and **pooling** shrinks the "
        "maps. Each number here is an **activation**; the deeper it is, the larger the part of your "
        "drawing that it sees.",
        "Tap a spot in the first layer, then one in the last: how much of the drawing does each see?",
    ),
    Step(
        "answer",
        "The answer",
        "The last layer adds up evidence for each digit, its **logits**; **softmax** turns them into "
        "probabilities that sum to 100 %.",
        "Raise the temperature: the answer stays, but the network grows less sure.",
    ),
    Step(
        "saliency",
        "Where it looked",
        "Two ways to ask which ink mattered: the **gradient** says how the evidence changes with each "
        "pixel, **occlusion** covers a patch and reads again.",
        "Rub out the stroke that speaks most for the answer. Does it change?",
    ),
    Step(
        "neighbours",
        "What is like it",
        "To the network, digits are alike when its last features are. These are the digits it learned "
        "from that are nearest to yours.",
        "Draw a digit that could be two: where on the map does it land?",
    ),
    Step(
        "change",
        "What would change its mind",
        "A few faint changes, chosen with the gradient, can turn the answer into another digit, though "
        "you see the same digit as before.",
        "Choose a digit that looks quite different. How strong must the change be?",
    ),
    Step(
        "learning",
        "Learning",
        "A network begins with random weights. After each **epoch**, once through all its training "
        "digits, it is a little better.",
        "Follow the answer to your digit from epoch to epoch.",
    ),
)
_NAMES = tuple(step.name for step in STEPS)


def open_step() -> Step:
    """Return the step that is open: the one that was chosen, or that the address names, or the first."""
    if st.session_state.get(STEP) not in _NAMES:
        named = st.query_params.get("step")
        st.session_state[STEP] = named if named in _NAMES else _NAMES[0]
    return STEPS[_NAMES.index(st.session_state[STEP])]


def choose_step(name: str) -> None:
    """Open a step. For a button's `on_click`."""
    st.session_state[STEP] = name


def neighbours_of(step: Step) -> tuple[Step | None, Step | None]:
    """Return the step before and the step after, None at the walk's ends."""
    index = _NAMES.index(step.name)
    return STEPS[index - 1] if index else None, STEPS[index + 1] if index + 1 < len(STEPS) else None
