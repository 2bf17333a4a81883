"""Learning curves: of one network, live or afterwards, or of several networks together."""

from copy import deepcopy
from functools import lru_cache
from typing import Any

import altair as alt
import streamlit as st

from mnist_core.runs.run_files import BatchPoint
from mnist_core.storage.model_card import CurvePoint
from pages.shared.learning_rows import (
    AUGMENTED,
    BOTTOM,
    LEAST_ERROR,
    LEAST_LOSS,
    MOST_ERROR,
    MOST_LOSS,
    PLAIN,
    TOP,
    VALIDATION,
    Row,
    learning_rows,
    validation_row,
)

Chart = alt.Chart | alt.LayerChart | alt.FacetChart
_DASHES = ([1, 0], [5, 3], [2, 2], [9, 3, 2, 3], [12, 4], [1, 3])  # distinct without colour, too
MOST_TOGETHER = len(_DASHES)
"""Networks whose curves are distinct in one chart."""
_SCALE_NOTE = (
    "Accuracy is drawn on a logarithmic scale of the error rate: from 90 % to 99 % is as far as from 99 % to "
    "99.9 %, since both leave a tenth of the mistakes."
)
_LINES_NOTE = (
    "The loss is cross-entropy in all lines. *Augmented*: the varied images that the network learns from, "
    "averaged while its weights change. *Training*: training images without augmentation, after each epoch; "
    "as far as validation lies below that, the network is overfitting."
)
_OLD_LINES_NOTE = (
    "*Augmented*: the varied images that the network learns from, averaged while it changes. An older "
    "version trained it: label smoothing raises its training loss, which can't be compared with the other."
)
_EDGE_NOTE = "A triangle at an edge stands for a value beyond it: point at it to see which."


def show_learning(
    curves: tuple[CurvePoint, ...],
    batches: tuple[BatchPoint, ...] = (),
    epochs: int | None = None,
    key: str = "learning",
) -> None:
    """Show accuracy and loss side by side, of the training set, augmented and not, and of the validation set.

    The scales are fixed from the start, so that nothing moves while the lines grow.

    Args:
        curves: one point an epoch.
        batches: what was measured between the epochs' ends; with them the training line is as fine as they.
        epochs: that the run will have; None: as many as there are.
        key: of the pair of charts.
    """
    is_old = bool(curves) and all(point.plain_loss is None for point in curves)
    names = [AUGMENTED, VALIDATION] if is_old else [AUGMENTED, VALIDATION, PLAIN]
    rows = learning_rows(curves, batches, epochs)
    note = _OLD_LINES_NOTE if is_old else _LINES_NOTE
    _show_pair(rows, names, max(1, epochs or 0, len(curves)), key, note)


def show_curves_together(curves: dict[str, tuple[CurvePoint, ...]]) -> None:
    """Show several networks' accuracy and loss of the validation set, over each other.

    Args:
        curves: by the network's name, MOST_TOGETHER at most; one point an epoch.
    """
    rows = [validation_row(point) | {"set": name} for name, points in curves.items() for point in points]
    _show_pair(rows, list(curves), max([1, *(len(points) for points in curves.values())]), "together")


def show_chart(chart: Chart, alt_text: str, rows: list[Row] | None = None) -> None:
    """Show a chart with letters dark enough for WCAG AA; Streamlit's own are too faint."""
    st.altair_chart(dressed(chart, rows), width="stretch", alt=alt_text)
    _show_save(alt_text.lower().replace(" ", "-"))


def dressed(chart: Chart, rows: list[Row] | None = None) -> Chart:
    """Return a chart with its letters' colours and its data.

    Args:
        chart: over the data named "rows", or one that brings its own data.
        rows: what it shows. The name stays when they change: then the browser moves the lines of the chart
            that is there, and builds no new one.
    """
    quiet = "#a9aebb" if st.context.theme.type == "dark" else "#5b6070"
    plain: Chart = chart.configure_axis(labelColor=quiet, titleColor=quiet, titleFontWeight="normal")
    plain = plain.configure_legend(
        orient="top", labelColor=quiet, symbolType="stroke", symbolStrokeWidth=2, symbolSize=400
    )
    if rows is not None:
        plain.datasets = {"rows": rows}
    return plain


