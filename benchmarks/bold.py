"""Photos that one digit in a bold pen fills: close crops of felt pens, and chalk on boards.

Look at its pictures: `python -m benchmarks.bold FOLDER` writes some.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import cv2
import numpy as np
import typer
from numpy.typing import NDArray

from benchmarks.camera import aslant, felt_pen, hands, inked, lit, photographed, sheet_of_paper
from benchmarks.measures import Sample
from mnist_core.datasets.pen_strokes import PenDigit
from mnist_core.datasets.unipen import Split
from mnist_core.reading.strokes import Stroke

PHOTOS = 300
"""How many a measurement takes."""
SHORT_SIDES = (400, 2400)
"""Pixels of the shorter side of a photo."""
PENS = (0.05, 0.22)
"""A pen's width as a share of that side."""
_ON_BOARD = 0.2
"""So many photos are of light pens on dark boards."""
_SHADED = 0.35
_DRAWN_SIDE = 700
"""Larger photos are enlarged from this, grain excepted: nothing on them is finer."""


def bold_photos(
    data: Path,
    count: int = PHOTOS,
    seed: int = 0,
    split: Split = Split.TEST,
    short_sides: tuple[int, int] = SHORT_SIDES,
) -> Iterator[Sample]:
    """Photograph digits that fill the picture, each by another writer of a split.

    Args:
        data: the folder of measuring data.
        count: how many photos.
        seed: decides everything.
        split: whose digits.
        short_sides: the least and most pixels of a photo's shorter side; sizes in between are as frequent.
    Returns:
        RGB photos and their digits.
    """
    rng = np.random.default_rng((seed, 31))
    writers = hands(data, split)
    for _ in range(count):
        own = writers[int(rng.integers(len(writers)))]
        digit = own[int(rng.integers(len(own)))]
        side = np.exp(rng.uniform(*np.log(short_sides)))
        yield Sample(bold_photo(digit, round(side), rng), str(digit.label))


def bold_photo(digit: PenDigit, side: int, rng: np.random.Generator) -> NDArray[np.uint8]:
    """Write one digit with a bold pen and photograph it from near.

    Args:
        digit: what is written.
        side: the photo's shorter side in pixels.
        rng: decides all else.
    Returns:
        uint8 (H, W, 3) RGB.
    """
    points = np.concatenate(digit.strokes)
    low, extent = points.min(axis=0), np.maximum(np.ptp(points, axis=0), 1)
    size = _size(extent, side, rng)
    small = min(1.0, _DRAWN_SIDE / side)
    height, width = max(1, round(size[0] * small)), max(1, round(size[1] * small))
    pen = side * small * rng.uniform(*PENS)
    room = np.array([width, height]) * rng.uniform(0.7, 0.97) - pen
    scale = float((room / extent).min())
    corner = pen / 2 + (np.array([width, height]) - pen - extent * scale) * rng.uniform(0.2, 0.8, 2)
    strokes = [Stroke(((path - low) * scale + corner).astype(np.float32), pen) for path in digit.strokes]
    sheet = _written(strokes, (height, width), rng)
    sheet = aslant(sheet, 0.03, rng)
    sheet *= lit((height, width), bool(rng.random() < _SHADED), rng)[..., np.newaxis]
    sheet = np.asarray(cv2.resize(sheet, size[::-1], interpolation=cv2.INTER_CUBIC), np.float32)
    return photographed(sheet, rng, blur=min(side * rng.uniform(0, 0.004), 3), grain=rng.uniform(0.5, 7))


def _size(extent: NDArray[np.floating], side: int, rng: np.random.Generator) -> tuple[int, int]:
    """Cut the photo about as narrow as its digit is: (height, width) in pixels."""
    ratio = float(np.clip(extent[1] / extent[0] * rng.uniform(0.8, 1.25), 0.75, 2.2))
    return (round(side * ratio), side) if ratio >= 1 else (side, round(side / ratio))


def _written(strokes: list[Stroke], size: tuple[int, int], rng: np.random.Generator) -> NDArray[np.float32]:
    """Lay ink on paper or on a board, streaky as felt is: float32 (H, W, 3) RGB."""
    ink = inked(strokes, size)
    coarse = rng.normal(0, 1, (60, 60)).astype(np.float32)
    streaks = cv2.resize(cv2.GaussianBlur(coarse, (0, 0), 3, sigmaY=0.7), size[::-1]) * 3
    cover = ink * np.clip(rng.uniform(0.75, 0.98) + rng.uniform(0, 0.12) * streaks, 0.4, 1)
    sheet, pen = sheet_of_paper(size, rng), felt_pen(rng)
    if rng.random() < _ON_BOARD:
        sheet, pen = (
            sheet * np.float32(rng.uniform(0.12, 0.3)),
            np.float32(rng.uniform(0.8, 1)) * (np.float32(255) - pen * np.float32(0.25)),
        )
    return np.asarray(sheet + cover[..., np.newaxis] * (pen - sheet), np.float32)


def main(
    folder: Annotated[Path, typer.Argument(help="Where to write the pictures.")],
    data: Annotated[Path, typer.Option(help="The folder of measuring data.")] = Path("../shared/data"),
    count: int = 12,
    seed: int = 0,
) -> None:
    """Write bold photos to look at; their names say what stands on them."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, sample in enumerate(bold_photos(data, count, seed)):
        cv2.imwrite(str(folder / f"{number:03}_{sample.text}.jpg"), sample.picture[..., ::-1])


if __name__ == "__main__":
    typer.run(main)
