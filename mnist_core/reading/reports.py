"""What came of one picture file: its reading, or the sentence that says why there is none."""

from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from mnist_core.errors import UnreadableFileError
from mnist_core.reading.files import read_picture_file
from mnist_core.reading.pictures import draw_boxes, shrink
from mnist_core.reading.recognizer import Recognizer
from mnist_core.results import DigitReading, Reading

_SHOWN_SIDE = 1200
"""Pixels on the longer side of the picture that is kept to be looked at."""
_JPEG_QUALITY = 85


@dataclass(frozen=True, slots=True)
class PictureReport:
    """What came of one picture file; small, however large the picture was.

    Attributes:
        name: what the person calls the file.
        reading: what was read; None where the file could not be opened.
        error: the sentence that says why it could not; None where it could.
        marked: a JPEG file of the picture with its boxes drawn, where it was asked for.
    """

    name: str
    reading: Reading | None
    error: str | None = None
    marked: bytes | None = None

    @property
    def text(self) -> str:
        """What was read; "" where there is nothing."""
        return self.reading.text if self.reading else ""

    @property
    def marks(self) -> tuple[DigitReading, ...]:
        """All marks in reading order, the refused ones among them."""
        return self.reading.digits if self.reading else ()

    @property
    def refused(self) -> int:
        """How many marks are no digits."""
        return sum(not mark.is_digit for mark in self.marks)

    @property
    def least_confidence(self) -> float | None:
        """The confidence of the digit that is least sure; None where there is no digit."""
        return min((mark.confidence for mark in self.marks if mark.is_digit), default=None)


def report_picture(
    recognizer: Recognizer,
    source: Path | bytes,
    name: str,
    *,
    as_drawing: bool = False,
    marked: bool = False,
) -> PictureReport:
    """Read one picture file; one that can't be opened has its reason in the report.

    Args:
        recognizer: what reads.
        source: the file's path, or its content.
        name: what the person calls it.
        as_drawing: take it for what a canvas shows, and not for a photo.
        marked: whether the picture with its boxes is wanted too.
    """
    try:
        pixels = read_picture_file(source, name)
    except UnreadableFileError as error:
        return PictureReport(name, None, str(error))
    reading = recognizer.read_drawing(_as_rgba(pixels)) if as_drawing else recognizer.read_photo(pixels)
    shown = _jpeg(shrink(draw_boxes(pixels, reading), _SHOWN_SIDE)) if marked else None
    return PictureReport(name, _without_ink(reading), marked=shown)


def _as_rgba(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Bring a picture file's grey, RGB or RGBA to what a canvas hands over."""
    if pixels.ndim == 2:
        return cv2.cvtColor(pixels, cv2.COLOR_GRAY2RGBA).astype(np.uint8, copy=False)
    if pixels.shape[2] == 3:
        return cv2.cvtColor(pixels, cv2.COLOR_RGB2RGBA).astype(np.uint8, copy=False)
    return pixels


def _without_ink(reading: Reading) -> Reading:
    """Keep of each mark's ink the cell alone: cut from a large photo, it takes megabytes."""
    return replace(reading, digits=tuple(replace(mark, ink=mark.cell) for mark in reading.digits))


def _jpeg(rgb: NDArray[np.uint8]) -> bytes:
    bgr = cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR)
    _, encoded = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY])
    return bytes(encoded)
