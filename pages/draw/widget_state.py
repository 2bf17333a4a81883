"""The drawing widget's state in the session: strokes read from it, strokes written for it.

streamlit-drawable-canvas documents its state nowhere. What the app knows of it stands in this file, and in
tests/pages/draw/drawn.py for the tests without a browser; tests/pages/draw/test_widget_state.py compares both
with the installed widget. Anyone may send such a state: what no pen of ours can have made is left out.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeGuard

import numpy as np

from mnist_core.reading.strokes import MAX_LENGTH, MAX_POINTS, MAX_STROKES, Stroke

INK = "#000000"
"""Fixed, not the theme's: another colour would reset the drawing."""

_FURTHEST = 10_000.0
"""Pixels from the paper's corner: no honest pen gets there."""
_WIDEST_PEN = 64
_CURVE_STEP = 4.0
"""Pixels between the points that stand for a curve."""


@dataclass(frozen=True, slots=True, eq=False)  # eq=False: comparing arrays has no single answer
class ParsedStroke:
    """A stroke as the widget describes it, the stroke parsed from that, and its length in pixels."""

    path: list[object]
    stroke: Stroke
    length: float


def raw_drawing(state: object) -> dict[str, Any] | None:
    """Return the description of what is drawn within the widget's state; None where it holds none."""
    drawing = state.get("drawing") if isinstance(state, dict) else None
    raw = drawing.get("raw") if isinstance(drawing, dict) else None
    return raw if isinstance(raw, dict) else None


def is_harmless(state: object) -> bool:
    """Return whether the widget's own code can work with this state."""
    return isinstance(state, dict) and raw_drawing(state) is not None and state.get("backgroundFit") is None


def state_of(objects: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the widget's state with these objects drawn."""
    return {"drawing": {"raw": {"objects": objects}, "data": None}, "backgroundFit": None}


def parse_objects(raw: object, parsed_before: tuple[ParsedStroke, ...] = ()) -> tuple[ParsedStroke, ...]:
    """Parse the widget's objects into strokes.

    Args:
        raw: the widget's description of a drawing, or anything at all.
        parsed_before: the result of the last call; a stroke that is still the same is not parsed again.
    Returns:
        At most MAX_STROKES strokes of MAX_POINTS points and MAX_LENGTH pixels together.
    """
    objects = raw.get("objects") if isinstance(raw, dict) else None
    if not isinstance(objects, list):
        return ()
    parsed: list[ParsedStroke] = []
    points_left, length_left = MAX_POINTS, MAX_LENGTH
    for drawn in objects[:MAX_STROKES]:
        before = parsed_before[len(parsed)] if len(parsed) < len(parsed_before) else None
        stroke = _parse(drawn, before, points_left)
        if stroke is None:
            continue
        points_left -= len(stroke.stroke.points)
        length_left -= stroke.length
        if points_left <= 0 or length_left < 0:
            break
        parsed.append(stroke)
    return tuple(parsed)


def to_objects(strokes: tuple[Stroke, ...]) -> list[dict[str, Any]]:
    """Return strokes as objects of the widget, which shows them again."""
    return [
        {
            "type": "Path",
            "path": _to_path(stroke),
            "stroke": INK,
            "strokeWidth": stroke.width,
            "strokeLineCap": "round",
            "strokeLineJoin": "round",
            "fill": None,
        }
        for stroke in strokes
    ]


def _parse(drawn: object, before: ParsedStroke | None, most_points: int) -> ParsedStroke | None:
    """Parse one object, unless it is the one that was parsed before; None where it is no stroke."""
    match drawn:
        case {"path": list() as path, "strokeWidth": width} if (
            _is_coordinate(width) and 0 < width <= _WIDEST_PEN
        ):
            if before and before.stroke.width == width and before.path == path:
                return before
            if points := _to_points(path, most_points):
                array = np.array(points, np.float32)
                length = float(np.hypot(*np.diff(array, axis=0).T).sum())
                return ParsedStroke(path, Stroke(array, float(width)), length)
    return None


def _to_points(path: Sequence[object], most: int) -> list[tuple[float, float]]:
    """Follow a path of moves, lines and quadratic curves to `most` points; none if it holds anything else."""
    points: list[tuple[float, float]] = []
    for command in path:
        if len(points) >= most:
            break
        match command:
            case ["M" | "L", x, y] if _is_coordinate(x) and _is_coordinate(y):
                points.append((x, y))
            case ["Q", a, b, x, y] if (
                points and _is_coordinate(a) and _is_coordinate(b) and _is_coordinate(x) and _is_coordinate(y)
            ):
                points.extend(_curve(points[-1], (a, b), (x, y)))
            case _:
                return []
    return points


def _curve(
    start: tuple[float, float], bend: tuple[float, float], end: tuple[float, float]
) -> list[tuple[float, float]]:
    """Walk along a quadratic curve, its start left out and its end included."""
    length = math.dist(start, bend) + math.dist(bend, end)
    steps = min(16, max(1, math.ceil(length / _CURVE_STEP)))
    shares = [step / steps for step in range(1, steps + 1)]
    return [
        (
            (1 - t) ** 2 * start[0] + 2 * t * (1 - t) * bend[0] + t * t * end[0],
            (1 - t) ** 2 * start[1] + 2 * t * (1 - t) * bend[1] + t * t * end[1],
        )
        for t in shares
    ]


def _is_coordinate(value: object) -> TypeGuard[float]:
    """Return whether this is a number that can be a coordinate on the paper: finite, and not far off it."""
    return isinstance(value, int | float) and not isinstance(value, bool) and -_FURTHEST < value < _FURTHEST


def _to_path(stroke: Stroke) -> list[list[str | float]]:
    points = [(round(x, 1), round(y, 1)) for x, y in stroke.points.tolist()]
    if len(points) == 1:  # a line of no length is not drawn at all, not even as a dot
        points.append((points[0][0] + 0.1, points[0][1]))
    return [["L" if number else "M", x, y] for number, (x, y) in enumerate(points)]
