"""Chooses the training data, MNIST or the visitor's own table, and shows what is in it."""

from pathlib import Path

import numpy as np
import streamlit as st

from mnist_core.config import AppPaths
from mnist_core.datasets.inspection import Finding, inspect_cells
from mnist_core.datasets.loading import load_dataset
from mnist_core.datasets.mnist import HOW_TO_GET_MNIST, download_mnist, locate_mnist
from mnist_core.datasets.summary import DataSummary, describe_dataset
from mnist_core.errors import DataError, ModelError
from mnist_core.serving.rights import may_train
from pages.shared.cells import show_cells
from pages.shared.messages import show_error
from pages.shared.resources import app_paths, file_stamp, open_recognizer
from pages.shared.visitor import may
from pages.shared.wording import literal
from pages.train.our_class import choose_class
from pages.train.table import choose_table

MNIST = "mnist"
_MNIST_CHOICE, _TABLE_CHOICE, _CLASS_CHOICE = "MNIST", "My own table", "Our class"


def choose_data(paths: AppPaths) -> str | None:
    """Let the visitor choose the training data.

    Returns:
        Its name for `load_dataset`: "mnist" or a path; None where nothing is chosen yet.
    """
    choice = st.segmented_control(
        "Training data",
        [_MNIST_CHOICE, _TABLE_CHOICE, _CLASS_CHOICE],
        default=_MNIST_CHOICE,
        required=True,
        key="train-data",
        persist_state="session",
    )
    if choice == _CLASS_CHOICE:
        return choose_class(paths)
    return choose_table(paths) if choice == _TABLE_CHOICE else MNIST


def summarize(source: str, paths: AppPaths) -> DataSummary:
    """Load and describe a dataset; from a cache the second time, unless its file has changed.

    Raises:
        DataError: missing, or malformed.
    """
    if source == MNIST and locate_mnist(paths) is None:
        raise DataError(f"MNIST is not on this machine yet. {HOW_TO_GET_MNIST}")
    return _look_into(source, paths, file_stamp(Path(source)), _network_stamp())[0]


def find_problems(source: str, paths: AppPaths) -> tuple[Finding, ...]:
    """Return what looks wrong with a table, from the cache of `summarize`.

    Raises:
        DataError: missing, or malformed.
    """
    return _look_into(source, paths, file_stamp(Path(source)), _network_stamp())[1]


def show_data(summary: DataSummary) -> None:
    """Show how many training images of each digit there are, and some of them."""
    parts = f"{summary.training_cells:,} images"  # of which a run splits off what it is tested on
    if summary.test_cells:
        parts = f"{summary.training_cells:,} training images, {summary.test_cells:,} test images"
    with st.expander(f"{literal(summary.name)}: {parts}", key="train-data-look"):
        most = max(summary.counts)
        bars = "".join(
            f'<div><span><i style="height:{100 * count / max(1, most):.0f}%"></i></span>{digit}'
            f"<br>{count:,}</div>"
            for digit, count in enumerate(summary.counts)
        )
        spoken = ", ".join(f"{digit}: {count:,}" for digit, count in enumerate(summary.counts))
        label = f"Training images of each digit. {spoken}"
        st.html(f'<div class="dp-bars dp-counts" role="img" aria-label="{label}">{bars}</div>')
        st.caption(
            "Training images of each digit. Over all pixels, 0 for paper and 1 for ink: "
            f"mean {summary.mean:.4f}, standard deviation {summary.deviation:.4f}."
        )
        samples = summary.samples.transpose(1, 0, 2, 3).reshape(-1, *summary.samples.shape[2:])
        digits = [str(index % len(summary.samples)) for index in range(len(samples))]
        show_cells(samples, [""] * len(samples), [f"a {digit}" for digit in digits], "dp-grid")


def show_download(paths: AppPaths) -> None:
    """Offer to download MNIST where it is missing; nothing where MNIST_DATA says where it should be."""
    if paths.mnist is not None or locate_mnist(paths) is not None:
        return
    permission = may(may_train)
    pressed = st.button(
        "Download MNIST (11 MB)",
        key="train-download",
        icon=":material/download:",
        disabled=not permission,
        help=permission.refusal or None,
    )
    if not pressed or not permission:
        return
    bar = st.progress(0.0, text="Downloading MNIST …")
    try:
        download_mnist(lambda part: _advance(bar, part))
    except DataError as error:
        bar.empty()
        show_error(error, "train")
        return
    st.rerun()


def preview_cells(summary: DataSummary) -> np.ndarray:
    """Return the same twelve digits each time: 0 to 9, another 4 and another 7; uint8 (12, 28, 28)."""
    seconds = [digit for digit in (4, 7) if summary.samples.shape[1] > 1]
    return np.concatenate([summary.samples[:, 0], summary.samples[seconds, 1]])


def _advance(bar: st.delta_generator.DeltaGenerator, part: float) -> None:
    bar.progress(min(1.0, max(0.0, part)), text=f"Downloading MNIST: {part:.0%}")


@st.cache_data(show_spinner="Looking at the images …", max_entries=8)
def _look_into(
    source: str, paths: AppPaths, stamp: tuple[int, int], network_stamp: tuple[int, int]
) -> tuple[DataSummary, tuple[Finding, ...]]:
    """Describe a dataset and inspect a table; by the stamps Streamlit's cache notices that a file changed."""
    dataset = load_dataset(source, paths)
    summary = describe_dataset(dataset)
    if source == MNIST:
        return summary, ()
    try:
        return summary, inspect_cells(dataset.train, open_recognizer())
    except ModelError:  # a broken network says so on the pages that read with it
        return summary, ()


def _network_stamp() -> tuple[int, int]:
    return file_stamp(app_paths().active_model().onnx)
