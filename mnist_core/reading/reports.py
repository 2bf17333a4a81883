"""Reports on picture files: the reading and a preview, or the sentence that says why there is none."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from mnist_core.errors import UnreadableFileError
from mnist_core.logs import log_event
from mnist_core.reading.files import LoadedPicture, load_picture
from mnist_core.reading.pictures import flatten_alpha, shrink
from mnist_core.reading.recognizer import Recognizer
from mnist_core.results import Box, DigitReading, Reading

_PREVIEW_SIDE = 1440
"""Pixels on a preview's longer side: nearly as many as are read, and Streamlit sends no more."""
_JPEG_QUALITY = 85
_CROP_SIDE = 176
"""Pixels on a side of a mark's crop: it is shown half as large, and phones have two to one."""
_CROP_SCALE = 2.0
"""How much larger than the mark its crop is: its neighbours help to recognize a digit."""
_SMALLEST_CROP = 24
"""Pixels of the picture on a side of a crop at least."""
_OUTLINE_RGB = (176, 74, 0)


@dataclass(frozen=True, slots=True)
class Frame:
    """A box as shares of the shown picture's width and height, in [0, 1]."""

    left: float
    top: float
    width: float
    height: float

    @classmethod
    def of(cls, box: Box, height: int, width: int) -> "Frame":
        """Return a box in a picture of this height and width as shares of them."""
        return cls(box.x / width, box.y / height, box.width / width, box.height / height)

    @property
    def middle(self) -> tuple[float, float]:
        """Its middle, across and down."""
        return self.left + self.width / 2, self.top + self.height / 2

    def in_pixels(self, height: int, width: int) -> Box:
        """Return the box in a picture of this height and width."""
        left, top = round(self.left * width), round(self.top * height)
        right, bottom = round((self.left + self.width) * width), round((self.top + self.height) * height)
        return Box(left, top, right - left, bottom - top)

    def turned(self) -> "Frame":
        """Return where it is once the picture is turned by 90 degrees clockwise."""
        return Frame(1 - self.top - self.height, self.left, self.height, self.width)


