"""The confusion matrix: mistakes are shaded and counted; a square of it can be chosen."""

from typing import Any

import altair as alt
import numpy as np
import streamlit as st
from numpy.typing import NDArray

from mnist_core.config import DIGIT_CLASSES
from pages.shared.charts import Chart, dressed
from pages.shared.learning_rows import Row

_COUNTS, _SHARES = "Counts", "Percent of the row"
Square = tuple[int, int]
"""True digit, and what it was read as."""


def choose_square(matrix: NDArray[np.int64], key: str) -> Square | None:
    """Show the matrix and let the visitor choose one of its squares, by a click or from a list.

    Args:
        matrix: counts (10, 10); a row is a true digit.
        key: begins the names of the widgets.
    Returns:
        The square that is chosen; None where nothing was read at all.
    """
    squares = ranked_squares(matrix)
    if not squares:
        return None
    scale = st.segmented_control(
        "Show", [_COUNTS, _SHARES], default=_COUNTS, required=True, key=f"{key}-scale"
    )
    chosen_key, chart_key = f"{key}-square", f"{key}-matrix"
    if st.session_state.get(chosen_key) not in squares:
        st.session_state[chosen_key] = squares[0]
    chosen: Square = st.session_state[chosen_key]
    chart = dressed(_matrix_chart(matrix), _rows(matrix, scale == _SHARES, chosen))
    st.altair_chart(
        chart,
        width="stretch",
        key=chart_key,
        on_select=lambda: _take_click(chart_key, chosen_key, squares),
        selection_mode="square",
        alt="Confusion matrix: what each digit was read as. The list has the same squares.",
    )
    return st.selectbox(
        "Images of one square: click it, or choose it here",
        squares,
        format_func=lambda square: _label(square, int(matrix[square])),
        key=chosen_key,
    )


def show_matrix(matrix: NDArray[np.int64]) -> None:
    """Show the matrix only, for a network whose test images are not on this machine."""
    st.altair_chart(dressed(_matrix_chart(matrix), _rows(matrix, False, None)), width="stretch")


def matrix_table(matrix: NDArray[np.int64]) -> dict[str, list[str]]:
    """Return the matrix as columns of text, for a table; its first column is the true digit."""
    digits = range(DIGIT_CLASSES)
    columns = {f"read as {read}": [f"{matrix[true, read]:,}" for true in digits] for read in digits}
    return {"true digit": [str(true) for true in digits], **columns}


def ranked_squares(matrix: NDArray[np.int64]) -> list[Square]:
    """Return the squares that are not empty: mistakes first, the most frequent ones before the others."""
    squares = [(int(true), int(read)) for true, read in np.argwhere(matrix)]
    return sorted(squares, key=lambda square: (square[0] == square[1], -matrix[square]))


def _label(square: Square, count: int) -> str:
    true, read = square
    images = f"{count:,} {'image' if count == 1 else 'images'}"
    return f"{true} read as {read}: {images}" if true != read else f"{true} read correctly: {images}"


def _take_click(chart_key: str, chosen_key: str, squares: list[Square]) -> None:
    """Choose the square that was clicked; a click beside all squares, or on an empty one, chooses nothing."""
    clicked = clicked_square(st.session_state.get(chart_key))
    if clicked in squares:
        st.session_state[chosen_key] = clicked


def clicked_square(state: Any) -> Square | None:
    """Return the square that the chart's state holds; None where it holds none: anyone may have sent it."""
    selection = state.get("selection") if isinstance(state, dict) else None
    points = selection.get("square") if isinstance(selection, dict) else None
    match points:
        case [{"true": int() as true, "read": int() as read}, *_]:
            return true, read
    return None


def _rows(matrix: NDArray[np.int64], shares: bool, chosen: Square | None) -> list[Row]:
    mistakes = matrix.copy()
    np.fill_diagonal(mistakes, 0)
    most = max(1, int(mistakes.max()))
    totals = np.maximum(1, matrix.sum(axis=1))
    rows: list[Row] = []
    for true, counts in enumerate(matrix.tolist()):
        for read, count in enumerate(counts):
            share = count / int(totals[true])
            sign = _share_sign(share) if shares else f"{count:,}"
            rows.append(
                {
                    "true": true,
                    "read": read,
                    "count": count,
                    "share": share,
                    "sign": sign if count else "·",
                    "right": true == read,
                    # Shaded by the root: a single mistake is to be seen beside a frequent one.
                    "shade": (count / most) ** 0.5 if true != read else 0,
                    "chosen": (true, read) == chosen,
                }
            )
    return rows


def _share_sign(share: float) -> str:
    return f"{100 * share:.1f}" if share >= 0.0995 else f"{100 * share:.2f}"


def _matrix_chart(matrix: NDArray[np.int64]) -> Chart:
    dark = st.context.theme.type == "dark"
    letters, paper, right = ("#ece9e2", "#1b1e25", "#2c313b") if dark else ("#1d2230", "#fffdf9", "#e9e4d9")
    frame = "#8fb0f5" if dark else "#274690"
    square = alt.selection_point(name="square", fields=["true", "read"], on="click", empty=False)
    base = alt.Chart().encode(
        x=alt.X(
            "read:O", title="Read as", axis=alt.Axis(labelAngle=0, orient="top", domain=False, ticks=False)
        ),
        y=alt.Y("true:O", title="True digit", axis=alt.Axis(domain=False, ticks=False)),
        tooltip=[
            alt.Tooltip("true:O", title="True digit"),
            alt.Tooltip("read:O", title="Read as"),
            alt.Tooltip("count:Q", title="Images", format=","),
            alt.Tooltip("share:Q", title="Share of the row", format=".2%"),
        ],
    )
    shades = alt.Scale(domain=[0, 1], range=[paper, "#e08a3c"], interpolate="rgb")
    squares = (
        base.mark_rect(cursor="pointer")
        .encode(
            color=alt.when("datum.right")
            .then(alt.value(right))
            .otherwise(alt.Color("shade:Q", scale=shades, legend=None))
        )
        .add_params(square)
    )
    # Not spoken: until a square is chosen it is empty, and which one is said beside the chart.
    outline = base.transform_filter("datum.chosen").mark_rect(
        filled=False, stroke=frame, strokeWidth=3, aria=False
    )
    # Dark letters on a strong shade, in the dark theme too.
    signs = base.mark_text(fontSize=11, cursor="pointer").encode(
        text="sign:N",
        color=alt.when("datum.shade > 0.7").then(alt.value("#15171c")).otherwise(alt.value(letters)),
    )
    return alt.layer(squares, outline, signs, data=alt.NamedData("rows")).properties(height=440)
