"""A simulator of badly photographed pages: seeded, with exact truth, in the hands of held-out writers.

Look at its pictures: `python -m benchmarks.photos FOLDER` writes some.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import cv2
import numpy as np
import typer
from numpy.typing import NDArray

from benchmarks.measures import Sample, fitted, held_out_digits
from mnist_core.learning.tablet import TabletDigit
from mnist_core.reading.strokes import Stroke, draw_strokes

PHOTOS = 120
"""How many a measurement takes."""
_PAGE = (1200, 1600)
"""Height and width of the page in pixels, before it is photographed."""


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


def simulated_photos(data: Path, count: int = PHOTOS, seed: int = 0) -> Iterator[Sample]:
    """Photograph pages of one to three lines, each page by one held-out writer.

    Args:
        data: the folder of measuring data.
        count: how many photos.
        seed: decides everything.
    Returns:
        RGB photos and the text that stands on them.
    """
    by_writer = held_out_digits(data)
    rng = np.random.default_rng((seed, 7))
    for _ in range(count):
        own = by_writer[int(rng.choice(list(by_writer)))]
        conditions = draw_conditions(rng)
        strokes, text = _write_page(own, rng)
        yield Sample(photograph(strokes, conditions, rng), text)


def photograph(
    strokes: Sequence[Stroke], conditions: Conditions, rng: np.random.Generator
) -> NDArray[np.uint8]:
    """Put strokes on paper and take a photo: uint8 (H, W, 3) RGB."""
    height, width = _PAGE
    ink = 1 - draw_strokes(strokes, height, width)[..., 0].astype(np.float32) / 255
    if conditions.pencil:
        tooth = cv2.GaussianBlur(rng.normal(0, 1, _PAGE).astype(np.float32), (0, 0), 1.2)
        ink = ink * np.clip(0.62 + 0.5 * tooth, 0.15, 0.9) * 0.75
    else:
        ink = ink * rng.uniform(0.75, 0.95)
    pen = np.array([[60, 60, 70], [40, 50, 130], [30, 30, 35]][int(rng.integers(3))], np.float32)
    if conditions.pencil:
        pen = np.array([75, 75, 80], np.float32)
    paper = np.array([238, 236, 228], np.float32) + rng.normal(0, 4, 3).astype(np.float32)
    page = np.broadcast_to(paper, (height, width, 3)).copy()
    _rule(page, conditions.paper, rng)
    page += ink[..., np.newaxis] * (pen - page)
    page = _tilt(page, conditions.tilt, rng)
    page *= _light(conditions.shadow, rng)[..., np.newaxis]
    page = np.asarray(cv2.GaussianBlur(page, (0, 0), conditions.blur), np.float32)
    page += rng.normal(0, conditions.grain, page.shape[:2]).astype(np.float32)[..., np.newaxis]
    page += rng.normal(0, conditions.grain / 2, page.shape).astype(np.float32)
    bgr = page.clip(0, 255).astype(np.uint8)[..., ::-1]
    _, packed = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, conditions.jpeg])
    seen = np.asarray(cv2.imdecode(packed, cv2.IMREAD_COLOR), np.uint8)
    return np.ascontiguousarray(seen[..., ::-1])


def _write_page(own: Sequence[TabletDigit], rng: np.random.Generator) -> tuple[list[Stroke], str]:
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
) -> None:
    """Write simulated photos to look at; their names say what stands on them."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, sample in enumerate(simulated_photos(data, count)):
        name = f"{number:03}_{sample.text.replace(chr(10), '_')}.jpg"
        cv2.imwrite(str(folder / name), sample.picture[..., ::-1])


if __name__ == "__main__":
    typer.run(main)