@dataclass(frozen=True, slots=True)
class Preview:
    """A picture made small enough to be held by a session, looked at and read again.

    Attributes:
        source: a JPEG file of it, upright as its file says.
        shown: a JPEG file of it, turned as it was read.
        size: (height, width) of the file's own pixels, in which the reading's boxes are.
        turn: degrees clockwise from `source` to `shown`: 0, 90, 180 or 270.
    """

    source: bytes
    shown: bytes
    size: tuple[int, int]
    turn: int

    def frame(self, box: Box) -> Frame:
        """Compute where a box of the reading is in the shown picture."""
        frame = Frame.of(box, *self.size)
        for _ in range(self.turn // 90):
            frame = frame.turned()
        return frame

    def box(self, frame: Frame) -> Box:
        """Compute where a box of the shown picture is in the file's own pixels."""
        for _ in range((360 - self.turn) // 90 % 4):
            frame = frame.turned()
        return frame.in_pixels(*self.size)


@dataclass(frozen=True, slots=True)
class PictureReport:
    """The result of reading one picture file; small, however large the picture was.

    Attributes:
        name: what the person calls the file.
        reading: what was read; None where the file could not be opened.
        error: the sentence that says why it could not; None where it could.
        preview: the picture, where it was asked for.
        reason: why it could not be opened, in a few words for a program; "" where it could.
    """

    name: str
    reading: Reading | None
    error: str | None = None
    preview: Preview | None = None
    reason: str = ""

    @property
    def text(self) -> str:
        """The text that was read; "" where there is none."""
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
    with_preview: bool = False,
) -> PictureReport:
    """Read one picture file; one that can't be opened has its reason in the report.

    Args:
        recognizer: what reads.
        source: the file's path, or its content.
        name: what the person calls it.
        as_drawing: take it for what a canvas shows, and not for a photo.
        with_preview: whether the report is to hold the picture too.
    Returns:
        The report, with boxes in the file's own pixels.
    """
    try:
        picture = load_picture(source, name)
    except UnreadableFileError as error:
        log_event("picture refused", reason=error.reason, bytes=_bytes_of(source))
        return PictureReport(name, None, str(error), reason=error.reason)
    pixels = picture.pixels
    reading = recognizer.read_drawing(_as_rgba(pixels)) if as_drawing else recognizer.read_photo(pixels)
    preview = _preview(picture, reading.turn) if with_preview else None
    return PictureReport(name, _in_file_pixels(reading, _size(pixels), picture.size), preview=preview)


def _bytes_of(source: Path | bytes) -> int | None:
    """Return a picture file's size; None where it can't be asked."""
    if isinstance(source, bytes):
        return len(source)
    try:
        return source.stat().st_size
    except (OSError, ValueError):
        return None


def read_turned(recognizer: Recognizer, report: PictureReport, turn: int) -> PictureReport:
    """Read a report's preview again, turned as a person says.

    Args:
        recognizer: what reads.
        report: with a preview.
        turn: degrees clockwise from the picture as its file says: 0, 90, 180 or 270.
    Returns:
        The report on the picture turned so, with boxes in the file's own pixels.
    """
    if report.preview is None:
        raise ValueError("only a report with a preview can be read again")
    pixels = decode_jpeg(report.preview.source)
    reading = recognizer.read_photo(pixels, turn)
    shown = _jpeg(_turned(pixels, turn)) if turn else report.preview.source
    preview = replace(report.preview, shown=shown, turn=turn)
    return replace(report, reading=_in_file_pixels(reading, _size(pixels), preview.size), preview=preview)


def crop_marks(report: PictureReport, groups: Iterable[Sequence[int]]) -> list[bytes]:
    """Crop marks from a report's preview, outlined, with what stands around them.

    Args:
        report: with a preview.
        groups: indices of the marks in the reading; those of a group are cropped together.
    Returns:
        A JPEG file for each group.
    """
    if report.preview is None:
        raise ValueError("marks are cropped from a preview")
    shown = decode_jpeg(report.preview.shown)
    boxes = [Box.around(report.marks[index].box for index in group) for group in groups]
    return [_jpeg(_crop(shown, report.preview.frame(box))) for box in boxes]


def _preview(picture: LoadedPicture, turn: int) -> Preview:
    small = _flat(shrink(picture.pixels, _PREVIEW_SIDE))
    source = _jpeg(small)
    return Preview(source, _jpeg(_turned(small, turn)) if turn else source, picture.size, turn)


def _size(pixels: NDArray[np.uint8]) -> tuple[int, int]:
    return pixels.shape[0], pixels.shape[1]


def _turned(pixels: NDArray[np.uint8], turn: int) -> NDArray[np.uint8]:
    return np.ascontiguousarray(np.rot90(pixels, -turn // 90))


def _flat(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return grey, RGB or RGBA as grey or RGB; clear paper becomes white."""
    if pixels.ndim == 2 or pixels.shape[2] == 3:
        return pixels
    return flatten_alpha(pixels)


def _crop(shown: NDArray[np.uint8], frame: Frame) -> NDArray[np.uint8]:
    """Crop a mark: uint8 RGB (_CROP_SIDE, _CROP_SIDE); beyond the picture's edge its edge is repeated."""
    height, width = shown.shape[:2]
    left, top = frame.left * width, frame.top * height
    right, bottom = left + frame.width * width, top + frame.height * height
    half = max(right - left, bottom - top, _SMALLEST_CROP / _CROP_SCALE) * _CROP_SCALE / 2
    corner = round((left + right) / 2 - half), round((top + bottom) / 2 - half)
    side = round(2 * half)
    inside = shown[max(0, corner[1]) : corner[1] + side, max(0, corner[0]) : corner[0] + side]
    above, before = max(0, -corner[1]), max(0, -corner[0])
    below, after = side - above - inside.shape[0], side - before - inside.shape[1]
    padded = cv2.copyMakeBorder(inside, above, below, before, after, cv2.BORDER_REPLICATE)
    smaller = cv2.INTER_AREA if side > _CROP_SIDE else cv2.INTER_CUBIC
    crop = cv2.resize(padded, (_CROP_SIDE, _CROP_SIDE), interpolation=smaller).astype(np.uint8, copy=False)
    scale = _CROP_SIDE / side
    margin = 5
    start = round((left - corner[0]) * scale) - margin, round((top - corner[1]) * scale) - margin
    end = round((right - corner[0]) * scale) + margin, round((bottom - corner[1]) * scale) + margin
    cv2.rectangle(crop, start, end, (255, 255, 255), 4, cv2.LINE_AA)  # so that it shows on any picture
    cv2.rectangle(crop, start, end, _OUTLINE_RGB, 2, cv2.LINE_AA)
    return crop


def decode_jpeg(jpeg: bytes) -> NDArray[np.uint8]:
    """Decode a JPEG file of our own: uint8 (H, W, 3) RGB."""
    return np.asarray(cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR_RGB), np.uint8)


def _as_rgba(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return a picture file's grey, RGB or RGBA as a canvas hands it over: RGBA."""
    if pixels.ndim == 2:
        return cv2.cvtColor(pixels, cv2.COLOR_GRAY2RGBA).astype(np.uint8, copy=False)
    if pixels.shape[2] == 3:
        return cv2.cvtColor(pixels, cv2.COLOR_RGB2RGBA).astype(np.uint8, copy=False)
    return pixels


def _in_file_pixels(reading: Reading, read_size: tuple[int, int], size: tuple[int, int]) -> Reading:
    """Return a reading with its boxes in the file's own pixels, and without the marks' large ink.

    Args:
        reading: of the picture as it was decoded.
        read_size: (height, width) of that.
        size: (height, width) of the file's own pixels.
    """
    across, down = size[1] / read_size[1], size[0] / read_size[0]
    # The cell in place of the ink, which takes megabytes where it comes from a large photo.
    digits = (replace(mark, box=mark.box.scaled(across, down), ink=mark.cell) for mark in reading.digits)
    return replace(reading, digits=tuple(digits))


def _jpeg(pixels: NDArray[np.uint8]) -> bytes:
    """Encode grey or RGB as a JPEG file."""
    ordered = pixels if pixels.ndim == 2 else cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR)
    _, encoded = cv2.imencode(".jpg", ordered, [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY])
    return bytes(encoded)
