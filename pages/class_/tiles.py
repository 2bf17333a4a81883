"""A drawing as a small picture of its strokes, and what stands below it."""

from dataclasses import dataclass
from urllib.parse import quote

import numpy as np

from mnist_core.classroom.drawings import Drawing, State
from pages.shared.reading import percent

_SIDE = 100
"""Of a tile, in its own units."""
_MARGIN = 8


@dataclass(frozen=True, slots=True)
class Tile:
    """A drawing, fitted into a square.

    Attributes:
        id: the drawing's number.
        path: of all strokes, in SVG's words, in a square of 100.
        pen: the strokes' width there.
        asked: what it is, as far as anybody says.
        reading: what the network read; "" for nothing.
        is_misread: whether the two differ.
        is_hidden: from the wall.
        member: who drew it.
    """

    id: int
    path: str
    pen: float
    asked: str
    reading: str
    is_misread: bool
    is_hidden: bool
    member: str


def tile_of(drawing: Drawing) -> Tile:
    """Return a drawing as a tile."""
    path, pen = ("", 0.0) if drawing.state == State.HIDDEN else _fit(drawing)
    return Tile(
        drawing.id,
        path,
        pen,
        drawing.truth,
        drawing.reading,
        drawing.is_misread,
        drawing.state == State.HIDDEN,
        drawing.member,
    )


def picture_of(drawing: Drawing) -> str:
    """Return a drawing as the address of a picture, black on white."""
    path, pen = _fit(drawing)
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_SIDE} {_SIDE}">'
        f'<rect width="{_SIDE}" height="{_SIDE}" fill="#fff"/><path d="{path}" fill="none" stroke="#000" '
        f'stroke-width="{pen}" stroke-linecap="round" stroke-linejoin="round"/></svg>'
    )
    return f"data:image/svg+xml,{quote(svg)}"


def caption(drawing: Drawing) -> str:
    """Return what the network made of a drawing: "read as 1, 62 %"."""
    if not drawing.reading:
        return "read as no digit"
    return f"read as {drawing.reading}, {percent(drawing.confidence)}"


def _fit(drawing: Drawing) -> tuple[str, float]:
    """Fit strokes into a square: their path, and the pen's width there."""
    pen = max(stroke.width for stroke in drawing.strokes)
    points = np.concatenate([stroke.points for stroke in drawing.strokes])
    low, high = points.min(axis=0) - pen / 2, points.max(axis=0) + pen / 2
    scale = float((_SIDE - 2 * _MARGIN) / max(*(high - low), 1.0))
    shift = _SIDE / 2 - scale * (low + high) / 2
    paths = []
    for stroke in drawing.strokes:
        fitted = np.rint(stroke.points * scale + shift).astype(int).tolist()
        if len(fitted) == 1:  # a line of no length is drawn as a dot
            fitted *= 2
        paths.append("M" + "L".join(f"{x} {y}" for x, y in fitted))
    return "".join(paths), round(scale * pen, 1)
