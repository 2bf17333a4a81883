"""What a trained network makes of cells it never learned from: where it errs, and whether it knows."""

from collections.abc import Callable
from functools import partial

import altair as alt
import numpy as np
import streamlit as st

from mnist_core.config import AppPaths
from mnist_core.errors import DataError, ModelError
from mnist_core.evaluation.evaluation import Evaluation
from mnist_core.storage.model_card import ModelCard
from mnist_core.storage.shelf import ShelfEntry
from pages.evaluation.cache import open_evaluation
from pages.evaluation.confusion import Square, choose_square, matrix_table, show_matrix
from pages.evaluation.csv_files import curves_csv, digits_csv, matrix_csv, readings_csv, reliability_csv
from pages.shared.cells import show_cells
from pages.shared.charts import Chart, Row, line_colours, show_chart, show_learning
from pages.shared.reading import percent
from pages.shared.wording import share

_MOST_CELLS = 48
_MOST_MISTAKES = 24


def show_evaluation(entry: ShelfEntry, paths: AppPaths, curves: bool = True) -> None:
    """Show a model's card and what it made of its test cells, picture by picture.

    Args:
        entry: of the shelf.
        paths: where the shelf is, and MNIST.
        curves: whether to show how it learned, too.
    """
    card = entry.card
    if card is None:
        st.error(entry.problem or f"{entry.name} has no card.")
        return
    if curves and card.curves:
        st.subheader("How it learned", anchor=False)
        show_learning(card.curves)
    try:
        evaluation = open_evaluation(entry.name, paths)
    except (DataError, ModelError) as error:
        _show_card_only(card, str(error))
        return
    _show_accuracy(evaluation)
    _show_squares(evaluation)
    _show_digits(evaluation)
    _show_mistakes(evaluation)
    _show_reliability(evaluation)
    _show_downloads(evaluation, card)


def _show_card_only(card: ModelCard, problem: str) -> None:
    st.subheader("What it takes for what", anchor=False)
    st.info(f"The pictures behind these counts can't be shown. {problem}")
    matrix = np.array(card.confusion_matrix, np.int64)
    with st.container(key="matrix-alone"):
        show_matrix(matrix)


def _show_accuracy(evaluation: Evaluation) -> None:
    report = evaluation.report
    low, high = report.interval
    st.subheader("How often it is right", anchor=False)
    with st.container(horizontal=True, key="accuracy"):
        st.metric("Read right", share(report.accuracy), width="content")
        st.metric("Cells", f"{report.right:,} of {report.total:,}", width="content")
        st.metric("95 % interval", f"{share(low)} – {share(high)}", width="content")
    st.caption(
        f"Measured on {evaluation.data}. With other cells of the same kind, the share would lie within the "
        "interval 19 times out of 20."
    )


@st.fragment  # a click runs this part anew, not the page around it
def _show_squares(evaluation: Evaluation) -> None:
    st.subheader("What it takes for what", anchor=False)
    st.markdown(
        "Each row is a true digit, each column what it was read as. Mistakes are shaded; "
        "the diagonal is right."
    )
    report = evaluation.report
    matrix = report.confusion_matrix
    with st.container(horizontal=True, key="squares"):
        with st.container():
            chosen = choose_square(matrix, "confusion")
        if chosen:
            with st.container():
                _show_square(evaluation, chosen)
    with st.expander("The same as a table"):
        st.table(matrix_table(matrix), hide_index=True)


def _show_square(evaluation: Evaluation, chosen: Square) -> None:
    was, read = chosen
    places = evaluation.report.indices_of(was, read)
    right = was == read
    if right:  # among those that are right, the doubtful ones are worth a look
        places = places[::-1]
    st.markdown(
        f"The {was}s it read right." if right else f"The {was}s it took for {read}, and how sure it was."
    )
    show_places(evaluation, places[:_MOST_CELLS])
    if len(places) > _MOST_CELLS:
        order = "least" if right else "most"
        st.caption(f"The {_MOST_CELLS} it was {order} sure of, out of {len(places):,}.")


