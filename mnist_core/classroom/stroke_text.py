"""Strokes as the database and a file of strokes have them: JSON, to a tenth of a pixel."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

import msgspec
import numpy as np

from mnist_core.json_files import decode_json
from mnist_core.reading.strokes import MAX_POINTS, MAX_STROKES, Stroke

_Coordinate = Annotated[float, msgspec.Meta(ge=-10_000, le=10_000)]


@dataclass(frozen=True, slots=True)
class StoredStroke:
    """One stroke: the pen's width, and where it went."""

    width: Annotated[float, msgspec.Meta(gt=0, le=200)]
    points: Annotated[
        list[tuple[_Coordinate, _Coordinate]], msgspec.Meta(min_length=1, max_length=MAX_POINTS)
    ]


@dataclass(frozen=True, slots=True)
class _StoredStrokes:
    strokes: Annotated[list[StoredStroke], msgspec.Meta(max_length=MAX_STROKES)]


def strokes_to_text(strokes: Sequence[Stroke]) -> str:
    """Return strokes as JSON: `{"strokes": [{"width": 20, "points": [[x, y], ...]}, ...]}`."""
    stored = [
        {
            "width": round(float(stroke.width), 1),
            "points": [[round(x, 1), round(y, 1)] for x, y in stroke.points.tolist()],
        }
        for stroke in strokes
    ]
    return json.dumps({"strokes": stored}, separators=(",", ":"))


def strokes_from_text(text: str) -> tuple[Stroke, ...]:
    """Return the strokes that a text holds.

    Raises:
        ValueError: it holds something else, or more than a drawing may.
    """
    stored = decode_json(text.encode(), _StoredStrokes)
    return tuple(Stroke(np.array(each.points, np.float32), each.width) for each in stored.strokes)
