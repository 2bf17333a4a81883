"""Step 8: the answer to the visitor's digit after each epoch of a run, and where the app shows the rest."""

from html import escape
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st

from mnist_core import Recognizer
from mnist_core.config import ModelFiles
from mnist_core.errors import ModelError
from mnist_core.explanations.epochs import EpochAnswers, EpochReaders
from mnist_core.results import DigitReading
from mnist_core.storage.shelf import list_models
from mnist_core.training.augmentation import augment
from mnist_core.training.augmentation_config import MILD_AUGMENTATION
from pages.inside.component import encoded, ink_bytes, show_view
from pages.shared.messages import show_error
from pages.shared.reading import percent
from pages.shared.resources import app_paths, file_stamp

_AUGMENTED = 8
_PLACES = (
    ("train", "Train", "Loss and accuracy while a network learns: the **learning curves**. Where loss on the "
     "training digits falls on and that on the validation digits rises, it is **overfitting**. There, too: "
     "**batch** size, **learning rate**, how many **epochs**, and how much **augmentation**."),
    ("models", "Models", "What a network is worth on digits that it never saw, its **generalization**: the "
     "**confusion matrix**, **precision** and **recall** of each digit, and its **calibration**."),
)  # fmt: skip


def show_learning_of(mark: DigitReading, recognizer: Recognizer) -> None:
    """Show how a network's answer to this digit was learned, the digit augmented, and where to go on."""
    trained = {entry.name: entry.files for entry in list_models(app_paths()) if entry.files.epochs.is_file()}
    if not trained:
        st.markdown(
            f"Of the network in use, *{recognizer.files.name}*, only the end is stored. Train one on "
            "the page Train, *quick* or *linear*, and see here how it came to its answer to your digit."
        )
    else:
        _show_epochs(mark, trained, recognizer.files.name)
    st.markdown(
        "**Augmentation** makes many digits of one: turned, shifted and bent a little. Yours, as a network "
        "would be shown it:"
    )
    show_view("cells", _augmented(mark), "inside-augmented-view")
    for page, title, sentence in _PLACES:
        st.html(f'<a class="dp-inside" href="{page}" data-page="{page}">{escape(title)}</a>')
        st.markdown(sentence)


def _show_epochs(mark: DigitReading, trained: dict[str, ModelFiles], in_use: str) -> None:
    names = list(trained)
    first = names.index(in_use) if in_use in names else len(names) - 1
    name = st.selectbox("Network", names, index=first, key="inside-run")
    try:
        files = trained[name]
        answers = _open(str(files.folder), file_stamp(files.epochs)).answers(mark.cell)
    except ModelError as error:
        show_error(error, "inside")
        return
    st.markdown(_words(answers))
    content: dict[str, Any] = {
        "epochs": list(answers.epochs),
        "probabilities": encoded(answers.probabilities.astype(np.float32)),
    }
    show_view("epochs", content, "inside-epochs-view")


def _words(answers: EpochAnswers) -> str:
    """Return how the answer came about: what it was at first, at last, and from when on it was that."""
    labels = answers.probabilities.argmax(axis=1)
    last = int(labels[-1])
    wrong = np.flatnonzero(labels != last)
    since = answers.epochs[int(wrong[-1]) + 1] if len(wrong) else answers.epochs[0]
    first = percent(float(answers.probabilities[0].max()))
    final = percent(float(answers.probabilities[-1].max()))
    return (
        f"After epoch {answers.epochs[0]} it read **{labels[0]}**, {first}; after epoch {answers.epochs[-1]} "
        f"**{last}**, {final}. From epoch {since} on the answer stayed."
    )


def _augmented(mark: DigitReading) -> dict[str, Any]:
    cells = np.repeat(np.rint(255 * mark.cell).astype(np.uint8)[np.newaxis], _AUGMENTED, axis=0)
    changed = augment(cells, MILD_AUGMENTATION, np.random.default_rng(0))
    return {
        "label": f"Your digit, changed at random in {_AUGMENTED} ways",
        "side": 76,
        "cells": [{"title": "", "ink": ink_bytes(cell)} for cell in changed],
    }


@st.cache_resource(show_spinner=False, max_entries=2)  # up to 30 MB each
def _open(folder: str, stamp: tuple[int, int]) -> EpochReaders:
    return EpochReaders.open(ModelFiles(Path(folder)))
