"""Models: the card of the model that reads, as training wrote it."""

from datetime import datetime

import streamlit as st

from mnist_core.config import ModelFiles, Places
from mnist_core.errors import ModelError
from mnist_core.keeping.cards import ModelCard, Score, load_card
from pages.components.charts import show_confusion, show_curves
from pages.components.router import require_router


def main() -> None:
    require_router()
    st.title("The model that reads", anchor=False)
    try:
        files = Places.from_environment().active_model()
        card = load_card(files.card)
    except ModelError as error:
        st.error(str(error))
        return
    show_origin(card, files)
    show_scores(card)
    with st.container(key="charts"):
        if card.curves:
            st.subheader("How it learned", anchor=False)
            st.markdown("Solid: the cells it was trained on. Dashed: cells held out to check.")
            show_curves(card.curves)
        st.subheader("What it takes for what", anchor=False)
        st.markdown(
            "Cells of each digit, by what they were read as. Mistakes are shaded; the diagonal is right."
        )
        show_confusion(card.confusion_matrix)
    show_data(card)


def show_origin(card: ModelCard, files: ModelFiles) -> None:
    created = datetime.fromisoformat(card.created)
    size = files.onnx.stat().st_size if files.onnx.exists() else 0
    st.text(
        f"Model {card.name}: trained on {created:%d %B %Y} with the recipe {card.recipe}, seed {card.seed}, "
        f"in {spell_time(card.training_seconds)}."
    )
    facts = {
        "Numbers learned": f"{card.parameters:,}",
        "Multiply-adds a digit": f"{card.multiply_adds / 1e6:.1f} million",
        "On disk": f"{size / 1e6:.2f} MB",
    }
    with st.container(horizontal=True, key="facts"):
        if card.scores:
            best = card.scores[0]
            st.metric(best.measure, share(best), width="content")
        for name, value in facts.items():
            st.metric(name, value, width="content")


def show_scores(card: ModelCard) -> None:
    if not card.scores:
        return
    st.subheader("How often it is right", anchor=False)
    st.table(
        {
            "Measured on": [score.measure for score in card.scores],
            "Right": [f"{score.right:,}" for score in card.scores],
            "Of": [f"{score.total:,}" for score in card.scores],
            "Share": [share(score) for score in card.scores],
        },
        hide_index=True,
    )


def show_data(card: ModelCard) -> None:
    st.subheader("What it was trained on", anchor=False)
    st.table(
        {
            "Data": [data.name for data in card.data],
            "Cells": [f"{data.cells:,}" for data in card.data],
            "SHA-256": [data.sha256[:12] for data in card.data],
        },
        hide_index=True,
    )
    with st.expander("All settings and versions"):
        st.json({"settings": dict(card.settings), "versions": dict(card.versions)})


def share(score: Score) -> str:
    """Write how much of a measure came out right, in percent."""
    return f"{100 * score.right / max(1, score.total):.2f}\u202f%"


def spell_time(seconds: float) -> str:
    """Write a duration for people: "40 seconds", "7 minutes", "2.5 hours"."""
    if seconds < 100:
        return f"{seconds:.0f} seconds"
    return f"{seconds / 60:.0f} minutes" if seconds < 6000 else f"{seconds / 3600:.1f} hours"


main()
