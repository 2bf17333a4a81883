"""Chooses the training data, MNIST or the visitor's own table, and shows what is in it."""

from pathlib import Path

import numpy as np
import streamlit as st

from mnist_core.config import AppPaths
from mnist_core.datasets.loading import load_dataset, store_table
from mnist_core.datasets.mnist import HOW_TO_GET_MNIST, download_mnist, locate_mnist
from mnist_core.datasets.summary import DataSummary, describe_dataset
from mnist_core.errors import DataError
from pages.shared.cells import show_cells
from pages.shared.messages import show_error
from pages.shared.resources import file_stamp
from pages.shared.wording import literal

MNIST = "mnist"
_MNIST_CHOICE, _TABLE_CHOICE = "MNIST", "My own table"
_LARGEST_UPLOAD_MB = 100  # the notebook's train.csv has 77
_STORED = "train-table-stored"  # path of the table that was uploaded
_PROBLEM = "train-table-problem"
_UPLOAD = "train-table-upload"


def choose_data(paths: AppPaths) -> str | None:
    """Let the visitor choose the training data.

    Returns:
        Its name for `load_dataset`: "mnist" or a path; None where nothing is chosen yet.
    """
    choice = st.segmented_control(
        "Training data",
        [_MNIST_CHOICE, _TABLE_CHOICE],
        default=_MNIST_CHOICE,
        required=True,
        key="train-data",
        persist_state="session",
    )
    return _choose_table(paths) if choice == _TABLE_CHOICE else MNIST


def summarize(source: str, paths: AppPaths) -> DataSummary:
    """Load and describe a dataset; from a cache the second time, unless its file has changed.

    Raises:
        DataError: missing, or malformed.
    """
    if source == MNIST and locate_mnist(paths) is None:
        raise DataError(f"MNIST is not on this machine yet. {HOW_TO_GET_MNIST}")
    return _summarize(source, paths, file_stamp(Path(source)))


def show_data(summary: DataSummary) -> None:
    """Show how many training images of each digit there are, and some of them."""
    parts = f"{summary.training_cells:,} training images"
    if summary.test_cells:
        parts += f", {summary.test_cells:,} test images"
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
    if not st.button("Download MNIST (11 MB)", key="train-download", icon=":material/download:"):
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


def _choose_table(paths: AppPaths) -> str | None:
    st.caption(
        "A `.csv` with the header `label,pixel0,…,pixel783` and a row for each image, its pixels from 0 to "
        "255; or an `.npz` with `x_train, y_train, x_test, y_test`."
    )
    st.file_uploader(
        f"Upload it, up to {_LARGEST_UPLOAD_MB} MB",
        type=["csv", "npz"],
        max_upload_size=_LARGEST_UPLOAD_MB,
        key=_UPLOAD,
        on_change=_store,
        args=(paths,),
    )
    path = st.text_input("Or its path on the server", key="train-table-path", persist_state="session").strip()
    if problem := st.session_state.get(_PROBLEM):
        show_error(problem, "train")
    stored: str | None = st.session_state.get(_STORED)
    if stored and not path:
        st.caption(f"Stored on the server: {literal(Path(stored).name)}")
    return path or stored


def _store(paths: AppPaths) -> None:
    """Check and store what was uploaded."""
    st.session_state.pop(_PROBLEM, None)
    st.session_state.pop(_STORED, None)
    upload = st.session_state.get(_UPLOAD)
    if upload is None:
        return
    try:
        st.session_state[_STORED] = str(store_table(upload.name, upload.getvalue(), paths))
    except DataError as error:
        st.session_state[_PROBLEM] = error


@st.cache_data(show_spinner="Loading the images …", max_entries=8)
def _summarize(source: str, paths: AppPaths, stamp: tuple[int, int]) -> DataSummary:
    """Describe a dataset; by `stamp` Streamlit's cache notices that its file has changed."""
    return describe_dataset(load_dataset(source, paths))
