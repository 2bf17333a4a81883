"""Inside: the way from the visitor's own digit to the network's answer, step by step."""

import streamlit as st

from mnist_core import Recognizer
from mnist_core.errors import ModelError
from mnist_core.explanations.probe import Probe
from pages.draw.canvas import DEFAULT_PEN, PENS, drawing_canvas, fit_canvas
from pages.draw.changes import clear, redo, undo
from pages.draw.paper import Drawing
from pages.inside.answer import show_answer, show_saliency
from pages.inside.change import show_change
from pages.inside.component import load_views
from pages.inside.digit import WalkedDigit, find_digit, link_to, take_drawing_of_link
from pages.inside.learning import show_learning_of
from pages.inside.neighbours import show_beside, show_exciting, show_neighbours
from pages.inside.network import show_filters, show_layers, show_pixels
from pages.inside.probes import open_probe
from pages.inside.steps import STEPS, Step, choose_step, neighbours_of, open_step
from pages.shared.inside_link import chosen_digit, forget_chosen_digit
from pages.shared.messages import show_error
from pages.shared.reading import percent
from pages.shared.resources import open_recognizer
from pages.shared.theme import show_privacy


def main() -> None:
    st.title("See inside", anchor=False)
    st.markdown("Why does the network give this answer? Eight steps from your finger to its answer.")
    take_drawing_of_link()
    desk()
    show_privacy(
        "What you draw is read on this server, which stores nothing. A link to your digit holds its strokes: "
        "who opens it sees what you drew."
    )


@st.fragment  # a stroke runs this part anew, not the page around it
def desk() -> None:
    with st.container(horizontal=True, key="inside-desk"):
        paper = st.container(key="inside-paper")
        walk = st.container(key="inside-walk")
    with paper:
        drawing = drawing_canvas(PENS[DEFAULT_PEN], small=True)
        show_tools(drawing)
    try:
        recognizer = open_recognizer()
        with paper:
            digit = show_digit(drawing, recognizer)
        with walk:
            show_walk(digit, recognizer)
    except ModelError as error:
        with walk:
            show_error(error, "inside")


def show_tools(drawing: Drawing) -> None:
    fit_canvas()
    with st.container(horizontal=True, key="tools", vertical_alignment="bottom"):
        st.button("Undo", key="undo", icon=":material/undo:", on_click=undo)
        st.button("Redo", key="redo", icon=":material/redo:", on_click=redo)
        st.button("Clear", key="clear", icon=":material/delete:", on_click=clear)
        with st.popover("Link", icon=":material/link:"):
            show_link(drawing)


def show_link(drawing: Drawing) -> None:
    address = link_to(drawing, open_step().name)
    if (chosen := chosen_digit()) and chosen.is_picture:
        st.markdown("A digit from a picture has no strokes that a link could hold.")
    elif not drawing.strokes:
        st.markdown("Draw a digit first: the link then opens this page with it.")
    elif address is None:
        st.markdown("This drawing is too large for a link. One digit fits.")
    else:
        st.markdown("This address opens the same step with the same drawing:")
        st.code(address, language=None, wrap_lines=True)


def show_digit(drawing: Drawing, recognizer: Recognizer) -> WalkedDigit:
    with st.container(key="answer"):
        digit = find_digit(drawing, recognizer)
        mark = digit.mark
        words = f"It reads **{mark.label}**, {percent(mark.confidence)}."
        if not mark.is_digit:
            words = f"It says that this is **no digit**; closest to {mark.label}."
        st.markdown(" ".join(filter(None, [digit.note, words])))
        if digit.is_picture:
            st.button("Back to my drawing", key="inside-back", on_click=forget_chosen_digit)
    return digit


def show_walk(digit: WalkedDigit, recognizer: Recognizer) -> None:
    load_views()
    now = open_step()
    probe = open_probe(recognizer)
    for number, step in enumerate(STEPS, start=1):
        with st.container(key=f"inside-{step.name}"):
            if step == now:
                st.header(f"{number}. {step.title}", anchor=False)
                st.markdown(step.sentence)
                st.markdown(f"*Try this:* {step.try_this}")
                show_step(step, digit, recognizer, probe)
                show_turns(step)
            else:
                st.button(
                    f"{number}. {step.title}",
                    key=f"inside-open-{step.name}",
                    type="tertiary",
                    on_click=choose_step,
                    args=(step.name,),
                )


def show_step(step: Step, digit: WalkedDigit, recognizer: Recognizer, probe: Probe | None) -> None:
    mark = digit.mark
    if step.name == "pixels":
        show_pixels(mark, recognizer)
        if probe is not None:
            show_beside(mark, recognizer, probe.activations(mark.cell[None]))
    elif probe is None:
        return
    elif step.name == "filters":
        show_filters(mark.cell, probe)
    elif step.name == "layers":
        activations = probe.activations(mark.cell[None])
        show_layers(mark.cell, probe, activations)
        if activations.layers:
            show_exciting(recognizer, activations)
    elif step.name == "answer":
        show_answer(mark, recognizer, probe, probe.activations(mark.cell[None]))
    elif step.name == "saliency":
        show_saliency(mark, recognizer, probe)
    elif step.name == "neighbours":
        show_neighbours(mark, recognizer, probe.activations(mark.cell[None]))
    elif step.name == "change":
        show_change(mark, recognizer, probe)
    elif step.name == "learning":
        show_learning_of(mark, recognizer)


def show_turns(step: Step) -> None:
    before, after = neighbours_of(step)
    with st.container(horizontal=True, key="inside-turns"):
        for name, other, icon in (("Back", before, "arrow_back"), ("Next", after, "arrow_forward")):
            if other is not None:
                st.button(
                    f"{name}: {other.title}",
                    key=f"inside-{name.lower()}-step",
                    icon=f":material/{icon}:",
                    on_click=choose_step,
                    args=(other.name,),
                )


main()
