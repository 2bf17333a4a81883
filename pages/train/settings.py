"""What a visitor chooses of a training run, and the same twelve digits as the network will see them."""

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
from pages.train.data import MNIST, choose_data, preview_cells, show_data, show_download, summarize

_DEFAULT_RECIPE = "quick"
_NAME, _SUGGESTED, _WHO = "train-name", "train-name-suggested", "train-who"
_SHAKES = "train-shakes"

_AUGMENTATION_LABELS = {
    "rotation": ("Rotation, degrees", 1.0, "%.0f"),
    "zoom": ("Zoom, share", 0.01, "%.2f"),
    "shift": ("Shift, pixels", 0.1, "%.1f"),
    "shear": ("Shear, share of the height", 0.01, "%.2f"),
    "thickness": ("Thickness, share of a pixel", 0.05, "%.2f"),
    "elastic": ("Elastic, pixels", 0.1, "%.1f"),
    "blur": ("Blur, share", 0.05, "%.2f"),
    "contrast": ("Contrast, exponent", 0.05, "%.2f"),
    "texture": ("Missing ink, share", 0.05, "%.2f"),
}


def choose_settings(paths: AppPaths) -> tuple[TrainConfig, DataSummary] | None:
    """Let the visitor choose a run's settings.

    Returns:
        What was chosen, and what is known of the cells; None where they are not to be had, which is told.
    Raises:
        DataError: something was chosen that can't be.
        ModelError: the network's name can't be one.
    """
    with st.container(key="train-desk"):
        with st.container(key="train-choices"):
            recipe = _choose_recipe()
            source, summary = _choose_cells(paths)
            _choose_names(recipe, paths)
            values = _choose_numbers(recipe)
        with st.container(key="train-preview"):
            augmentation = _choose_augmentation(recipe, summary)
    if source is None or summary is None:
        return None
    name = str(st.session_state[_NAME]).strip()
    paths.model(name)  # refuses what can't be a model's name
    config = TrainConfig(recipe=recipe.name, data=source, name=name, augmentation=augmentation, **values)
    return config, summary


def chosen_who() -> str:
    """Give what the visitor wants to be called."""
    return str(st.session_state.get(_WHO, "")).strip()


def _choose_recipe() -> Recipe:
    names = list(RECIPES)
    chosen = st.radio(
        "Recipe",
        names,
        index=names.index(_DEFAULT_RECIPE),
        format_func=lambda name: name.replace("-", ", ").capitalize(),
        captions=[recipe.teaches for recipe in RECIPES.values()],
        key="train-recipe",
        persist_state="session",
    )
    return RECIPES[chosen]


def _choose_cells(paths: AppPaths) -> tuple[str | None, DataSummary | None]:
    """Ask which cells to learn from, and show them; what is wrong with them is told here."""
    source = choose_data(paths)
    if source is None:
        st.info("Upload a table, or write its path, to learn from it.")
        return None, None
    try:
        summary = summarize(source, paths)
    except DataError as error:
        st.error(str(error))
        if source == MNIST:
            show_download(paths)
        return source, None
    show_data(summary)
    return source, summary


def _choose_names(recipe: Recipe, paths: AppPaths) -> None:
    """Ask what the network is to be called; a name that is free is there already."""
    state = st.session_state
    typed = state.get(_NAME)
    try:
        if not typed or typed == state.get(_SUGGESTED):
            state[_NAME] = state[_SUGGESTED] = free_name(recipe.name, paths)
        else:
            state[_NAME] = free_name(str(typed).strip(), paths)
    except ModelError:  # typed what no model can be called: the settings' check says so
        state[_NAME] = typed
    with st.container(horizontal=True, key="train-names"):
        st.text_input("Call the network", key=_NAME, max_chars=64, persist_state="session")
        st.text_input(
            "Your name, for others to see",
            key=_WHO,
            max_chars=40,
            placeholder="optional",
            persist_state="session",
        )


def _choose_numbers(recipe: Recipe) -> dict[str, Any]:
    """Ask for what the recipe has a number for; what is left as it is follows the recipe."""
    with st.expander("Settings", key="train-settings"), st.container(key="train-numbers"):
        epochs = _whole("Epochs", "epochs", recipe.epochs, recipe, "Times that all cells are learned from.")
        batch = _whole(
            "Batch size", "batch_size", recipe.batch_size, recipe, "Cells in one step of learning."
        )
        rate = _number(
            "Learning rate",
            "learning_rate",
            recipe.learning_rate,
            recipe,
            "%.6g",
            "How far a step goes. Too far, and the loss breaks down.",
        )
        part = _number(
            "Share of the data", "data_share", 1.0, recipe, "%.2f", "What does it still learn from a tenth?"
        )
        validation = _number(
            "Validation share",
            "validation_share",
            recipe.validation_share,
            recipe,
            "%.2f",
            "Of the cells, held out to check on.",
        )
        seed = _whole("Seed", "seed", 0, recipe, "The same seed begins the same way.")
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
    """Show twelve digits as they will be varied, and ask how far; each setting moves only its own part."""
    st.markdown("**What the network will see**")
    place = st.container()
    sliders = st.expander("Vary the digits more, or less", key="train-augmentation")
    with sliders, st.container(key="train-sliders"):
        chosen = {
            name: _slider(name, float(getattr(recipe.augmentation, name)), recipe)
            for name in _AUGMENTATION_LABELS
        }
    config = AugmentationConfig(**chosen)
    with place:
        if summary is None:
            st.caption("Twelve digits are shown here once there are cells to learn from.")
            return config
        cells = preview_cells(summary)
        digits = [*range(10), 4, 7][: len(cells)]
        seed = int(st.session_state.get(_SHAKES, 0))
        seen = preview_augmentation(cells, config, seed)
        show_cells(seen, [""] * len(seen), [f"a {digit}, varied" for digit in digits], "dp-preview")
        if config == NO_AUGMENTATION:
            st.caption("Each time as they are: this recipe does not vary them.")
        else:
            st.caption("Another variation each time, so that it learns digits and not these pictures.")
            st.button("Vary them again", key="train-shake", icon=":material/casino:", on_click=_shake)
    return config


def _slider(name: str, value: float, recipe: Recipe) -> float:
    label, step, form = _AUGMENTATION_LABELS[name]
    low, high = AUGMENTATION_BOUNDS[name]
    key = f"train-{name}-{recipe.name}"
    return float(st.slider(label, low, high, value, step=step, format=form, key=key, persist_state="session"))


def _shake() -> None:
    st.session_state[_SHAKES] = int(st.session_state.get(_SHAKES, 0)) + 1
