"""Pen strokes drawn to cells as a canvas draws them, each varied as if another hand had written it."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mnist_core.datasets.labelled_cells import as_bytes
from mnist_core.datasets.pen_strokes import PenDigit
from mnist_core.reading.ink import ink_from_rgba
from mnist_core.reading.normalization import normalize_crop
from mnist_core.reading.strokes import Stroke, draw_strokes

PAPER_SIDE = 280
"""Pixels of the square canvas that digits are drawn on."""
PEN_WIDTHS = (5.0, 25.0)
"""Pixels: the thinnest and thickest pen on that canvas."""
DIGIT_SIZES = (0.25, 0.90)
"""Share of the canvas that a digit's longer side takes, the pen's width included."""


@dataclass(frozen=True, slots=True, eq=False)
class PenDrawing:
    """A digit of pen strokes, drawn on a canvas.

    Attributes:
        rgba: uint8 (280, 280, 4); black on white.
        strokes: the same as strokes on that canvas.
        label: which digit it is, 0 to 9.
        writer: who wrote it, 1 to 30.
    """

    rgba: NDArray[np.uint8]
    strokes: tuple[Stroke, ...]
    label: int
    writer: int


@dataclass(frozen=True, slots=True)
class StrokeVariation:
    """How far a training digit may depart from what its writer drew. All zero: not at all."""

    rotation: float = 9.0
    """Degrees: a page lies askew."""
    slant: float = 0.22
    """Sideways shift for each unit of height: hands lean."""
    stretch: float = 0.18
    """Share by which width and height may differ from the writer's proportion."""
    smoothing: float = 2.0
    """Points of a running mean: a mouse wobbles, a quick finger is smooth."""
    jitter: float = 0.018
    """Share of the digit's size by which parts of a stroke wander."""
    gap: float = 0.05
    """Share of the digit's size by which a stroke may be displaced: bars that don't touch."""
    cut: float = 0.14
    """Share of the last stroke that may be missing at its end: a pen lifted early."""
    flourish: float = 0.16
    """Share of the digit's size by which its first and last stroke may begin sooner and end later, both ends
    of each: hooks and tails. Twice as much where they are one stroke."""


AS_WRITTEN = StrokeVariation(0, 0, 0, 0, 0, 0, 0, 0)
_CUT_OFTEN, _FLOURISH_OFTEN = 0.4, 0.25
"""How many of the ends are changed."""
_FEWEST_POINTS = 5
"""Of a stroke that is smoothed or lengthened: fewer are a dot or a straight line."""
_FLOURISH_TURN = 1.2
"""Radians, as a standard deviation: how far a hook or tail turns in all."""


def draw_digit(
    digit: PenDigit,
    rng: np.random.Generator,
    variation: StrokeVariation = AS_WRITTEN,
    pen_widths: tuple[float, float] = PEN_WIDTHS,
    sizes: tuple[float, float] = DIGIT_SIZES,
) -> PenDrawing:
    """Draw a digit somewhere on a canvas, with some pen, in some size.

    Args:
        digit: left unchanged.
        rng: decides pen, size, position and variation.
        variation: how far to depart from what was written; by default not at all.
        pen_widths: least and most, in pixels.
        sizes: least and most share of the canvas that the digit's longer side takes.
    Returns:
        The drawing; all of the digit is on the paper.
    """
    paths = _vary(digit.strokes, variation, rng)
    pen = float(rng.uniform(*pen_widths))
    side = max(float(rng.uniform(*sizes)) * PAPER_SIDE, pen + 1)
    low = np.min([path.min(axis=0) for path in paths], axis=0)
    extent = np.max([path.max(axis=0) for path in paths], axis=0) - low
    scale = (side - pen) / max(float(extent.max()), 1.0)
    room = PAPER_SIDE - extent * scale - pen
    corner = pen / 2 + rng.uniform(0, 1, 2) * np.maximum(room, 0)
    strokes = tuple(Stroke(((path - low) * scale + corner).astype(np.float32), round(pen)) for path in paths)
    return PenDrawing(draw_strokes(strokes, PAPER_SIDE, PAPER_SIDE), strokes, digit.label, digit.writer)


