"""A simulator of badly photographed pages: seeded, with exact truth, in the hands of held-out writers.

Look at its pictures: `python -m benchmarks.photos FOLDER --kind table` writes some.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import cv2
import numpy as np
import typer
from numpy.typing import NDArray

from benchmarks.measures import Sample, fitted, held_out_digits
from benchmarks.scenes import crumple, hold_by_finger, lay_on_table, mark_page
from mnist_core.datasets.pen_strokes import PenDigit
from mnist_core.reading.strokes import Stroke, draw_strokes

PHOTOS = 120
"""How many a measurement takes."""
_PAGE = (1200, 1600)
"""Height and width of the page in pixels, before it is photographed."""
_FEWEST_TURNED = 4
"""Which way up so few digits stand nobody can say: 16 and 91 are one picture."""


class PhotoKind(StrEnum):
    """What is special about the pages; each kind is a stream of its own."""

    PAGE = "page"
    """One to three lines on plain, ruled or squared paper, upright, nothing else in view."""
    TURNED = "turned"
    """The same with at least four digits, the picture turned by 90, 180 or 270 degrees."""
    COLUMNS = "columns"
    """Rows of numbers that stand one below the other, in one to three columns."""
    TABLE = "table"
    """The page's edges and a dark table around it are in view."""
    FINGER = "finger"
    """Somebody's finger holds the page."""
    MARKED = "marked"
    """Punch holes, stains, a margin line."""
    ROUGH = "rough"
    """Paper with tooth and folds, a pen that skips, a hand that shook, a small picture."""


@dataclass(frozen=True, slots=True)
class Conditions:
    """How a page was made and photographed."""

    paper: str
    """plain, ruled or squared"""
    pencil: bool
    shadow: bool
    """A shadow with an edge falls on part of the page."""
    blur: float
    """Pixels, standard deviation."""
    grain: float
    """Grey levels, standard deviation."""
    tilt: float
    """Degrees."""
    jpeg: int
    """Quality."""


def draw_conditions(rng: np.random.Generator) -> Conditions:
    """Draw how the next page is made and photographed."""
    return Conditions(
        paper=str(rng.choice(["plain", "ruled", "squared"])),
        pencil=bool(rng.random() < 0.4),
        shadow=bool(rng.random() < 0.4),
        blur=float(rng.uniform(0.4, 1.8)),
        grain=float(rng.uniform(1, 7)),
        tilt=float(rng.normal(0, 2.5)),
        jpeg=int(rng.integers(45, 95)),
    )


def simulated_photos(
    data: Path, count: int = PHOTOS, seed: int = 0, kind: PhotoKind | str = PhotoKind.PAGE
) -> Iterator[Sample]:
    """Photograph pages of numbers, each page by one held-out writer.

    Args:
        data: the folder of measuring data.
        count: how many photos.
        seed: decides everything.
        kind: what is special about them.
    Returns:
        RGB photos and the text that stands on them.
    """
    by_writer = held_out_digits(data)
    kind = PhotoKind(kind)
    # The plain pages' stream is older than the other kinds.
    rng = np.random.default_rng(
        (seed, 7) if kind is PhotoKind.PAGE else (seed, 7, list(PhotoKind).index(kind))
    )
    made = 0
    while made < count:
        own = by_writer[int(rng.choice(list(by_writer)))]
        conditions = draw_conditions(rng)
        strokes, text = _write_columns(own, rng) if kind is PhotoKind.COLUMNS else _write_page(own, rng)
        if kind is PhotoKind.TURNED and len(text) < _FEWEST_TURNED:
            continue
        photo = photograph(strokes, conditions, rng, kind)
        if kind is PhotoKind.TURNED:
            photo = np.ascontiguousarray(np.rot90(photo, int(rng.integers(1, 4))))
        yield Sample(photo, text)
        made += 1


def digits_wrong(text: str, read: str) -> int:
    """Count the digits to change, add or take away to make `text` of what was read; lines don't count."""
    truth, found = text.replace("\n", ""), read.replace("\n", "")
    costs = list(range(len(found) + 1))
    for row, digit in enumerate(truth, 1):
        before, costs[0] = costs[0], row
        for column, other in enumerate(found, 1):
            changed = before + (digit != other)
            before, costs[column] = costs[column], min(changed, costs[column] + 1, costs[column - 1] + 1)
    return costs[-1]


