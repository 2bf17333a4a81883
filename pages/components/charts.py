"""Charts of a trained model: how it learned, and what it takes for what."""

import altair as alt
import streamlit as st

from mnist_core.config import DIGIT_CLASSES
from mnist_core.keeping.cards import CurvePoint

_LINES = {"training": [1, 0], "validation": [5, 3]}  # solid and dashed: told apart without colour, too


def show_curves(curves: tuple[CurvePoint, ...]) -> None:
    """Show accuracy and loss over the epochs, for the training cells and for those held out to check.

    Args:
        curves: one point an epoch; at least one.
    """
    rows = [
        {"epoch": point.epoch, "cells": cells, "loss": loss, "accuracy": accuracy}
        for point in curves
        for cells, loss, accuracy in (
            ("training", point.loss, point.accuracy),
            ("validation", point.validation_loss, point.validation_accuracy),
        )
    ]
    names = list(_LINES)
    for measure, form in (("accuracy", ".1%"), ("loss", ".2f")):
        chart = (
            alt.Chart(alt.InlineData(values=rows))
            .mark_line(point=True, strokeWidth=2)
            .encode(
                x=alt.X("epoch:Q", title="Epoch", axis=alt.Axis(tickMinStep=1, format="d", grid=False)),
                y=alt.Y(f"{measure}:Q", title=measure.capitalize(), axis=alt.Axis(format=form)).scale(
                    zero=False
                ),
                color=alt.Color("cells:N", title=None).scale(domain=names, range=_line_colours()),
                strokeDash=alt.StrokeDash("cells:N", title=None).scale(
                    domain=names, range=list(_LINES.values())
                ),
                tooltip=["epoch:Q", "cells:N", alt.Tooltip(f"{measure}:Q", format=".4f")],
            )
            .properties(height=240)
        )
        _show(chart)


def show_confusion(matrix: tuple[tuple[int, ...], ...]) -> None:
    """Show how often each digit was read as which: mistakes by shade and count, the right ones apart.

    Args:
        matrix: 10 rows of 10 counts; a row is a true digit.
    """
    rows = [
        {
            "true": true,
            "read": read,
            "count": count,
            "sign": f"{count:,}" if count else "·",
            "right": true == read,
        }
        for true, counts in enumerate(matrix)
        for read, count in enumerate(counts)
    ]
    most = max(
        [count for row, counts in enumerate(matrix) for count in (*counts[:row], *counts[row + 1 :])] + [1]
    )
    dark = st.context.theme.type == "dark"
    letters, paper, right = ("#ece9e2", "#1b1e25", "#2c313b") if dark else ("#1d2230", "#fffdf9", "#e9e4d9")
    shades = alt.Scale(domain=[0, most], range=[paper, "#e08a3c"], interpolate="rgb")
    base = alt.Chart(alt.InlineData(values=rows)).encode(
        x=alt.X("read:O", title="Read as", axis=alt.Axis(labelAngle=0, orient="top")),
        y=alt.Y("true:O", title="Was"),
        tooltip=[
            alt.Tooltip("true:O", title="Was"),
            alt.Tooltip("read:O", title="Read as"),
            alt.Tooltip("count:Q", title="Cells", format=","),
        ],
    )
    mistakes = (
        base.transform_filter("!datum.right")
        .mark_rect()
        .encode(color=alt.Color("count:Q", scale=shades, legend=None))
    )
    diagonal = base.transform_filter("datum.right").mark_rect(fill=right)
    # Dark letters on a strong shade, in the dark theme too.
    strong = f"!datum.right && datum.count > {0.65 * most}"
    signs = base.mark_text(fontSize=11).encode(
        text="sign:N", color=alt.condition(strong, alt.value("#15171c"), alt.value(letters))
    )
    _show((mistakes + diagonal + signs).properties(height=440))
    with st.expander("The same as a table"):
        digits = range(DIGIT_CLASSES)
        columns = {str(read): [matrix[true][read] for true in digits] for read in digits}
        st.table({"was": [str(true) for true in digits], **columns}, hide_index=True)


def _show(chart: alt.Chart | alt.LayerChart) -> None:
    """Show a chart with letters dark enough for WCAG AA; Streamlit's own are too faint."""
    quiet = "#a9aebb" if st.context.theme.type == "dark" else "#5b6070"
    dressed = chart.configure_axis(labelColor=quiet, titleColor=quiet).configure_legend(
        orient="top", labelColor=quiet
    )
    st.altair_chart(dressed, width="stretch")


def _line_colours() -> list[str]:
    """Give two colours that stand out from the page's ground and from each other in grey."""
    return ["#8fb0f5", "#e6b566"] if st.context.theme.type == "dark" else ["#274690", "#b4540a"]