def line_colours(count: int) -> list[str]:
    """Return colours distinct from the page's background and, the first two, from each other in grey."""
    light = ["#274690", "#b4540a", "#0b6e5d", "#7b2d8b", "#6b5d00", "#5b6070"]
    dark = ["#8fb0f5", "#e6b566", "#6fcdb8", "#d69be3", "#d8cf6a", "#a9aebb"]
    return (dark if st.context.theme.type == "dark" else light)[:count]


def _show_pair(rows: list[Row], names: list[str], epochs: int, key: str, note: str = "") -> None:
    dark = st.context.theme.type == "dark"
    with st.container(key=f"curves-{key}", horizontal=True, gap="medium"):
        for measure, title in (("error", "Accuracy"), ("loss", "Loss")):
            spec = deepcopy(_pair_spec(measure, tuple(names), epochs, dark))
            spec["datasets"] = {"rows": rows}
            with st.container():
                # The same text while it grows: with another the browser would build a new chart.
                alt_text = f"{title} over the epochs: {', '.join(names)}"
                st.vega_lite_chart(spec, width="stretch", alt=alt_text)
    at_edge = any(row["error_edge"] or row["loss_edge"] for row in rows)
    st.caption(" ".join(filter(None, [note, _SCALE_NOTE, _EDGE_NOTE if at_edge else ""])))
    _show_save("accuracy loss")


def _show_save(names: str) -> None:
    """Show the button that saves the charts before it as SVG files of these names: see page_frame.js."""
    st.html(f'<button class="dp-save" type="button" data-charts="{names}">Save as SVG</button>')


@lru_cache(maxsize=64)  # building one takes 40 ms: too much twice a second for everyone who watches
def _pair_spec(measure: str, names: tuple[str, ...], epochs: int, dark: bool) -> dict[str, Any]:
    """Return one chart of a pair; `dark` is in the cache's key, since the colours depend on it."""
    if measure == "error":
        y = alt.Y("error_drawn:Q", title="Accuracy").scale(
            type="log", domain=[MOST_ERROR, LEAST_ERROR], nice=False
        )
        axis = alt.Axis(
            values=[0.9, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001],
            labelExpr="format(1 - datum.value, '.1~%')",
            labelOverlap=False,
        )
    else:
        y = alt.Y("loss_drawn:Q", title="Loss").scale(type="log", domain=[LEAST_LOSS, MOST_LOSS], nice=False)
        axis = alt.Axis(values=[0.01, 0.03, 0.1, 0.3, 1, 3], format="~g")
    spec: dict[str, Any] = dressed(_lines(y.axis(axis), f"{measure}_edge", list(names), epochs)).to_dict()
    spec["config"].pop("view", None)  # Altair's own size; the page's applies
    return spec


def _lines(y: alt.Y, edge: str, names: list[str], epochs: int) -> Chart:
    colour = alt.Color("set:N", title=None).scale(domain=names, range=line_colours(len(names)))
    dash = alt.StrokeDash("set:N", title=None).scale(domain=names, range=list(_DASHES[: len(names)]))
    x = alt.X("epoch:Q", title="Epoch").scale(domain=[0, epochs], nice=False)
    x = x.axis(tickMinStep=1, format="d", grid=False)
    base = alt.Chart().encode(
        x=x,
        y=y,
        color=colour,
        tooltip=[
            alt.Tooltip("epoch:Q", format=".2~f"),
            alt.Tooltip("set:N"),
            alt.Tooltip("accuracy:Q", format=".2%"),
            alt.Tooltip("loss:Q", format=".4f"),
        ],
    )
    lines = base.mark_line(strokeWidth=2).encode(strokeDash=dash)
    inside = f"datum.point && !datum.{edge}"
    points = base.transform_filter(inside).mark_point(filled=True, size=45, opacity=1)
    triangles = alt.Shape(f"{edge}:N", legend=None).scale(
        domain=[TOP, BOTTOM], range=["triangle-up", "triangle-down"]
    )
    # Not spoken: mostly there are none, and the caption says what they are.
    beyond = base.transform_filter(f"datum.{edge}").mark_point(filled=True, size=70, opacity=1, aria=False)
    beyond = beyond.encode(shape=triangles)
    return alt.layer(lines, points, beyond, data=alt.NamedData("rows")).properties(height=300)
