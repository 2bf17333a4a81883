"""Small pictures of real paper: ruled notebook crops, boxes, forms, dark strips, faint pens, plots.

Look at its pictures: `python -m benchmarks.crops FOLDER --kind ruled` writes some.
"""

from collections.abc import Callable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import cv2
import numpy as np
import typer
from numpy.typing import NDArray

from benchmarks.camera import (
    Hands,
    aslant,
    felt_pen,
    hands,
    inked,
    lit,
    photographed,
    sheet_of_paper,
    write_number,
)
from benchmarks.measures import Sample
from mnist_core.datasets.pen_strokes import PenDigit
from mnist_core.datasets.unipen import Split
from mnist_core.reading.strokes import Stroke

CROPS = 100
"""How many of each kind a measurement takes."""
_HEIGHT = 100
"""Pixels of the writing's height before a crop is brought to its size."""
Sheet = NDArray[np.float32]
"""A scene before it is photographed: float32 (H, W, 3) RGB, 0 to 255."""
_Own = tuple[PenDigit, ...]


class CropKind(StrEnum):
    """What is special about the pictures; each kind is a stream of its own."""

    RULED = "ruled"
    """Two to five digits cut out of a ruled notebook: they stand on the line or cross it."""
    BOXED = "boxed"
    """A box around each digit, or a frame around the number."""
    FORM = "form"
    """Rows and columns of small digits, with or without a printed grid."""
    STRIP = "strip"
    """A dark strip along an edge of the picture."""
    FAINT = "faint"
    """A pen that is dry, skips, or hardly shows."""
    PLOT = "plot"
    """A screenshot: a digit as a dark square in a white margin, with ticks, numbers and a title."""


def crops(
    data: Path, kind: CropKind | str, count: int = CROPS, seed: int = 0, split: Split = Split.TEST
) -> Iterator[Sample]:
    """Make pictures of one kind.

    Args:
        data: the folder of measuring data.
        kind: what is special about them.
        count: how many.
        seed: decides everything.
        split: whose digits.
    Returns:
        RGB pictures and the text on them.
    """
    kind = CropKind(kind)
    rng = np.random.default_rng((seed, 53, list(CropKind).index(kind)))
    writers = hands(data, split)
    make = _MAKERS[kind]
    for _ in range(count):
        yield make(_someone(writers, rng), rng)


def _someone(writers: Hands, rng: np.random.Generator) -> _Own:
    return writers[int(rng.integers(len(writers)))]


def _ruled(own: _Own, rng: np.random.Generator) -> Sample:
    """Cut a number out of a page of a notebook."""
    pen = _HEIGHT * rng.uniform(0.05, 0.12)
    strokes, text, extent = write_number(own, int(rng.integers(2, 6)), _HEIGHT, pen, (0.0, 0.3), rng)
    left, top, right, below = _HEIGHT * rng.uniform([0.05, 0.05, 0.05, 0.1], [0.5, 0.6, 0.5, 0.6])
    size = round(top + _HEIGHT * 1.05 + below), round(left + extent[0] + right)
    sheet, colour = sheet_of_paper(size, rng), felt_pen(rng)
    base = top + _HEIGHT * (1 + rng.uniform(-0.15, 0.1))
    for y in (base - _HEIGHT * rng.uniform(1.2, 2), base, base + _HEIGHT * rng.uniform(1.2, 2)):
        _print_line(sheet, (-5, y), (size[1] + 5, y + size[1] * rng.normal(0, 0.02)), rng)
    if rng.random() < 0.3:
        x = left * rng.uniform(0.1, 0.9)
        _print_line(sheet, (x, -5), (x + size[0] * rng.normal(0, 0.02), size[0] + 5), rng)
    ink = inked([_moved(stroke, left, top) for stroke in strokes] + _neighbours(size, pen, rng), size)
    sheet += ink[..., np.newaxis] * np.float32(rng.uniform(0.7, 0.98)) * (colour - sheet)
    return Sample(_seen(sheet, rng, _log_uniform(18, 120, rng)), text)


def _neighbours(size: tuple[int, int], pen: float, rng: np.random.Generator) -> list[Stroke]:
    """Let a tail of what is written above or below reach into the picture."""
    found = []
    for y in (0, size[0]):
        if rng.random() < 0.25:
            x = rng.uniform(0.1, 0.9) * size[1]
            points = np.array([(x, y), (x + rng.normal(0, 6), y + np.sign(size[0] / 2 - y) * 9)], np.float32)
            found.append(Stroke(points, pen))
    return found


