"""Compares networks: curves over each other, scores, which cells only one reads, and your last drawing."""

import numpy as np
import streamlit as st

from mnist_core.config import AppPaths
from mnist_core.errors import DataError, MnistCoreError, ModelError
from mnist_core.evaluation.comparison import Comparison
from mnist_core.reading.strokes import draw_strokes
from mnist_core.storage.shelf import ShelfEntry
from pages.draw.canvas import last_drawing
from pages.evaluation.cache import open_comparison
from pages.shared.cells import show_cells
from pages.shared.charts import MOST_TOGETHER, show_curves_together
from pages.shared.reading import percent, picture_html
from pages.shared.resources import open_model
from pages.shared.wording import literal, share

_MOST_CELLS = 24


def show_comparison(entries: tuple[ShelfEntry, ...], paths: AppPaths) -> None:
    """Let the visitor choose networks, and compare them.

    Args:
        entries: of the shelf; damaged ones can't be chosen.
        paths: where the shelf is, and MNIST.
    """
    sound = {entry.name: entry for entry in entries if entry.problem is None and entry.card is not None}
    st.subheader("Compare", anchor=False)
    if len(sound) < 2:
        st.markdown("Train another network, and the two can be compared here.")
        return
    names = st.multiselect(
        "Networks, the first against each other one",
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
        st.markdown("On cells that were held out while they learned:")
        show_curves_together(curves)
    comparisons = _compare(names, paths)
    if comparisons:
        _show_scores(comparisons)
        for comparison in comparisons:
            _show_differences(comparison)
    _show_drawing(names)


def _first_choice(sound: dict[str, ShelfEntry]) -> list[str]:
    """Choose the shipped network, which comes first on the shelf, and the one that was trained last."""
    first, *others = sound
    return [first, max(others, key=lambda name: card.created if (card := sound[name].card) else "")]


def _compare(names: list[str], paths: AppPaths) -> list[Comparison]:
    """Compare the first network with each other one; what can't be compared is told."""
    comparisons = []
    for other in names[1:]:
        try:
            comparisons.append(open_comparison(names[0], other, paths))
        except (DataError, ModelError) as error:
            st.error(f"{literal(names[0])} and {literal(other)} can't be compared. {error}")
    return comparisons


def _show_scores(comparisons: list[Comparison]) -> None:
    evaluations = [comparisons[0].first, *(comparison.second for comparison in comparisons)]
    reports = [evaluation.report for evaluation in evaluations]
    st.markdown(f"On the same cells, {literal(evaluations[0].data)}:")
    st.table(
        {
            "Network": [evaluation.name for evaluation in evaluations],
            "Right": [f"{report.right:,} of {report.total:,}" for report in reports],
            "Share": [share(report.accuracy) for report in reports],
            "95 % interval": [
                f"{share(report.interval[0])} – {share(report.interval[1])}" for report in reports
            ],
        },
        hide_index=True,
    )


def _show_differences(comparison: Comparison) -> None:
    first, second = comparison.first, comparison.second
    st.markdown(f"**{literal(first.name)} and {literal(second.name)}.** {literal(comparison.summary)}")
    st.caption(
        f"McNemar's exact test on the same cells: p = {comparison.p_value:.3g}. "
        f"Neither reads {len(comparison.neither):,} of them. Below each picture: what {first.name} read, "
        f"what {second.name} read."
    )
    sides = (
        (f"Only {first.name} reads", comparison.only_first),
        (f"Only {second.name} reads", comparison.only_second),
    )
    with st.container(key=f"only-{first.name}-{second.name}", horizontal=True):
        for title, places in sides:
            with st.container():
                st.markdown(f"{literal(title)}: {len(places):,}")
                if len(places):
                    _show_both(comparison, places[:_MOST_CELLS])


def _show_both(comparison: Comparison, places: np.ndarray) -> None:
    first, second = comparison.first.report, comparison.second.report
    captions, alts = [], []
    for place in places.tolist():
        readings = f"{first.readings[place]} | {second.readings[place]}"
        captions.append(readings)
        alts.append(
            f"a {first.labels[place]}, read as {first.readings[place]} and as {second.readings[place]}"
        )
    show_cells(comparison.first.cells[places], captions, alts)


def _show_drawing(names: list[str]) -> None:
    st.markdown("**Your last drawing, read by each**")
    drawing = last_drawing()
    if drawing is None or not drawing.strokes:
        st.markdown("Draw something on the Draw page, and it is read here by each of them.")
        return
    paper = drawing.paper
    rgba = draw_strokes(drawing.strokes, paper.height, paper.width)
    st.html(picture_html(rgba, "your drawing", "dp-drawing"))
    rows: dict[str, list[str]] = {"Network": [], "Reads": [], "Least sure digit": []}
    for name in names:
        try:
            reading = open_model(name).read_strokes(drawing.strokes, paper.height, paper.width)
        except MnistCoreError as error:
            st.error(str(error))
            continue
        accepted = [digit.confidence for digit in reading.digits if digit.is_digit]
        rows["Network"].append(name)
        rows["Reads"].append(reading.text.replace("\n", " / ") or "no digit")
        rows["Least sure digit"].append(percent(min(accepted)) if accepted else "–")
    st.table(rows, hide_index=True)
