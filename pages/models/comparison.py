"""Compares networks: learning curves, scores, the images that only one reads correctly, your last drawing."""

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from mnist_core.config import AppPaths
from mnist_core.errors import DataError, MnistCoreError, ModelError
from mnist_core.evaluation.comparison import Comparison
from mnist_core.reading.strokes import draw_strokes
from mnist_core.storage.shelf import ShelfEntry
from pages.draw.canvas import last_drawing
from pages.evaluation.cache import open_comparison, seen_words
from pages.shared.cells import show_cells
from pages.shared.charts import MOST_TOGETHER, show_curves_together
from pages.shared.messages import show_error
from pages.shared.reading import percent, picture_html
from pages.shared.resources import open_model
from pages.shared.wording import literal, share

_MOST_IMAGES = 24


def show_comparison(entries: tuple[ShelfEntry, ...], paths: AppPaths) -> None:
    """Let the visitor choose networks, and compare them.

    Args:
        entries: of the shelf; damaged ones can't be chosen.
        paths: where the shelf is, and MNIST.
    """
    sound = {entry.name: entry for entry in entries if entry.problem is None and entry.card is not None}
    st.header("Compare", anchor=False)
    if len(sound) < 2:
        st.markdown("Train another network, and the two can be compared here.")
        return
    names = st.multiselect(
        "Networks: the first is compared with each of the others",
        list(sound),
        default=_first_choice(sound),
        max_selections=MOST_TOGETHER,
        key="compare",
    )
    if len(names) < 2:
        st.markdown("Choose two or more.")
        return
    curves = {name: card.curves for name in names if (card := sound[name].card) and card.curves}
    if curves:
        st.markdown("On the validation set, held out of training:")
        show_curves_together(curves)
    comparisons = _compare(names, paths)
    if comparisons:
        _show_scores(comparisons, paths)
        for comparison in comparisons:
            _show_differences(comparison)
    _show_drawing(names)


def _first_choice(sound: dict[str, ShelfEntry]) -> list[str]:
    """Choose the shipped network, which comes first on the shelf, and the one that was trained last."""
    first, *others = sound
    return [first, max(others, key=lambda name: card.created if (card := sound[name].card) else "")]


def _compare(names: list[str], paths: AppPaths) -> list[Comparison]:
    """Compare the first network with each of the others; show which can't be compared."""
    comparisons = []
    for other in names[1:]:
        try:
            comparisons.append(open_comparison(names[0], other, paths))
        except (DataError, ModelError) as error:
            show_error(error, "models", before=f"{names[0]} and {other} can't be compared.")
    return comparisons


def _show_scores(comparisons: list[Comparison], paths: AppPaths) -> None:
    evaluations = [comparisons[0].first, *(comparison.second for comparison in comparisons)]
    reports = [evaluation.report for evaluation in evaluations]
    st.markdown(f"On the same test set, {literal(evaluations[0].data)}:")
    st.table(
        {
            "Network": [evaluation.name for evaluation in evaluations],
            "Correct": [f"{report.right:,} of {report.total:,}" for report in reports],
            "Accuracy": [share(report.accuracy) for report in reports],
            "95 % confidence interval": [
                f"{share(report.interval[0])} – {share(report.interval[1])}" for report in reports
            ],
        },
        hide_index=True,
    )
    for evaluation in evaluations:
        if words := seen_words(evaluation, paths):
            st.warning(f"{literal(evaluation.name)}: {words}")


def _show_differences(comparison: Comparison) -> None:
    first, second = comparison.first, comparison.second
    st.markdown(f"**{literal(first.name)} and {literal(second.name)}.** {literal(comparison.summary)}")
    st.caption(
        f"McNemar's exact test on the same images: p = {comparison.p_value:.3g}. "
        f"Both misread {len(comparison.neither):,} of them. "
        f"Below each image: what {first.name} read | what {second.name} read."
    )
    sides = (
        (f"Read correctly by {first.name} only", comparison.only_first),
        (f"Read correctly by {second.name} only", comparison.only_second),
    )
    with st.container(key=f"only-{first.name}-{second.name}", horizontal=True):
        for title, indices in sides:
            with st.container():
                st.markdown(f"{literal(title)}: {len(indices):,}")
                if len(indices):
                    _show_both(comparison, indices[:_MOST_IMAGES])


def _show_both(comparison: Comparison, indices: NDArray[np.int64]) -> None:
    first, second = comparison.first.report, comparison.second.report
    captions, alts = [], []
    for index in indices.tolist():
        readings = first.readings[index], second.readings[index]
        captions.append(f"{readings[0]} | {readings[1]}")
        alts.append(f"a {first.labels[index]}, read as {readings[0]} and as {readings[1]}")
    show_cells(comparison.first.cells[indices], captions, alts)


def _show_drawing(names: list[str]) -> None:
    st.markdown("**Your last drawing, read by each**")
    drawing = last_drawing()
    if drawing is None or not drawing.strokes:
        st.markdown("Draw something on the Draw page, and it is read here by each of them.")
        return
    paper = drawing.paper
    rgba = draw_strokes(drawing.strokes, paper.height, paper.width)
    st.html(picture_html(rgba, "your drawing", "dp-drawing"))
    rows: dict[str, list[str]] = {"Network": [], "Reading": [], "Lowest confidence": []}
    for name in names:
        try:
            reading = open_model(name).read_strokes(drawing.strokes, paper.height, paper.width)
        except MnistCoreError as error:
            show_error(error, "models")
            continue
        accepted = [digit.confidence for digit in reading.digits if digit.is_digit]
        rows["Network"].append(name)
        rows["Reading"].append(reading.text.replace("\n", " / ") or "no digit")
        rows["Lowest confidence"].append(percent(min(accepted)) if accepted else "–")
    st.table(rows, hide_index=True)
