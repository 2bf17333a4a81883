"""How a trained network reads its test set: where it errs, and whether its confidence is calibrated."""

import altair as alt
import numpy as np
import streamlit as st
from numpy.typing import NDArray

from mnist_core.config import AppPaths
from mnist_core.errors import DataError, MnistCoreError, ModelError
from mnist_core.evaluation.evaluation import Evaluation
from mnist_core.storage.model_card import ModelCard
from mnist_core.storage.shelf import ShelfEntry
from pages.evaluation.cache import open_evaluation, seen_words
from pages.evaluation.confusion import Square, choose_square, matrix_table, show_matrix
from pages.evaluation.csv_files import evaluation_files
from pages.shared.cells import show_cells
from pages.shared.charts import Chart, line_colours, show_chart, show_learning
from pages.shared.learning_rows import Row
from pages.shared.messages import show_error, show_info
from pages.shared.reading import percent
from pages.shared.wording import literal, share

_MOST_IMAGES = 48
_MOST_MISTAKES = 24


def show_evaluation(entry: ShelfEntry, paths: AppPaths, curves: bool = True) -> None:
    """Show a model's learning curves and how it reads its test set, image by image.

    Args:
        entry: of the shelf.
        paths: where the shelf is, and MNIST.
        curves: whether to show the learning curves, too.
    """
    card = entry.card
    if card is None:
        show_error(ModelError(entry.problem or f"{entry.name} has no card."), "evaluation")
        return
    if curves and card.curves:
        st.header("Learning curves", anchor=False)
        show_learning(card.curves)
    try:
        evaluation = open_evaluation(entry.name, paths)
    except (DataError, ModelError) as error:
        _show_card_only(card, error)
        return
    _show_accuracy(evaluation, paths)
    _show_squares(evaluation)
    _show_digits(evaluation)
    _show_mistakes(evaluation)
    _show_reliability(evaluation)
    _show_downloads(evaluation, card)


def _show_card_only(card: ModelCard, error: MnistCoreError) -> None:
    st.header("Confusion matrix", anchor=False)
    show_info(error, "evaluation", before="The images behind these counts can't be shown.")
    matrix = np.array(card.confusion_matrix, np.int64)
    with st.container(key="matrix-alone"):
        show_matrix(matrix)


def _show_accuracy(evaluation: Evaluation, paths: AppPaths) -> None:
    report = evaluation.report
    low, high = report.interval
    st.header("Accuracy on the test set", anchor=False)
    with st.container(horizontal=True, key="accuracy"):
        st.metric("Accuracy", share(report.accuracy), width="content")
        st.metric("Correct", f"{report.right:,} of {report.total:,}", width="content")
        st.metric("95 % confidence interval", f"{share(low)} – {share(high)}", width="content")
    st.caption(
        f"Measured on {literal(evaluation.data)}. Of 20 such intervals, from 20 such test sets, about 19 "
        "hold the accuracy that the network has in the long run."
    )
    if words := seen_words(evaluation, paths):
        st.warning(words)