def _boxed(own: _Own, rng: np.random.Generator) -> Sample:
    """Write digits into boxes that share their sides or stand apart, or draw a frame around a number."""
    pen, count = _HEIGHT * rng.uniform(0.05, 0.13), int(rng.integers(1, 7))
    line = _HEIGHT * rng.uniform(0.02, 0.06)
    air = _HEIGHT * rng.uniform(0.05, 0.3)
    gap = 0.0 if rng.random() < 0.5 else _HEIGHT * rng.uniform(0.1, 0.4)
    around = bool(rng.random() < 0.3)
    x, strokes, text = _HEIGHT * 0.4, [], ""
    corners: list[tuple[float, float, float, float]] = []
    margin = _HEIGHT * rng.uniform(0.15, 0.6)
    for _ in range(count):
        digit, label, extent = write_number(own, 1, _HEIGHT * rng.uniform(0.8, 1), pen, (0, 0), rng)
        breadth = max(float(extent[0]), _HEIGHT * 0.6) + 2 * air
        corners.append((x, margin, x + breadth, margin + _HEIGHT + 2 * air))
        inside = np.array([x + (breadth - extent[0]) / 2, margin + air])
        strokes += [_moved(stroke, *inside) for stroke in digit]
        text += label
        x += breadth + (0.0 if around else gap)
    if around:
        corners = [(corners[0][0], margin, corners[-1][2], corners[0][3])]
    size = round(2 * margin + _HEIGHT + 2 * air), round(x + _HEIGHT * 0.4)
    sheet, colour = sheet_of_paper(size, rng), felt_pen(rng)
    shade = colour if rng.random() < 0.4 else np.float32(rng.uniform(20, 150))
    for left, top, right, bottom in corners:
        frame = np.zeros(size, np.float32)
        start, end = (round(16 * left), round(16 * top)), (round(16 * right), round(16 * bottom))
        cv2.rectangle(frame, start, end, 1.0, max(1, round(line)), cv2.LINE_8, 4)
        sheet += frame[..., np.newaxis] * np.float32(0.9) * (shade - sheet)
    sheet += inked(strokes, size)[..., np.newaxis] * np.float32(0.92) * (colour - sheet)
    return Sample(_seen(sheet, rng, _log_uniform(20, 200, rng)), text)


def _form(own: _Own, rng: np.random.Generator) -> Sample:
    """Fill a form: rows and columns of small digits."""
    rows, columns = int(rng.integers(3, 7)), int(rng.integers(4, 11))
    pen, pitch = _HEIGHT * rng.uniform(0.06, 0.13), _HEIGHT * rng.uniform(1.4, 2.2, 2)
    pitch[0] = min(pitch[0], pitch[1] * 1.2)
    margin = _HEIGHT * rng.uniform(0.2, 0.8)
    strokes, lines = [], []
    for row in range(rows):
        lines.append("")
        for column in range(columns):
            digit, label, extent = write_number(own, 1, _HEIGHT * rng.uniform(0.75, 1), pen, (0, 0), rng)
            place = margin + pitch * (column + 0.5, row + 0.5) - extent / 2
            strokes += [_moved(stroke, *(place + rng.normal(0, 0.05, 2) * _HEIGHT)) for stroke in digit]
            lines[-1] += label
    size = round(2 * margin + rows * pitch[1]), round(2 * margin + columns * pitch[0])
    sheet, colour = sheet_of_paper(size, rng), felt_pen(rng)
    if rng.random() < 0.6:
        shade, thick = np.float32(rng.uniform(20, 190)), max(1, round(_HEIGHT * rng.uniform(0.015, 0.05)))
        grid = np.zeros(size, np.float32)
        right, bottom = (margin + pitch * (columns, rows)).round().astype(int).tolist()
        for row in range(rows + 1):
            y = round(margin + row * pitch[1])
            cv2.line(grid, (round(margin), y), (right, y), 1.0, thick)
        for column in range(columns + 1):
            x = round(margin + column * pitch[0])
            cv2.line(grid, (x, round(margin)), (x, bottom), 1.0, thick)
        sheet += grid[..., np.newaxis] * np.float32(rng.uniform(0.5, 1)) * (shade - sheet)
    sheet += inked(strokes, size)[..., np.newaxis] * np.float32(0.92) * (colour - sheet)
    return Sample(_seen(sheet, rng, _log_uniform(14, 50, rng)), "\n".join(lines))


