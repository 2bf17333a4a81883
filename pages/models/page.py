"""Models: the shelf of networks, which of them reads, and what sets them apart."""

import streamlit as st

from mnist_core.errors import ModelError
from mnist_core.storage.shelf import list_models
from pages.evaluation.activation import show_back, show_outcome
from pages.evaluation.evaluation import show_evaluation
from pages.models.card import show_card
from pages.models.comparison import show_comparison
from pages.models.shelf import show_shelf
from pages.shared.resources import app_paths


def main() -> None:
    st.title("The shelf of networks", anchor=False)
    st.markdown("One of them reads, on every page and for everyone. The Train page makes more.")
    paths = app_paths()
    try:
        reads = paths.active_model().name
    except ModelError as error:
        st.error(str(error))
        reads = ""
    show_back(paths)
    show_outcome()
    entries = list_models(paths)
    show_shelf(entries, paths)
    show_comparison(entries, paths)
    st.subheader("Look closer", anchor=False)
    names = [entry.name for entry in entries]
    chosen = st.selectbox(
        "Network", names, index=names.index(reads) if reads in names else 0, key="look-closer"
    )
    entry = entries[names.index(chosen)]
    show_card(entry)
    if entry.card is not None:
        show_evaluation(entry, paths)


main()
