"""The pictures we are measured by: each kind a stream of pictures with what they say. None was trained on."""

import csv
import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mnist_core.datasets.handwriting import draw_digit
from mnist_core.datasets.pen_strokes import PenDigit, load_pen_digits
from mnist_core.datasets.pendigits import HELD_OUT_WRITERS, of_writers
from mnist_core.reading.files import load_picture
from mnist_core.reading.strokes import Stroke, draw_strokes

NUMBERS = 400
"""How many numbers of several digits are put together."""
_NUMBER_PAPER = (280, 700)
_STROKES = "strokes/pendigits-orig.tra"


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """A picture and what a person reads in it.

    Attributes:
        picture: uint8 (H, W), (H, W, 3) or (H, W, 4).
        text: the digits; "" for what is no digit.
        strokes: as drawn, where the canvas knows them.
    """

    picture: NDArray[np.uint8]
    text: str
    strokes: tuple[Stroke, ...] = ()


def tablet(data: Path, pens: tuple[float, float], sizes: tuple[float, float]) -> Iterator[Sample]:
    """Draw each digit of the held-out tablet writers once on a canvas of 280 pixels."""
    rng = np.random.default_rng(0)
    for digit in of_writers(load_pen_digits(data / _STROKES), HELD_OUT_WRITERS):
        drawn = draw_digit(digit, rng, pen_widths=pens, sizes=sizes)
        yield Sample(drawn.rgba, str(drawn.label), drawn.strokes)


def held_out_digits(data: Path) -> dict[int, list[PenDigit]]:
    """Give the digits of the held-out tablet writers, by writer."""
    digits = of_writers(load_pen_digits(data / _STROKES), HELD_OUT_WRITERS)
    return {
        writer: [digit for digit in digits if digit.writer == writer] for writer in sorted(HELD_OUT_WRITERS)
    }


def fitted(digit: PenDigit, height: float) -> tuple[list[NDArray[np.floating]], float]:
    """Scale a digit to about a height, its top left corner at the origin: its paths, and its width."""
    points = np.concatenate(digit.strokes)
    low, extent = points.min(axis=0), np.ptp(points, axis=0)
    scale = height / max(extent[1], 0.7 * extent[0], 1)  # a 1 that lies down is not made a giant
    width: float = extent[0] * scale
    return [(path - low) * scale for path in digit.strokes], width


def tablet_numbers(data: Path) -> Iterator[Sample]:
    """Put 2 to 6 digits of one held-out writer side by side on a canvas, close but rarely touching."""
    by_writer = held_out_digits(data)
    rng = np.random.default_rng(0)
    for _ in range(NUMBERS):
        own = by_writer[int(rng.choice(list(by_writer)))]
        count = int(rng.integers(2, 7))
        height = rng.uniform(60, min(200, 620 / count))
        pen = float(rng.integers(5, 16))
        x, text, strokes = rng.uniform(10, 40), "", []
        for digit in (own[k] for k in rng.integers(len(own), size=count)):
            paths, breadth = fitted(digit, height * rng.uniform(0.85, 1.15))
            if x + breadth + pen > _NUMBER_PAPER[1]:
                break
            corner = np.array([x + pen / 2, 40 + rng.uniform(-8, 8)])
            strokes += [Stroke((path + corner).astype(np.float32), pen) for path in paths]
            text += str(digit.label)
            x += breadth + pen + height * rng.uniform(-0.02, 0.3)
        yield Sample(draw_strokes(strokes, *_NUMBER_PAPER), text, tuple(strokes))


def hwd1000(data: Path) -> Iterator[Sample]:
    """Digits drawn on a screen by other people."""
    with (data / "hwd1000/dataset.csv").open(encoding="utf-8") as table:
        for row in csv.DictReader(table):
            path = data / "hwd1000" / row["image"]
            yield Sample(load_picture(path, path.name).pixels, row["label"])


def usps(data: Path) -> Iterator[Sample]:
    """The test half of the digits cut from envelopes, 16x16 and without a margin of their own."""
    with gzip.open(data / "usps/zip.test.gz", "rt") as table:
        for line in table:
            label, *grey = line.split()
            cell = (np.array(grey, np.float32).reshape(16, 16) + 1) * 127.5
            yield Sample(np.pad(cell.round().astype(np.uint8), 4), label)


def scans(data: Path) -> Iterator[Sample]:
    """Digits cut from scanned forms, pen and pencil."""
    with (data / "scans/labels.csv").open(encoding="utf-8") as table:
        for row in csv.DictReader(table):
            path = data / "scans" / row["file"]
            yield Sample(load_picture(path, path.name).pixels, row["label"])


MORE_KINDS = (
    "photo_single",
    "photo_small28",
    "photo_multi",
    "screen_28px",
    "screen_hires",
    "screen_multi",
    "worksheet",
    "form",
)
"""Kinds of the pictures that once failed, or nearly did."""


def pictures(folder: Path, kind: str) -> Iterator[Sample]:
    """Load other people's photos and screen drawings of one kind."""
    with (folder / "labels.csv").open(encoding="utf-8") as table:
        for row in csv.DictReader(table):
            if row["kind"] == kind:
                path = folder / row["file"]
                yield Sample(load_picture(path, path.name).pixels, row["text"].replace("\\n", "\n"))
