"""A network's card in full: its training, all its test results, its training data, its settings."""

import streamlit as st

from mnist_core.errors import ModelError
from mnist_core.evaluation.metrics import wilson_interval
from mnist_core.storage.model_card import ModelCard, Score
from mnist_core.storage.shelf import ShelfEntry
from pages.shared.messages import show_error
from pages.shared.wording import share, spell_date, spell_time


def show_card(entry: ShelfEntry) -> None:
    """Show a card; for an entry without one, what is wrong with it."""
    card = entry.card
    if card is None:
        show_error(ModelError(entry.problem or f"{entry.name} has no card."), "models")
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
        "Parameters": f"{card.parameters:,}",
        "Multiply-adds per image": f"{card.multiply_adds / 1e6:.1f} million",
        "Size on disk": f"{size / 1e6:.2f} MB",
    }
    with st.container(horizontal=True, key="facts"):
        for name, value in facts.items():
            st.metric(name, value, width="content")


def _show_scores(scores: tuple[Score, ...]) -> None:
    if not scores:
        return
    st.header("Test results", anchor=False)
    st.table(
        {
            "Test": [score.measure for score in scores],
            "Correct": [f"{score.right:,}" for score in scores],
            "Of": [f"{score.total:,}" for score in scores],
            "Share": [share(score.right / max(1, score.total)) for score in scores],
            "95 % confidence interval": [_interval(score) for score in scores],
        },
        hide_index=True,
    )


def _interval(score: Score) -> str:
    low, high = wilson_interval(score.right, score.total)
    return f"{share(low)} – {share(high)}" if score.total else "–"


def _show_data(card: ModelCard) -> None:
    st.header("Training data", anchor=False)
    st.table(
        {
            "Data": [data.name for data in card.data],
            "Images": [f"{data.cells:,}" for data in card.data],
            "SHA-256": [data.sha256[:12] for data in card.data],
        },
        hide_index=True,
    )
    with st.expander("All settings, and the versions of the software"):
        st.json({"settings": dict(card.settings), "versions": dict(card.versions)})
