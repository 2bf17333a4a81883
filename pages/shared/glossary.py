"""The glossary at the end of every page: what each word means, and the step inside where it is seen."""

from dataclasses import dataclass
from html import escape

import streamlit as st

from pages.shared.inside_link import inside_link


@dataclass(frozen=True, slots=True)
class Term:
    """A word, what it means in a sentence, and the step that shows it."""

    word: str
    meaning: str
    step: str


GLOSSARY = (
    Term(
        "Pixel",
        "The smallest square of a picture: here a number, from 0, paper, to 255, ink.",
        "pixels",
    ),
    Term(
        "Cell", "The picture of 28 × 28 pixels that the network reads: one digit, as MNIST has it.", "pixels"
    ),
    Term("Filter", "A small pattern of weights that slides over a picture and finds its like.", "filters"),
    Term("Activation", "A number that a layer computes; large where it found what it looks for.", "layers"),
    Term("Pooling", "Of each 2 × 2 activations only the largest is kept: the map shrinks.", "layers"),
    Term("Softmax", "Turns any ten numbers into probabilities that sum to 100 %.", "answer"),
    Term("Calibration", "Of 100 answers given with 90 %, about 90 should be right.", "answer"),
    Term("Loss", "How wrong the answers are, as one number; training makes it small.", "learning"),
    Term("Epoch", "Once through all training digits.", "learning"),
    Term("Batch", "The digits that are looked at together before the weights are changed.", "learning"),
    Term("Learning rate", "How far the weights are changed each time.", "learning"),
    Term("Overfitting", "Learning the training digits by heart, and getting worse at new ones.", "learning"),
    Term(
        "Augmentation",
        "Training digits turned, shifted and bent a little, so that no two are alike.",
        "learning",
    ),
    Term("Validation", "Digits kept out of training, to see how well new ones are read.", "learning"),
    Term("Confusion matrix", "A table of which digit was read as which.", "learning"),
    Term("Precision", "Of what was read as a 7, the share that is one.", "learning"),
    Term("Recall", "Of the sevens, the share that was read as one.", "learning"),
    Term("Generalization", "Reading well what was never seen in training.", "neighbours"),
)


def show_glossary() -> None:
    """Show all terms, folded away until someone opens them; each leads to where it can be seen."""
    rows = "".join(
        f"<div><dt>{inside_link(term.step, escape(term.word))}</dt><dd>{escape(term.meaning)}</dd></div>"
        for term in GLOSSARY
    )
    st.html(f'<details class="dp-glossary"><summary>Glossary</summary><dl>{rows}</dl></details>')
