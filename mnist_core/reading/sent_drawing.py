"""A drawing that a program sends: strokes as JSON, checked while they are parsed."""

from dataclasses import dataclass
from typing import Annotated

import msgspec
import numpy as np

from mnist_core.errors import InvalidImageError
from mnist_core.json_files import decode_json
from mnist_core.reading.strokes import MAX_LENGTH, MAX_POINTS, MAX_STROKES, Stroke

MAX_DRAWING_BYTES = 1_500_000
"""Of JSON: 20,000 points whose coordinates have as many digits as a float has."""
TOO_LARGE = "too large"
"""The reason of an error about a drawing that is one, but holds too much."""

_MAX_SIDE = 2000
_FURTHEST = 10_000
"""Pixels from the paper's corner at most."""
_WIDEST_PEN = 200
_MAX_AREA = 20_000_000
"""Pixels of the strokes' boxes together: each stroke is drawn in its own, four bytes a pixel and more."""

_Coordinate = Annotated[float, msgspec.Meta(ge=-_FURTHEST, le=_FURTHEST)]
_Side = Annotated[float, msgspec.Meta(ge=1, le=_MAX_SIDE)]


@dataclass(frozen=True, slots=True)
class _SentDrawing:
    """The JSON as it should be."""

    strokes: list[Annotated[list[tuple[_Coordinate, _Coordinate]], msgspec.Meta(min_length=1)]]
    width: _Side
    height: _Side
    pen: Annotated[float, msgspec.Meta(gt=0, le=_WIDEST_PEN)]


@dataclass(frozen=True, slots=True, eq=False)  # eq=False: comparing arrays has no single answer
class DrawingToRead:
    """Strokes, and the size of their paper in pixels."""

    strokes: tuple[Stroke, ...]
    height: int
    width: int


def parse_drawing(content: bytes) -> DrawingToRead:
    """Parse strokes and check that they are ones.

    Args:
        content: JSON, `{"strokes": [[[x, y], ...], ...], "width": W, "height": H, "pen": P}`, all in pixels.
    Raises:
        InvalidImageError: something else, or more than a drawing may hold: then its reason is `TOO_LARGE`.
    """
    try:
        sent = decode_json(content, _SentDrawing)
    except ValueError as error:
        raise InvalidImageError(f"This is no drawing: {error}.", "no drawing") from error
    points = sum(map(len, sent.strokes))
    if len(sent.strokes) > MAX_STROKES or points > MAX_POINTS:
        raise InvalidImageError(
            f"The drawing has {len(sent.strokes):,} strokes and {points:,} points; "
            f"it may have {MAX_STROKES} and {MAX_POINTS:,}.",
            TOO_LARGE,
        )
    drawing = DrawingToRead(
        tuple(Stroke(np.array(stroke, np.float32), sent.pen) for stroke in sent.strokes),
        round(sent.height),
        round(sent.width),
    )
    if sum(map(_length, drawing.strokes)) > MAX_LENGTH or _area(drawing) > _MAX_AREA:
        raise InvalidImageError(
            "The strokes are too long for one drawing. Send them at a smaller scale, or in several parts.",
            TOO_LARGE,
        )
    return drawing


def _length(stroke: Stroke) -> float:
    return float(np.hypot(*np.diff(stroke.points, axis=0).T).sum())


def _area(drawing: DrawingToRead) -> float:
    """Compute how many pixels the boxes of the strokes have together, as far as they lie on the paper."""
    edge = np.array([drawing.width, drawing.height])
    area = 0.0
    for stroke in drawing.strokes:
        margin = stroke.width / 2 + 1
        start = np.clip(stroke.points.min(axis=0) - margin, 0, edge)
        end = np.clip(stroke.points.max(axis=0) + margin, 0, edge)
        area += float(np.prod(end - start))
    return area