def photograph(
    strokes: Sequence[Stroke],
    conditions: Conditions,
    rng: np.random.Generator,
    kind: PhotoKind = PhotoKind.PAGE,
) -> NDArray[np.uint8]:
    """Put strokes on paper and take a photo: uint8 (H, W, 3) RGB."""
    ink = (1 - draw_strokes(strokes, *_PAGE)[..., 0] / 255).astype(np.float32)
    page = _page(ink, conditions, rng, kind)
    page = _tilt(page, conditions.tilt, rng)
    if kind is PhotoKind.TABLE:
        page = lay_on_table(page, rng)
    if kind is PhotoKind.FINGER:
        # Where the tilt moves the writing isn't told: hands keep their distance.
        near = cv2.dilate(ink, np.ones((161, 161), np.uint8)) > 0
        page = hold_by_finger(page, near, rng)
    page *= _light(conditions.shadow, rng)[..., np.newaxis]
    page = np.asarray(cv2.GaussianBlur(page, (0, 0), conditions.blur), np.float32)
    if kind is PhotoKind.ROUGH:
        page = _shake(page, rng)
    page += rng.normal(0, conditions.grain, page.shape[:2]).astype(np.float32)[..., np.newaxis]
    page += rng.normal(0, conditions.grain / 2, page.shape).astype(np.float32)
    bgr = page.clip(0, 255).astype(np.uint8)[..., ::-1]
    _, packed = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, conditions.jpeg])
    seen = np.asarray(cv2.imdecode(packed, cv2.IMREAD_COLOR), np.uint8)
    return np.ascontiguousarray(seen[..., ::-1])


def _page(
    ink: NDArray[np.float32], conditions: Conditions, rng: np.random.Generator, kind: PhotoKind
) -> NDArray[np.float32]:
    """Write on paper: float32 (H, W, 3) RGB, 0 to 255, from ink (H, W) in [0, 1]."""
    if conditions.pencil:
        tooth = cv2.GaussianBlur(rng.normal(0, 1, _PAGE).astype(np.float32), (0, 0), 1.2)
        ink = ink * np.clip(0.62 + 0.5 * tooth, 0.15, 0.9) * 0.75
    else:
        ink = ink * rng.uniform(0.75, 0.95)
    pen = np.array([[60, 60, 70], [40, 50, 130], [30, 30, 35]][int(rng.integers(3))], np.float32)
    if conditions.pencil:
        pen = np.array([75, 75, 80], np.float32)
    paper = np.array([238, 236, 228], np.float32) + rng.normal(0, 4, 3).astype(np.float32)
    if kind is PhotoKind.ROUGH:
        paper = paper * rng.uniform(0.8, 1, 3).astype(np.float32)
        press = cv2.GaussianBlur(rng.normal(0, 1, _PAGE).astype(np.float32), (0, 0), 12) * 42
        ink = ink * np.clip(0.85 + 0.15 * press, 0.35, 1)
    page = np.broadcast_to(paper, (*_PAGE, 3)).copy()
    _rule(page, conditions.paper, rng)
    if kind is PhotoKind.ROUGH:
        crumple(page, rng)
    page += ink[..., np.newaxis] * (pen - page)
    if kind is PhotoKind.MARKED:
        mark_page(page, rng)
    return page


