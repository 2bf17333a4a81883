"""Chooses the settings of a training run, and shows twelve digits as the network will see them."""

from typing import Any

import streamlit as st

from mnist_core.config import AppPaths
from mnist_core.datasets.summary import DataSummary
from mnist_core.errors import DataError, ModelError
from mnist_core.storage.shelf import free_name
from mnist_core.training.augmentation import preview_augmentation
from mnist_core.training.augmentation_config import AUGMENTATION_BOUNDS, NO_AUGMENTATION, AugmentationConfig
from mnist_core.training.recipes import RECIPES, Recipe
from mnist_core.training.train_config import BOUNDS, TrainConfig
from pages.shared.cells import show_cells
from pages.shared.messages import show_error
from pages.train.data import (
    MNIST,
    choose_data,
    find_problems,
    preview_cells,
    show_data,
    show_download,
    summarize,
)
from pages.train.recalled import recall_settings
from pages.train.table import ask_about

_DEFAULT_RECIPE = "quick"
_NAME, _SUGGESTED, _WHO = "train-name", "train-name-suggested", "train-who"
_VARIATION = "train-shakes"  # how often the visitor asked for another one

_AUGMENTATION_LABELS = {
    "rotation": ("Rotation, degrees", 1.0, "%.0f"),
    "zoom": ("Zoom, share of the size", 0.01, "%.2f"),
    "shift": ("Shift, pixels", 0.1, "%.1f"),
    "shear": ("Shear, share of the height", 0.01, "%.2f"),
    "thickness": ("Pen thickness, share of a pixel", 0.05, "%.2f"),
    "elastic": ("Elastic distortion, pixels", 0.1, "%.1f"),
    "blur": ("Blur, share", 0.05, "%.2f"),
    "contrast": ("Contrast, exponent", 0.05, "%.2f"),
    "texture": ("Missing ink, share", 0.05, "%.2f"),
}


def choose_settings(paths: AppPaths) -> tuple[TrainConfig, DataSummary] | None:
    """Let the visitor choose a run's settings.

    Returns:
        What was chosen, and a summary of the data; None where that is missing, which is shown.
    Raises:
        DataError: a setting is out of its bounds.
        ModelError: the network can't have this name.
    """
    recalled = recall_settings(paths, _WHO)
    with st.container(key="train-desk"):
        with st.container(key="train-choices"):
            recipe = _choose_recipe(recalled.recipe if recalled else _DEFAULT_RECIPE)
            if recalled is not None and recalled.recipe == recipe.name:
                recipe = recalled.chosen_recipe
            else:
                recalled = None
            source, summary = _choose_data(paths)
            _choose_names(recipe, paths)
            values = _choose_numbers(recipe, recalled)
        with st.container(key="train-preview"):
            augmentation = _choose_augmentation(recipe, summary)
    if source is None or summary is None:
        return None
    name = str(st.session_state[_NAME]).strip()
    paths.model(name)  # refuses what can't be a model's name
    config = TrainConfig(recipe=recipe.name, data=source, name=name, augmentation=augmentation, **values)
    return config, summary


def chosen_who() -> str:
    """Return what the visitor wants to be called."""
    return str(st.session_state.get(_WHO, "")).strip()


def _choose_recipe(default: str) -> Recipe:
    names = list(RECIPES)
    chosen = st.radio(
        "Recipe",
        names,
        index=names.index(default),
        format_func=lambda name: name.replace("-", ", ").capitalize(),
        captions=[recipe.teaches for recipe in RECIPES.values()],
        key="train-recipe",
        persist_state="session",
    )
    return RECIPES[chosen]


def _choose_data(paths: AppPaths) -> tuple[str | None, DataSummary | None]:
    """Ask for the training data, and show it, or what is wrong with it."""
    source = choose_data(paths)
    if source is None:
        st.info("Upload a table to train on it.")
        return None, None
    try:
        summary = summarize(source, paths)
        problems = find_problems(source, paths) if source != MNIST else ()
    except DataError as error:
        show_error(error, "train")
        if source == MNIST:
            show_download(paths)
        return source, None
    show_data(summary)
    return (source if ask_about(problems, source, paths) else None), summary


