"""A network's card in full: where it comes from, all its scores, its data, its settings."""

import streamlit as st

from mnist_core.evaluation.metrics import wilson_interval
from mnist_core.storage.model_card import ModelCard, Score
from mnist_core.storage.shelf import ShelfEntry
from pages.shared.wording import share, spell_date, spell_time


def show_card(entry: ShelfEntry) -> None:
    """Show a card; nothing but its problem for an entry without one."""
    card = entry.card
    if card is None:
        st.error(entry.problem or f"{entry.name} has no card.")
        return
    _show_origin(card, entry)
    _show_scores(card.scores)
    _show_data(card)


def _show_origin(card: ModelCard, entry: ShelfEntry) -> None:
    st.text(
        f"Trained on {spell_date(card.created)} with the recipe {card.recipe}, seed {card.seed}, "
        f"in {spell_time(card.training_seconds)}."
    )
    size = entry.files.onnx.stat().st_size if entry.files.onnx.exists() else 0
    facts = {
        "Numbers learned": f"{card.parameters:,}",
        "Multiply-adds a digit": f"{card.multiply_adds / 1e6:.1f} million",
        "On disk": f"{size / 1e6:.2f} MB",
    }
    with st.container(horizontal=True, key="facts"):
        for name, value in facts.items():
            st.metric(name, value, width="content")


def _show_scores(scores: tuple[Score, ...]) -> None:
    if not scores:
        return
    st.subheader("What it was measured on", anchor=False)
    st.table(
        {
            "Measured on": [score.measure for score in scores],
            "Right": [f"{score.right:,}" for score in scores],
            "Of": [f"{score.total:,}" for score in scores],
            "Share": [share(score.right / max(1, score.total)) for score in scores],
            "95 % interval": [_interval(score) for score in scores],
        },
        hide_index=True,
    )


def _interval(score: Score) -> str:
    low, high = wilson_interval(score.right, score.total)
    return f"{share(low)} – {share(high)}" if score.total else "–"


def _show_data(card: ModelCard) -> None:
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