def _shake(page: NDArray[np.float32], rng: np.random.Generator) -> NDArray[np.float32]:
    """Move the phone while it looks, and keep a smaller picture of it."""
    reach = int(rng.integers(1, 6))
    kernel = np.zeros((2 * reach + 1, 2 * reach + 1), np.float32)
    step = np.array([np.cos(angle := rng.uniform(0, np.pi)), np.sin(angle)])
    ends = np.round(reach + np.outer([-reach, reach], step) / 2).astype(int).tolist()
    cv2.line(kernel, ends[0], ends[1], 1, 1)
    moved = cv2.filter2D(page, -1, kernel / kernel.sum())
    scale = rng.uniform(0.6, 1)
    return np.asarray(cv2.resize(moved, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.float32)


def _write_page(own: Sequence[PenDigit], rng: np.random.Generator) -> tuple[list[Stroke], str]:
    """Write one to three lines of one to eight digits."""
    height, width = _PAGE
    size = rng.uniform(55, 150)
    pen = max(2.0, size * rng.uniform(0.045, 0.12))
    strokes: list[Stroke] = []
    lines = []
    y = rng.uniform(80, 250)
    for _ in range(int(rng.integers(1, 4))):
        if y + 1.3 * size > height - 60:
            break
        x, text = rng.uniform(80, 350), ""
        for digit in (own[k] for k in rng.integers(len(own), size=int(rng.integers(1, 9)))):
            paths, breadth = fitted(digit, size * rng.uniform(0.88, 1.12))
            if x + breadth > width - 80:
                break
            corner = np.array([x, y + rng.normal(0, 0.05) * size])
            strokes += [Stroke((path + corner).astype(np.float32), pen) for path in paths]
            text += str(digit.label)
            x += breadth + pen + size * rng.uniform(0.12, 0.5)
        lines.append(text)
        y += size * rng.uniform(1.5, 2.2)
    return strokes, "\n".join(line for line in lines if line)


def _write_columns(own: Sequence[PenDigit], rng: np.random.Generator) -> tuple[list[Stroke], str]:
    """Write a table of numbers, flush left or right in their columns; it is read row by row."""
    height, width = _PAGE
    columns, rows = int(rng.integers(1, 4)), int(rng.integers(2, 8))
    pitch = (height - 200) / rows
    size = min(rng.uniform(45, 100), pitch / 1.25)
    pitch = min(pitch, size * rng.uniform(1.25, 2.0))
    pen = max(2.0, size * rng.uniform(0.045, 0.12))
    breadth = (width - 200) / columns
    flush_right = bool(rng.random() < 0.6)
    strokes: list[Stroke] = []
    lines = []
    for row in range(rows):
        text = ""
        for column in range(columns):
            left, x = 100 + column * breadth, 0.0
            number: list[Stroke] = []
            for digit in (own[k] for k in rng.integers(len(own), size=int(rng.integers(1, 5)))):
                paths, wide = fitted(digit, size * rng.uniform(0.88, 1.12))
                if x + wide > breadth - size:
                    break
                corner = np.array([x + left, 100 + row * pitch + rng.normal(0, 0.04) * size])
                number += [Stroke((path + corner).astype(np.float32), pen) for path in paths]
                text += str(digit.label)
                x += wide + pen + size * rng.uniform(0.12, 0.4)
            room = np.array([breadth - size - x if flush_right else 0.0, 0.0], np.float32)
            strokes += [Stroke(stroke.points + room, pen) for stroke in number]
        lines.append(text)
    return strokes, "\n".join(line for line in lines if line)


def _rule(page: NDArray[np.float32], paper: str, rng: np.random.Generator) -> None:
    """Print lines on the paper, in place: pale blue or grey, thin."""
    if paper == "plain":
        return
    colour = np.array([[150, 175, 215], [180, 180, 185], [165, 195, 190]][int(rng.integers(3))], np.float32)
    thick = int(rng.integers(1, 3))
    gap = int(rng.integers(45, 110)) if paper == "ruled" else int(rng.integers(35, 70))
    for y in range(int(rng.integers(gap)), page.shape[0], gap):
        page[y : y + thick] = colour
    if paper == "squared":
        for x in range(int(rng.integers(gap)), page.shape[1], gap):
            page[:, x : x + thick] = colour


def _tilt(page: NDArray[np.float32], degrees: float, rng: np.random.Generator) -> NDArray[np.float32]:
    """Turn the page a little and look at it aslant."""
    height, width = page.shape[:2]
    turn = np.vstack([cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0), [0, 0, 1]])
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    moved = corners + rng.uniform(-0.025, 0.025, corners.shape).astype(np.float32) * width
    matrix = cv2.getPerspectiveTransform(corners, moved) @ turn
    seen = cv2.warpPerspective(
        page, matrix, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT
    )
    return np.asarray(seen, np.float32)


def _light(shadow: bool, rng: np.random.Generator) -> NDArray[np.float32]:
    """Light that falls off to one side, and perhaps a shadow with a soft edge: float32 (H, W), 1 is full."""
    height, width = _PAGE
    rows, columns = np.mgrid[0 : 1 : height * 1j, 0 : 1 : width * 1j].astype(np.float32)
    direction = rng.uniform(0, 2 * np.pi)
    slope = np.cos(direction) * (columns - 0.5) + np.sin(direction) * (rows - 0.5)
    light = 0.85 + rng.uniform(0, 0.4) * slope
    if shadow:
        angle = rng.uniform(0, 2 * np.pi)
        edge = np.cos(angle) * (columns - rng.uniform(0.3, 0.7)) + np.sin(angle) * (
            rows - rng.uniform(0.3, 0.7)
        )
        soft = rng.uniform(0.004, 0.05)
        light *= 1 - rng.uniform(0.25, 0.5) / (1 + np.exp(-edge / soft))
    return np.asarray(light, np.float32)


def main(
    folder: Annotated[Path, typer.Argument(help="Where to write the pictures.")],
    data: Annotated[Path, typer.Option(help="The folder of measuring data.")] = Path("../shared/data"),
    count: int = 12,
    seed: int = 0,
    kind: PhotoKind = PhotoKind.PAGE,
) -> None:
    """Write simulated photos to look at; their names say what stands on them."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, sample in enumerate(simulated_photos(data, count, seed, kind)):
        name = f"{number:03}_{sample.text.replace(chr(10), '_')}.jpg"
        cv2.imwrite(str(folder / name), sample.picture[..., ::-1])


if __name__ == "__main__":
    typer.run(main)