def cell_from_drawing(rgba: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Normalize all ink of a drawing as one digit: the product's own path, finding digits left out.

    Args:
        rgba: uint8 (H, W, 4); left unchanged.
    Returns:
        float32 (28, 28) in [0, 1].
    """
    return normalize_crop(ink_from_rgba(rgba))


def draw_cells(
    digits: Iterable[PenDigit],
    rng: np.random.Generator,
    variation: StrokeVariation = AS_WRITTEN,
    pen_widths: tuple[float, float] = PEN_WIDTHS,
) -> NDArray[np.uint8]:
    """Draw digits and normalize them.

    Args:
        digits: in any number.
        rng: decides pens, sizes, positions and variation.
        variation: how far to depart from what was written.
        pen_widths: least and most, in pixels of a canvas of 280.
    Returns:
        uint8 (n, 28, 28).
    """
    drawings = (draw_digit(digit, rng, variation, pen_widths) for digit in digits)
    cells = [cell_from_drawing(_crop_margin(drawing)) for drawing in drawings]
    return as_bytes(np.array(cells, np.float32).reshape(-1, 28, 28))


def _crop_margin(drawing: PenDrawing) -> NDArray[np.uint8]:
    """Return a drawing without most of its bare paper: the same cell, and less paper to look for ink on."""
    reach = max(stroke.width for stroke in drawing.strokes) / 2 + 3
    points = np.concatenate([stroke.points for stroke in drawing.strokes])
    left, top = np.maximum(points.min(axis=0) - reach, 0).astype(int)
    right, bottom = np.ceil(points.max(axis=0) + reach).astype(int)
    return drawing.rgba[top:bottom, left:right]


def _vary(
    strokes: tuple[NDArray[np.float32], ...], variation: StrokeVariation, rng: np.random.Generator
) -> list[NDArray[np.float64]]:
    """Return the same digit as a slightly different hand would write it."""
    paths = [path.astype(np.float64) for path in strokes]
    if variation == AS_WRITTEN:
        return paths
    size = float(np.ptp(np.concatenate(paths), axis=0).max()) or 1.0
    paths[-1] = _cut_end(paths[-1], float(rng.uniform(0, variation.cut)) * bool(rng.random() < _CUT_OFTEN))
    for index in (0, -1):
        paths[index] = _lengthen_end(paths[index][::-1], variation.flourish * size, rng)[::-1]
        paths[index] = _lengthen_end(paths[index], variation.flourish * size, rng)
    turn = np.deg2rad(rng.uniform(-variation.rotation, variation.rotation))
    rotation = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    slant = np.array([[1, rng.uniform(-variation.slant, variation.slant)], [0, 1]])
    stretch = np.diag(np.exp(rng.uniform(-variation.stretch, variation.stretch, 2)))
    change = rotation @ slant @ stretch
    window = int(rng.integers(0, round(variation.smoothing) + 1))
    varied = []
    for index, path in enumerate(paths):
        moved = _smooth(path, window) + _wander(len(path), variation.jitter * size * rng.random(), rng)
        displacement = rng.normal(0, variation.gap * size / 2, 2) if index else 0.0
        varied.append((moved + displacement) @ change.T)
    return varied


def _cut_end(path: NDArray[np.float64], share: float) -> NDArray[np.float64]:
    """Return a path without this share of its length at its end; a dot stays a dot."""
    lengths = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(path, axis=0).T))])
    return path[: max(2, int(np.searchsorted(lengths, lengths[-1] * (1 - share), side="right")))]


def _lengthen_end(path: NDArray[np.float64], longest: float, rng: np.random.Generator) -> NDArray[np.float64]:
    """Return a path, now and then with an arc at its end that goes on in its direction; a dot stays a dot."""
    if len(path) < _FEWEST_POINTS or rng.random() >= _FLOURISH_OFTEN:
        return path
    dx, dy = path[-1] - path[-4]
    steps = 5
    headings = np.arctan2(dy, dx) + np.linspace(0, rng.normal(0, _FLOURISH_TURN), steps + 1)[1:]
    step = rng.uniform(0, longest) / steps
    arc = np.cumsum(step * np.stack([np.cos(headings), np.sin(headings)], axis=1), axis=0)
    return np.concatenate([path, path[-1] + arc])


def _smooth(path: NDArray[np.float64], window: int) -> NDArray[np.float64]:
    """Replace each point by the mean of its neighbours, `window` on each side; the ends stay."""
    if not window or len(path) < _FEWEST_POINTS:
        return path
    roomy = np.pad(path, ((window, window), (0, 0)), mode="edge")
    shifted = [roomy[shift : shift + len(path)] for shift in range(2 * window + 1)]
    return np.asarray(np.mean(shifted, axis=0))


def _wander(count: int, amplitude: float, rng: np.random.Generator) -> NDArray[np.float64]:
    """Draw slow drift along a path: (count, 2), a new direction about every eight points."""
    knots = max(2, count // 8 + 2)
    drift = rng.normal(0, amplitude, (knots, 2))
    at = np.linspace(0, knots - 1, count)
    return np.stack([np.interp(at, np.arange(knots), drift[:, axis]) for axis in (0, 1)], axis=1)