def _choose_names(recipe: Recipe, paths: AppPaths) -> None:
    """Ask for the network's name; a name that is free is suggested."""
    state = st.session_state
    typed = state.get(_NAME)
    try:
        if not typed or typed == state.get(_SUGGESTED):
            state[_NAME] = state[_SUGGESTED] = free_name(recipe.name, paths)
        else:
            state[_NAME] = free_name(str(typed).strip(), paths)
    except ModelError:  # typed what no model can be called: choose_settings refuses it
        state[_NAME] = typed
    with st.container(horizontal=True, key="train-names"):
        st.text_input("Name of the network", key=_NAME, max_chars=64, persist_state="session")
        st.text_input(
            "Your name, for others to see",
            key=_WHO,
            max_chars=40,
            placeholder="optional",
            persist_state="session",
        )


def _choose_numbers(recipe: Recipe, recalled: TrainConfig | None) -> dict[str, Any]:
    """Ask for the recipe's numbers; the recipe's own are there already."""
    with st.expander("Settings", key="train-settings"), st.container(key="train-numbers"):
        epochs = _whole(
            "Epochs", "epochs", recipe.epochs, recipe, "How often the network sees the whole training set."
        )
        batch = _whole(
            "Batch size",
            "batch_size",
            recipe.batch_size,
            recipe,
            "Images per step: after each batch the weights are changed once.",
        )
        rate = _number(
            "Learning rate",
            "learning_rate",
            recipe.learning_rate,
            recipe,
            "%.6g",
            "How far one step changes the weights. Too far, and the loss grows instead of falling.",
        )
        part = _number(
            "Share of the data",
            "data_share",
            recalled.data_share if recalled else 1.0,
            recipe,
            "%.2f",
            "How much does it still learn from a tenth?",
        )
        validation = _number(
            "Validation share",
            "validation_share",
            recipe.validation_share,
            recipe,
            "%.2f",
            "Part of the training images that is held out, to check the network after each epoch.",
        )
        seed = _whole(
            "Seed",
            "seed",
            recalled.seed if recalled else 0,
            recipe,
            "The same seed starts from the same random weights.",
        )
    return {
        "epochs": epochs,
        "batch_size": batch,
        "learning_rate": rate,
        "data_share": part,
        "validation_share": validation,
        "seed": seed,
    }


def _whole(label: str, name: str, value: int, recipe: Recipe, help_text: str) -> int:
    low, high = BOUNDS[name]
    chosen = st.number_input(
        label,
        int(low),
        int(high),
        value,
        step=1,
        key=f"train-{name}-{recipe.name}",
        help=help_text,
        persist_state="session",
    )
    return int(chosen)


def _number(label: str, name: str, value: float, recipe: Recipe, form: str, help_text: str) -> float:
    low, high = BOUNDS[name]
    chosen = st.number_input(
        label,
        float(low),
        float(high),
        value,
        step=0.001 if name == "learning_rate" else 0.05,
        format=form,
        key=f"train-{name}-{recipe.name}",
        help=help_text,
        persist_state="session",
    )
    return float(chosen)


def _choose_augmentation(recipe: Recipe, summary: DataSummary | None) -> AugmentationConfig:
    """Show twelve digits as they will be varied, and ask how far; each setting changes only its own part."""
    st.markdown("**What the network will see**")
    preview = st.container()
    sliders = st.expander("Augmentation: vary the digits more, or less", key="train-augmentation")
    with sliders, st.container(key="train-sliders"):
        chosen = {
            name: _slider(name, float(getattr(recipe.augmentation, name)), recipe)
            for name in _AUGMENTATION_LABELS
        }
    config = AugmentationConfig(**chosen)
    with preview:
        if summary is None:
            st.caption("Twelve digits are shown here once there is training data.")
            return config
        cells = preview_cells(summary)
        digits = [*range(10), 4, 7][: len(cells)]
        seed = int(st.session_state.get(_VARIATION, 0))
        seen = preview_augmentation(cells, config, seed)
        show_cells(seen, [""] * len(seen), [f"a {digit}, varied" for digit in digits], "dp-preview")
        if config == NO_AUGMENTATION:
            st.caption(
                "The digits as they are: without augmentation every epoch shows the network the same images."
            )
        else:
            st.caption(
                "Augmentation: every epoch varies the digits anew, so that the network learns digits and not "
                "these images."
            )
            st.button("Vary them again", key="train-shake", icon=":material/casino:", on_click=_vary_again)
    return config


def _slider(name: str, value: float, recipe: Recipe) -> float:
    label, step, form = _AUGMENTATION_LABELS[name]
    low, high = AUGMENTATION_BOUNDS[name]
    key = f"train-{name}-{recipe.name}"
    return float(st.slider(label, low, high, value, step=step, format=form, key=key, persist_state="session"))


def _vary_again() -> None:
    st.session_state[_VARIATION] = int(st.session_state.get(_VARIATION, 0)) + 1
