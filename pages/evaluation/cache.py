"""What models made of their test cells, loaded once for all visitors, and anew when a file changes."""

from pathlib import Path

import streamlit as st

from mnist_core.config import AppPaths
from mnist_core.evaluation.evaluation import Comparison, Evaluation, compare_models, load_evaluation

Stamp = tuple[int, int]


def open_evaluation(name: str) -> Evaluation:
    """Give what a model made of its test cells.

    Raises:
        ModelError: the model is missing or broken.
        DataError: it was never evaluated here, and MNIST is not to be had.
    """
    return _open_evaluation(name, _stamp(name))


def open_comparison(first: str, second: str) -> Comparison:
    """Compare two models on the same cells.

    Raises:
        ModelError: a model is missing or broken.
        DataError: there are no cells to compare them on.
    """
    return _open_comparison(first, second, _stamp(first), _stamp(second))


@st.cache_resource(show_spinner="Reading the test cells …", max_entries=4)  # 8 MB each
def _open_evaluation(name: str, stamp: Stamp) -> Evaluation:
    """Load an evaluation; the stamp only tells Streamlit's cache when a file has changed."""
    return load_evaluation(name, AppPaths.from_environment())


@st.cache_resource(show_spinner="Reading the same cells with both …", max_entries=4)
def _open_comparison(first: str, second: str, *stamps: Stamp) -> Comparison:
    return compare_models(first, second, AppPaths.from_environment())


def _stamp(name: str) -> Stamp:
    """Tell one state of a model from another: times of change of its network and of its evaluation, in ns."""
    files = AppPaths.from_environment().model(name)
    return _changed(files.onnx), _changed(files.evaluation)


def _changed(file: Path) -> int:
    try:
        return file.stat().st_mtime_ns
    except OSError:
        return 0