def _strip(own: _Own, rng: np.random.Generator) -> Sample:
    """Photograph a few digits with something dark along one edge of the picture."""
    pen = _HEIGHT * rng.uniform(0.05, 0.14)
    strokes, text, extent = write_number(own, int(rng.integers(1, 4)), _HEIGHT, pen, (0.08, 0.35), rng)
    left, top = _HEIGHT * rng.uniform(0.25, 0.7, 2)
    size = round(2 * top + _HEIGHT * 1.1), round(2 * left + extent[0])
    sheet = sheet_of_paper(size, rng)
    ink = inked([_moved(stroke, left, top) for stroke in strokes], size)
    sheet += ink[..., np.newaxis] * np.float32(0.92) * (felt_pen(rng) - sheet)
    rows, columns = np.mgrid[: size[0], : size[1]].astype(np.float32)
    away = [columns, size[1] - columns, rows, size[0] - rows][int(rng.integers(4))]
    along = rows if away is columns else columns
    breadth = _HEIGHT * rng.uniform(0.03, 0.18) + along * rng.normal(0, 0.02)
    dark = np.clip((breadth - away) / rng.uniform(0.8, 8) + 0.5, 0, 1)[..., np.newaxis]
    sheet += dark * (np.float32(rng.uniform(10, 90)) - sheet)
    return Sample(_seen(sheet, rng, _log_uniform(20, 400, rng), most_aslant=0.0), text)


def _faint(own: _Own, rng: np.random.Generator) -> Sample:
    """Write with a pen that is dry, skips or hardly shows."""
    pen = _HEIGHT * rng.uniform(0.05, 0.12)
    strokes, text, extent = write_number(own, int(rng.integers(1, 4)), _HEIGHT, pen, (0.08, 0.35), rng)
    left, top = _HEIGHT * rng.uniform(0.2, 0.6, 2)
    size = round(2 * top + _HEIGHT * 1.1), round(2 * left + extent[0])
    sigma = float(rng.uniform(1.5, 5))
    rough = rng.normal(0, 3.5 * sigma, size).astype(np.float32)
    skips = np.asarray(cv2.GaussianBlur(rough, (0, 0), sigma), np.float32)
    ink = inked([_moved(stroke, left, top) for stroke in strokes], size)
    ink *= np.clip(rng.uniform(0.5, 1.2) + rng.uniform(0, 0.7) * skips, 0.02, 1) * rng.uniform(0.35, 1)
    sheet = sheet_of_paper(size, rng)
    sheet += ink[..., np.newaxis] * (felt_pen(rng) - sheet)
    return Sample(_seen(sheet, rng, _log_uniform(20, 300, rng)), text)


def _plot(own: _Own, rng: np.random.Generator) -> Sample:
    """Plot one digit as light pixels in a dark square, with a margin, ticks, numbers, perhaps a title."""
    digit, text, extent = write_number(own, 1, _HEIGHT, _HEIGHT * rng.uniform(0.1, 0.18), (0, 0), rng)
    square = round(_HEIGHT * 1.5)
    corner = (square - extent) / 2
    ink = inked([_moved(stroke, *corner) for stroke in digit], (square, square))
    coarse = cv2.resize(ink, (28, 28), interpolation=cv2.INTER_AREA)
    side = int(rng.integers(120, 420))
    how = cv2.INTER_NEAREST if rng.random() < 0.6 else cv2.INTER_CUBIC
    seen = np.clip(cv2.resize(coarse, (side, side), interpolation=how), 0, 1)
    margin = (side * rng.uniform(0.08, 0.25, 2)).astype(int)
    top = int(side * rng.uniform(0.05, 0.2))
    picture = np.full((side + top + margin[1], side + 2 * margin[0], 3), 255, np.uint8)
    light = (np.array([255, 255, 255]), np.array([253, 231, 37]))[int(rng.random() < 0.25)]
    dark = np.array([0, 0, 0]) if light[2] == 255 else np.array([68, 1, 84])
    inside = dark + seen[..., np.newaxis] * (light - dark)
    picture[top : top + side, margin[0] : margin[0] + side] = inside.astype(np.uint8)
    if rng.random() < 0.8:
        _print_ticks(picture, (int(margin[0]), top, side))
    if rng.random() < 0.5:
        size = side / 420
        cv2.putText(picture, f"Label {text}", (int(margin[0]), top - 4), 0, size, (0, 0, 0), 1, cv2.LINE_AA)
    return Sample(picture, text)