def show_places(evaluation: Evaluation, places: np.ndarray, told: bool = False) -> None:
    """Show some of the cells.

    Args:
        evaluation: what was made of them.
        places: integers (k,); which cells.
        told: whether to say what each is and what it was read as; else only how sure the network was.
    """
    report = evaluation.report
    captions, alts = [], []
    for place in places.tolist():
        was, read = int(report.labels[place]), int(report.readings[place])
        sure = percent(float(report.confidences[place]))
        captions.append(f"{was} read as {read}, {sure}" if told else sure)
        alts.append(f"a {was}, read as {read}")
    show_cells(evaluation.cells[places], captions, alts)


def _show_digits(evaluation: Evaluation) -> None:
    st.subheader("Digit by digit", anchor=False)
    scores = evaluation.report.per_digit
    table = {
        "Digit": [str(score.digit) for score in scores],
        "Precision": [share(score.precision) for score in scores],
        "Recall": [share(score.recall) for score in scores],
        "F1": [share(score.f1) for score in scores],
        "Cells": [f"{score.count:,}" for score in scores],
    }
    with st.container(key="digit-scores"):
        st.table(table, hide_index=True)
    st.caption(
        "Precision: of what it read as this digit, how much is. Recall: of this digit's cells, how many it "
        "read so. F1 is the harmonic mean of the two."
    )


def _show_mistakes(evaluation: Evaluation) -> None:
    st.subheader("Its most confident mistakes", anchor=False)
    places = evaluation.report.confident_mistakes(_MOST_MISTAKES)
    if not len(places):
        st.markdown("It made none.")
        return
    st.markdown("Wrong and sure of it. Some of these would puzzle a person, too.")
    show_places(evaluation, places, told=True)


def _show_reliability(evaluation: Evaluation) -> None:
    st.subheader("Does it know when it is unsure?", anchor=False)
    st.markdown(
        "Cells grouped by how sure it was. On the dashed line it would be right exactly as often as it says."
    )
    bins = evaluation.report.reliability()
    rows: list[Row] = [
        {
            "sure": group.confidence,
            "right": group.accuracy,
            "low": group.interval[0],
            "high": group.interval[1],
            "count": group.count,
        }
        for group in bins
    ]
    with st.container(key="reliability"):
        show_chart(_reliability_chart(), "Reliability diagram", rows)


def _show_downloads(evaluation: Evaluation, card: ModelCard) -> None:
    st.subheader("Take it along", anchor=False)
    st.caption("The numbers as CSV. Each chart offers itself as a picture at its top right corner.")
    report = evaluation.report
    files: dict[str, Callable[[], str]] = {
        "Curves": partial(curves_csv, card.curves),
        "Confusion matrix": partial(matrix_csv, report),
        "Digits": partial(digits_csv, report),
        "Reliability": partial(reliability_csv, report),
        "All readings": partial(readings_csv, evaluation),
    }
    with st.container(horizontal=True, key="evaluation-files"):
        for label, write in files.items():
            name = label.lower().replace(" ", "-")
            st.download_button(
                label,
                data=partial(_encoded, write),
                file_name=f"{evaluation.name}-{name}.csv",
                mime="text/csv",
                on_click="ignore",
                key=f"evaluation-file-{name}",
                icon=":material/download:",
            )


def _encoded(write: Callable[[], str]) -> bytes:
    return write().encode("utf-8-sig")  # its mark says UTF-8 to spreadsheets


def _reliability_chart() -> Chart:
    colour, other = line_colours(2)
    ends = alt.InlineData(values=[{"sure": 0, "right": 0}, {"sure": 1, "right": 1}])
    x = alt.X("sure:Q", title="How sure it was").scale(domain=[0, 1]).axis(format=".0%", grid=False)
    y = alt.Y("right:Q", title="How often it was right").scale(domain=[0, 1]).axis(format=".0%")
    ideal = alt.Chart(ends).mark_line(strokeDash=[5, 3], strokeWidth=1.5, color=other).encode(x=x, y=y)
    base = alt.Chart(alt.NamedData("rows"))
    reach = base.mark_rule(strokeWidth=2, color=colour).encode(x=x, y=alt.Y("low:Q"), y2="high:Q")
    points = base.mark_point(filled=True, size=70, opacity=1, color=colour).encode(
        x=x,
        y=y,
        tooltip=[
            alt.Tooltip("count:Q", title="Cells", format=","),
            alt.Tooltip("sure:Q", title="Sure", format=".1%"),
            alt.Tooltip("right:Q", title="Right", format=".1%"),
        ],
    )
    return alt.layer(ideal, reach, points).properties(height=340)
