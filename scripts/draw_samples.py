"""Draws the sample pictures of the upload page, from strokes of our own: `python scripts/draw_samples.py`."""

import sys
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))

from mnist_core.datasets.splines import cardinal_slopes, spline  # noqa: E402 (the project is not installed)
from mnist_core.reading.strokes import Stroke, draw_strokes  # noqa: E402

SAMPLES = PROJECT / "assets" / "samples"

Colour = tuple[int, int, int]

# The points a pen goes through, x,y in hundredths of a box with y down: a text for each stroke.
SHAPES = {
    "0": ("55,2 20,20 10,60 35,98 72,85 85,40 50,3",),
    "1": ("30,25 55,2 52,50 48,100",),
    "2": ("12,28 40,0 78,20 60,55 10,97 10,97 50,93 90,96",),
    "3": ("15,10 50,0 78,20 40,46 40,46 85,68 55,98 10,88",),
    "4": (
        "38,2 25,35 10,62 10,62 50,62 90,58",
        "70,25 66,60 62,100",
    ),
    "5": (
        "28,5 20,42 20,42 60,38 85,68 55,98 10,90",
        "28,5 55,4 85,2",
    ),
    "6": ("68,2 30,30 13,70 40,99 75,80 60,53 20,65",),
    "7": (
        "10,8 50,6 88,5 88,5 60,45 40,100",
        "28,52 50,50 74,50",
    ),
    "8": ("75,14 45,0 22,20 50,45 82,75 50,100 16,78 50,45 76,14",),
    "9": ("78,22 45,0 18,25 40,50 76,24 76,24 72,60 60,100",),
}


def smooth(shape: str, steps: int = 12) -> NDArray[np.float32]:
    """Lead a curve through a stroke's points (Catmull-Rom); a point given twice is a corner.

    Returns:
        float32 (n, 2) in [0, 1].
    """
    points = np.array([point.split(",") for point in shape.split()], np.float64) / 100
    return spline(points, cardinal_slopes(points), steps).astype(np.float32)


def write_line(
    text: str, left: float, top: float, size: float, pen: float, hand: np.random.Generator
) -> list[Stroke]:
    """Write digits side by side, no two quite alike.

    Args:
        text: digits and spaces.
        left: of the first digit, in pixels.
        top: of the line, in pixels.
        size: a digit's height in pixels.
        pen: its thickness in pixels.
        hand: decides how they differ.
    """
    strokes = []
    for sign in text:
        slant, width, height = hand.normal(0.08, 0.05), hand.normal(0.6, 0.04), hand.normal(1.0, 0.04)
        drop = top + size * hand.normal(0, 0.03)
        for shape in SHAPES.get(sign, ()):
            curve = smooth(shape) + hand.normal(0, 0.006, 2)
            x = left + size * (curve[:, 0] * width + slant * (1 - curve[:, 1]))
            points = np.column_stack([x, drop + size * height * curve[:, 1]]).astype(np.float32)
            strokes.append(Stroke(points, pen))
        left += size * (0.88 + hand.normal(0, 0.04))
    return strokes


def ink_of(strokes: list[Stroke], height: int, width: int) -> NDArray[np.float32]:
    """How much ink lies on the paper: float32 (height, width) in [0, 1]."""
    return (1 - draw_strokes(strokes, height, width)[:, :, 0] / 255).astype(np.float32)


def photograph(
    ink: NDArray[np.float32], paper_rgb: Colour, pen_rgb: Colour, hand: np.random.Generator
) -> NDArray[np.uint8]:
    """Photograph a page: uneven light, the paper's grain, a blur, the sensor's noise.

    Returns:
        uint8 (H, W, 3) RGB.
    """
    height, width = ink.shape
    grain = cv2.GaussianBlur(hand.normal(0, 1, (height, width)).astype(np.float32), (0, 0), 3)
    pressure = np.clip(0.92 + 0.35 * grain, 0.5, 1) * cv2.GaussianBlur(ink, (0, 0), 1.1)
    pens = pressure[..., np.newaxis]
    page = np.array(paper_rgb, np.float32) * (1 - pens) + np.array(pen_rgb, np.float32) * pens
    across, down = np.meshgrid(np.linspace(0, 1, width), np.linspace(0, 1, height))
    light = 1.02 - 0.22 * across - 0.18 * down - 0.12 / (1 + np.exp(-14 * (across - 0.8 * down - 0.35)))
    noise = hand.normal(0, 2.5, page.shape)
    photo: NDArray[np.float64] = page * light[..., np.newaxis] + 6 * grain[..., np.newaxis] + noise
    return photo.clip(0, 255).astype(np.uint8)


def main() -> None:
    """Write all samples."""
    SAMPLES.mkdir(parents=True, exist_ok=True)
    hand = np.random.default_rng(2026)

    drawing = draw_strokes(write_line("2026", 60, 70, 180, 16, hand), 320, 720)
    cv2.imwrite(str(SAMPLES / "drawing.png"), drawing[:, :, :3])

    lines = [
        stroke
        for row, text in enumerate(("3141", "592", "65358"))
        for stroke in write_line(text, 130, 110 + 240 * row, 150, 9, hand)
    ]
    save_photo("paper.jpg", photograph(ink_of(lines, 840, 1120), (236, 232, 222), (38, 52, 120), hand))

    chalk = write_line("1789", 110, 130, 230, 15, hand)
    save_photo("chalk.jpg", photograph(ink_of(chalk, 500, 1000), (52, 70, 62), (226, 228, 220), hand))


def save_photo(name: str, rgb: NDArray[np.uint8]) -> None:
    """Write a photo as JPEG."""
    cv2.imwrite(str(SAMPLES / name), cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, 82])


if __name__ == "__main__":
    main()
