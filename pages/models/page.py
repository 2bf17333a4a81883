"""Models: the shelf of networks, which of them is in use, and how they differ."""

import streamlit as st

from mnist_core.errors import ModelError
from mnist_core.storage.shelf import list_models
from pages.evaluation.activation import show_back, show_outcome
from pages.evaluation.evaluation import show_evaluation
from pages.models.card import show_card
from pages.models.comparison import show_comparison
from pages.models.import_file import show_import
from pages.models.shelf import show_shelf
from pages.models.space import show_space
from pages.shared.messages import show_error
from pages.shared.resources import app_paths


def main() -> None:
    st.title("The shelf of networks", anchor=False)
    st.markdown("One of them is in use: it reads on every page, for everyone. The Train page makes more.")
    paths = app_paths()
    try:
        in_use = paths.active_model().name
    except ModelError as error:
        show_error(error, "models")
        in_use = ""
    show_back(paths)
    show_outcome()
    entries = list_models(paths)
    show_shelf(entries, paths)
    show_import(paths)
    show_comparison(entries, paths)
    st.header("A network in detail", anchor=False)
    names = [entry.name for entry in entries]
    chosen = st.selectbox(
        "Network", names, index=names.index(in_use) if in_use in names else 0, key="look-closer"
    )
    entry = entries[names.index(chosen)]
    show_card(entry)
    if entry.card is not None:
        show_evaluation(entry, paths)
    show_space(paths)


main()