@st.fragment  # a click runs this part anew, not the page around it
def _show_squares(evaluation: Evaluation) -> None:
    st.header("Confusion matrix", anchor=False)
    st.markdown(
        "Each row is a true digit, each column the digit that it was read as. Mistakes are shaded; "
        "on the diagonal is what was read correctly."
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
    true, read = chosen
    indices = evaluation.report.indices_of(true, read)
    if true == read:  # of those that are correct, the doubtful ones are worth a look
        indices = indices[::-1]
        st.markdown(f"The {true}s that it read correctly, and its confidence in each.")
    else:
        st.markdown(f"The {true}s that it read as {read}, and its confidence in each.")
    _show_images(evaluation, indices[:_MOST_IMAGES])
    if len(indices) > _MOST_IMAGES:
        order = "lowest" if true == read else "highest"
        st.caption(f"The {_MOST_IMAGES} with the {order} confidence, of {len(indices):,}.")


def _show_images(evaluation: Evaluation, indices: NDArray[np.int64], labelled: bool = False) -> None:
    """Show some of the test images.

    Args:
        evaluation: of them.
        indices: integers (k,), of the images.
        labelled: whether the captions have the true digit and the one read; else the confidence alone.
    """
    report = evaluation.report
    captions, alts = [], []
    for index in indices.tolist():
        true, read = int(report.labels[index]), int(report.readings[index])
        confidence = percent(float(report.confidences[index]))
        captions.append(f"{true} read as {read}, {confidence}" if labelled else confidence)
        alts.append(f"a {true}, read as {read}")
    show_cells(evaluation.cells[indices], captions, alts)


def _show_digits(evaluation: Evaluation) -> None:
    st.header("Precision and recall of each digit", anchor=False)
    scores = evaluation.report.per_digit
    table = {
        "Digit": [str(score.digit) for score in scores],
        "Precision": [share(score.precision) for score in scores],
        "Recall": [share(score.recall) for score in scores],
        "F1": [share(score.f1) for score in scores],
        "Images": [f"{score.count:,}" for score in scores],
    }
    with st.container(key="digit-scores"):
        st.table(table, hide_index=True)
    st.caption(
        "Precision: of all images that it read as this digit, the share that are this digit. Recall: of all "
        "images of this digit, the share that it read as this digit. F1 is the harmonic mean of the two."
    )


def _show_mistakes(evaluation: Evaluation) -> None:
    st.header("Its most confident mistakes", anchor=False)
    indices = evaluation.report.confident_mistakes(_MOST_MISTAKES)
    if not len(indices):
        st.markdown("It made none.")
        return
    st.markdown("Read wrongly with a high confidence. Some of these would puzzle a person, too.")
    _show_images(evaluation, indices, labelled=True)


def _show_reliability(evaluation: Evaluation) -> None:
    st.header("Calibration: does it know when it is unsure?", anchor=False)
    st.markdown(
        "The test images, grouped by confidence. On the dashed line confidence and accuracy are equal: of "
        "100 images read with 90 % confidence, 90 are read correctly."
    )
    bins = evaluation.report.reliability()
    rows: list[Row] = [
        {
            "confidence": group.confidence,
            "accuracy": group.accuracy,
            "low": group.interval[0],
            "high": group.interval[1],
            "count": group.count,
        }
        for group in bins
    ]
    with st.container(key="reliability"):
        show_chart(_reliability_chart(), "Reliability diagram", rows)


def _show_downloads(evaluation: Evaluation, card: ModelCard) -> None:
    st.header("Download", anchor=False)
    st.caption(
        "All numbers as CSV files. A chart can be saved as a picture from the menu at its top right corner."
    )
    with st.container(horizontal=True, key="evaluation-files"):
        for name, (label, make) in evaluation_files(evaluation, card.curves).items():
            st.download_button(
                label,
                data=make,
                file_name=f"{evaluation.name}-{name}.csv",
                mime="text/csv",
                on_click="ignore",
                key=f"evaluation-file-{name}",
                icon=":material/download:",
            )


def _reliability_chart() -> Chart:
    colour, other = line_colours(2)
    ends = alt.InlineData(values=[{"confidence": 0, "accuracy": 0}, {"confidence": 1, "accuracy": 1}])
    x = alt.X("confidence:Q", title="Confidence").scale(domain=[0, 1]).axis(format=".0%", grid=False)
    y = alt.Y("accuracy:Q", title="Accuracy").scale(domain=[0, 1]).axis(format=".0%")
    ideal = alt.Chart(ends).mark_line(strokeDash=[5, 3], strokeWidth=1.5, color=other).encode(x=x, y=y)
    base = alt.Chart(alt.NamedData("rows"))
    interval = base.mark_rule(strokeWidth=2, color=colour).encode(x=x, y=alt.Y("low:Q"), y2="high:Q")
    points = base.mark_point(filled=True, size=70, opacity=1, color=colour).encode(
        x=x,
        y=y,
        tooltip=[
            alt.Tooltip("count:Q", title="Images", format=","),
            alt.Tooltip("confidence:Q", title="Confidence", format=".1%"),
            alt.Tooltip("accuracy:Q", title="Accuracy", format=".1%"),
        ],
    )
    return alt.layer(ideal, interval, points).properties(height=340)