def _print_ticks(picture: NDArray[np.uint8], square: tuple[int, int, int]) -> None:
    """Number the square's left and lower side as a plot does, in place; the square is (left, top, side)."""
    left, top, side = square
    for value in range(0, 28, 5):
        at, size = round((value + 0.5) * side / 28), side / 700
        cv2.line(picture, (left + at, top + side), (left + at, top + side + 3), (0, 0, 0), 1)
        cv2.line(picture, (left - 4, top + at), (left, top + at), (0, 0, 0), 1)
        black = (0, 0, 0)
        below = (left + at - 6, top + side + 8 + round(22 * size))
        cv2.putText(picture, str(value), below, 0, size, black, 1, cv2.LINE_AA)
        before = (max(0, left - 10 - round(36 * size)), top + at + 4)
        cv2.putText(picture, str(value), before, 0, size, black, 1, cv2.LINE_AA)


def _print_line(
    sheet: Sheet, start: tuple[float, float], end: tuple[float, float], rng: np.random.Generator
) -> None:
    """Print one line of a notebook's ruling, in place."""
    colour = [(90, 120, 185), (120, 60, 60), (130, 130, 135), (165, 110, 70)][int(rng.integers(4))]
    drawn = np.zeros(sheet.shape[:2], np.float32)
    ends = [tuple(round(16 * at) for at in point) for point in (start, end)]
    cv2.line(drawn, ends[0], ends[1], 1.0, max(1, round(_HEIGHT * rng.uniform(0.02, 0.06))), cv2.LINE_AA, 4)
    drawn = np.asarray(cv2.GaussianBlur(drawn, (0, 0), 0.8), np.float32)
    strength = np.float32(rng.uniform(0.3, 0.9))
    sheet += drawn[..., np.newaxis] * strength * (np.array(colour, np.float32) - sheet)


def _seen(
    sheet: Sheet, rng: np.random.Generator, height: float, most_aslant: float = 0.02
) -> NDArray[np.uint8]:
    """Photograph a scene so that its writing is about this many pixels high."""
    sheet = aslant(sheet, most_aslant, rng, degrees=0.0 if not most_aslant else 1.0)
    sheet = sheet * lit(sheet.shape[:2], bool(rng.random() < 0.25), rng)[..., np.newaxis]
    scale = height / _HEIGHT
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    seen = np.asarray(cv2.resize(sheet, None, fx=scale, fy=scale, interpolation=how), np.float32)
    return photographed(seen, rng, blur=height * rng.uniform(0, 0.025), grain=rng.uniform(0.5, 6))


def _moved(stroke: Stroke, x: float, y: float) -> Stroke:
    return Stroke((stroke.points + np.array([x, y])).astype(np.float32), stroke.width)


def _log_uniform(low: float, high: float, rng: np.random.Generator) -> float:
    return float(np.exp(rng.uniform(np.log(low), np.log(high))))


_MAKERS: dict[CropKind, Callable[[_Own, np.random.Generator], Sample]] = {
    CropKind.RULED: _ruled,
    CropKind.BOXED: _boxed,
    CropKind.FORM: _form,
    CropKind.STRIP: _strip,
    CropKind.FAINT: _faint,
    CropKind.PLOT: _plot,
}


def main(
    folder: Annotated[Path, typer.Argument(help="Where to write the pictures.")],
    data: Annotated[Path, typer.Option(help="The folder of measuring data.")] = Path("../shared/data"),
    count: int = 12,
    seed: int = 0,
    kind: CropKind = CropKind.RULED,
) -> None:
    """Write pictures to look at; their names say what stands on them."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, sample in enumerate(crops(data, kind, count, seed)):
        name = f"{number:03}_{sample.text.replace(chr(10), '_')}.png"
        cv2.imwrite(str(folder / name), sample.picture[..., ::-1])


if __name__ == "__main__":
    typer.run(main)
