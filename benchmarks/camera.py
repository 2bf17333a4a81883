"""Paper and a phone's camera: tinted sheets, uneven light, a slanting view, blur, grain, JPEG. All seeded."""

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.measures import fitted
from mnist_core.datasets.pen_strokes import PenDigit, load_pen_digits
from mnist_core.datasets.pendigits import CALIBRATION_WRITERS, HELD_OUT_WRITERS, of_writers
from mnist_core.datasets.unipen import Split, as_pen_digits, load_unipen, select_characters
from mnist_core.reading.strokes import Stroke, draw_strokes

Hands = tuple[tuple[PenDigit, ...], ...]
"""The digits of several writers, writer by writer."""
_GRAIN_SIDE = 509
"""Grain repeats itself after so many pixels: drawing it anew would take most of a photo's time."""
_FEWEST_DIGITS = 5
"""A writer of fewer is left out: his numbers would repeat themselves."""


def hands(data: Path, split: Split) -> Hands:
    """Return the digits of a split's writers, both of UNIPEN and of the tablet.

    Args:
        data: the folder of measuring data.
        split: `MEASURE` to report by, `CALIBRATE` to choose constants by.
    """
    tablet_writers = {Split.TEST: HELD_OUT_WRITERS, Split.CALIBRATION: CALIBRATION_WRITERS}[split]
    own: dict[tuple[str, int], list[PenDigit]] = {}
    for digit in of_writers(load_pen_digits(data / "strokes/pendigits-orig.tra"), tablet_writers):
        own.setdefault(("tablet", digit.writer), []).append(digit)
    characters = select_characters(load_unipen(data / "unipen/digits.jsonl.gz"), split)
    for character, digit in zip(characters, as_pen_digits(characters), strict=True):
        own.setdefault((character.source, character.writer), []).append(digit)
    return tuple(tuple(digits) for digits in own.values() if len(digits) >= _FEWEST_DIGITS)


def write_number(
    own: Sequence[PenDigit],
    count: int,
    height: float,
    pen: float,
    gaps: tuple[float, float],
    rng: np.random.Generator,
) -> tuple[list[Stroke], str, NDArray[np.floating]]:
    """Write digits of one hand side by side.

    Args:
        own: the hand's digits.
        count: how many to write.
        height: of the writing, in pixels.
        pen: its width, in pixels.
        gaps: the least and the most air between neighbours, as a share of the height.
        rng: decides which digits, and their heights.
    Returns:
        Strokes whose ink has its top left corner near (0, 0); the text; and its (width, height) in pixels.
    """
    x, text, strokes = 0.0, "", []
    for digit in (own[int(k)] for k in rng.integers(len(own), size=count)):
        tall = height * rng.uniform(0.9, 1.1)
        paths, breadth = fitted(digit, tall - pen)
        corner = np.array([x + pen / 2, pen / 2 + (height - tall) * rng.uniform(0, 1)])
        strokes += [Stroke((path + corner).astype(np.float32), pen) for path in paths]
        text += str(digit.label)
        x += breadth + pen + height * rng.uniform(*gaps)
    points = np.concatenate([stroke.points for stroke in strokes])
    return strokes, text, np.asarray(points.max(axis=0) + pen / 2)


def inked(strokes: Sequence[Stroke], size: tuple[int, int]) -> NDArray[np.float32]:
    """Draw strokes as ink: float32 (height, width) in [0, 1]."""
    return (1 - draw_strokes(strokes, *size)[..., 0] / 255).astype(np.float32)


def sheet_of_paper(size: tuple[int, int], rng: np.random.Generator) -> NDArray[np.float32]:
    """Lay a sheet of tinted paper down: float32 (height, width, 3) RGB, 0 to 255."""
    tint = rng.uniform(205, 250) * rng.uniform(0.9, 1, 3)
    return np.broadcast_to(tint.astype(np.float32), (*size, 3)).copy()


def felt_pen(rng: np.random.Generator) -> NDArray[np.float32]:
    """Choose a felt pen's colour: float32 RGB."""
    colours = [(40, 70, 170), (20, 110, 60), (190, 40, 40), (30, 30, 34), (110, 50, 130), (105, 65, 35)]
    return np.asarray(colours[int(rng.integers(len(colours)))] + rng.normal(0, 9, 3), np.float32)


def lit(size: tuple[int, int], shadow: bool, rng: np.random.Generator) -> NDArray[np.float32]:
    """Light a sheet from one side, dimmer in its corners, perhaps with a shadow: float32 (h, w)."""
    rows, columns = np.mgrid[-0.5 : 0.5 : size[0] * 1j, -0.5 : 0.5 : size[1] * 1j].astype(np.float32)
    angle = rng.uniform(0, 2 * np.pi)
    light = 0.88 + rng.uniform(0, 0.35) * (np.cos(angle) * columns + np.sin(angle) * rows)
    light -= rng.uniform(0, 0.35) * (rows**2 + columns**2)
    if shadow:
        angle, soft = rng.uniform(0, 2 * np.pi), rng.uniform(0.01, 0.1)
        beyond = np.cos(angle) * columns + np.sin(angle) * rows - rng.uniform(-0.3, 0.3)
        light *= 1 - rng.uniform(0.15, 0.45) / (1 + np.exp(-beyond / soft))
    return np.asarray(light, np.float32)


def aslant(
    sheet: NDArray[np.float32], most: float, rng: np.random.Generator, degrees: float = 2.0
) -> NDArray[np.float32]:
    """Look at a sheet a little askew: each corner moves by at most this share of the picture's sides."""
    height, width = sheet.shape[:2]
    turn = np.vstack(
        [cv2.getRotationMatrix2D((width / 2, height / 2), rng.normal(0, degrees), 1.0), [0, 0, 1]]
    )
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    moved = corners + (rng.uniform(-most, most, corners.shape) * (width, height)).astype(np.float32)
    matrix = cv2.getPerspectiveTransform(corners, moved) @ turn
    seen = cv2.warpPerspective(
        sheet, matrix, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(seen, np.float32)


def photographed(
    sheet: NDArray[np.float32], rng: np.random.Generator, blur: float, grain: float
) -> NDArray[np.uint8]:
    """Take the photo: blur and grain, and JPEG's losses.

    Args:
        sheet: float32 (H, W, 3) RGB, 0 to 255. Left unchanged.
        rng: decides the grain and how much is lost.
        blur: standard deviation in pixels.
        grain: standard deviation in grey levels.
    Returns:
        uint8 (H, W, 3) RGB.
    """
    seen = np.asarray(cv2.GaussianBlur(sheet, (0, 0), blur) if blur > 0.2 else sheet, np.float32)
    tile = rng.normal(0, grain, (_GRAIN_SIDE, _GRAIN_SIDE)).astype(np.float32)
    below, beside = (-(-side // _GRAIN_SIDE) for side in seen.shape[:2])
    noise = np.tile(tile, (below, beside))[: seen.shape[0], : seen.shape[1], np.newaxis]
    bgr = (seen + noise).clip(0, 255).astype(np.uint8)[..., ::-1]
    _, packed = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(55, 96))])
    return np.ascontiguousarray(np.asarray(cv2.imdecode(packed, cv2.IMREAD_COLOR), np.uint8)[..., ::-1])
