"""Evaluations of models, loaded once for all visitors, and anew when a file changes."""

import streamlit as st

from mnist_core.config import AppPaths
from mnist_core.evaluation.comparison import Comparison, compare_models
from mnist_core.evaluation.evaluation import Evaluation, load_evaluation
from mnist_core.evaluation.seen_cells import report_seen
from pages.shared.resources import file_stamp

Stamp = tuple[tuple[int, int], tuple[int, int]]


def open_evaluation(name: str, paths: AppPaths) -> Evaluation:
    """Return what a model reads in its test set.

    Args:
        name: of the model.
        paths: where the shelf is, and MNIST.
    Raises:
        ModelError: the model is missing or broken.
        DataError: it was never evaluated here, and there is no MNIST to do it now.
    """
    return _open_evaluation(name, paths, _stamp(name, paths))


def open_comparison(first: str, second: str, paths: AppPaths) -> Comparison:
    """Compare two models on the same test set.

    Args:
        first: a model's name.
        second: the other one's.
        paths: where the shelf is, and MNIST.
    Raises:
        ModelError: a model is missing or broken.
        DataError: there is no test set to compare them on.
    """
    return _open_comparison(first, second, paths, _stamp(first, paths), _stamp(second, paths))


def seen_words(evaluation: Evaluation, paths: AppPaths) -> str:
    """Return what it means for an accuracy that a model was trained on some of the images; "" for none.

    Args:
        evaluation: of the model.
        paths: where the shelf is, and MNIST.
    """
    return _seen_words(
        evaluation.name,
        evaluation.data,
        evaluation.report.total,
        paths,
        _stamp(evaluation.name, paths),
        evaluation,
    )


@st.cache_resource(show_spinner="Reading the test images …", max_entries=4)  # 8 MB each
def _open_evaluation(name: str, paths: AppPaths, stamp: Stamp) -> Evaluation:
    """Load an evaluation; by the stamp Streamlit's cache notices that a file has changed."""
    return load_evaluation(name, paths)


@st.cache_resource(show_spinner="Reading the same images with both …", max_entries=4)
def _open_comparison(first: str, second: str, paths: AppPaths, *stamps: Stamp) -> Comparison:
    return compare_models(first, second, paths)


@st.cache_data(show_spinner=False, max_entries=16)
def _seen_words(
    name: str, data: str, images: int, paths: AppPaths, stamp: Stamp, _evaluation: Evaluation
) -> str:
    parts = report_seen(paths.model(name), _evaluation.cells, _evaluation.report, paths)
    return parts.words if parts else ""


def _stamp(name: str, paths: AppPaths) -> Stamp:
    """Return what changes with a model's files."""
    files = paths.model(name)
    return file_stamp(files.onnx), file_stamp(files.evaluation)
