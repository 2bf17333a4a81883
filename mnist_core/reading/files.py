"""Picture files from outside: limits first, then an allow list by content, then pixels in memory.

Nothing here believes a file: not its name, not its size on paper, not its header's small print.
"""

import io
import logging
import stat
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import cv2
import numpy as np
import pillow_heif
from numpy.typing import NDArray
from PIL import ExifTags, Image, UnidentifiedImageError

from mnist_core.config import MAX_FILE_BYTES, MAX_PICTURE_PIXELS
from mnist_core.errors import UnreadableFileError
from mnist_core.reading.file_headers import is_heif_cut_short
from mnist_core.reading.sample_depths import grey_from_samples

PICTURE_SUFFIXES = frozenset(
    {".jpg", ".jpeg", ".png", ".webp", ".bmp", ".gif", ".tif", ".tiff", ".heic", ".heif"}
)
"""How the names of picture files end: what to look for in a folder. What a file is, its content says."""

_FORMATS = ("JPEG", "PNG", "WEBP", "BMP", "GIF", "TIFF", "HEIF")
_FORMATS_IN_WORDS = "JPEG, PNG, WebP, BMP, GIF, TIFF or HEIC"

_MAX_JPEG_SCANS = 100
"""A progressive JPEG holds about ten scans. Each costs a pass over all pixels, so thousands stop a server."""
_MAX_TIFF_BLOCK_BYTES = 80_000_000
"""A TIFF's strip or tile is unpacked whole, whatever part of it lies inside the picture."""
_STRIP_PIXELS = 1 << 20
"""Pixels converted at a time, so that a large picture is not held in several copies."""
_LONGEST_NAME = 120
_BYTES, _PIXELS = "too many bytes", "too many pixels"

_SAMPLE_MODES = ("I", "F", "I;16", "I;16B", "I;16L", "I;16N")
"""Pillow's modes with more than 8 bits in a pixel's one number."""

pillow_heif.register_heif_opener()
# What Pillow has to say about a broken file is said below, in a sentence. Once for the process, since
# warnings.catch_warnings is not safe among threads.
warnings.filterwarnings("ignore", module=r"PIL\.")
logging.getLogger("PIL").setLevel(logging.CRITICAL)


def read_picture_file(source: Path | bytes, name: str) -> NDArray[np.uint8]:
    """Open a picture from outside, upright as its EXIF says; of an animation the first frame.

    Args:
        source: the file's path, or its content.
        name: what the person calls it; used in messages only, never as a path.
    Returns:
        uint8 (H, W) grey, (H, W, 3) RGB or (H, W, 4) RGBA; H and W are the file's own, once upright.
    Raises:
        UnreadableFileError: missing, empty, damaged, of an unknown kind, or over a limit.
    """
    shown = printable_name(name)
    content = _content(source, shown)
    with _decoders_errors_in_words(shown):
        pixels, orientation = _open(content, shown)
    return _upright(pixels, orientation)  # out here, where Pillow's copy of the pixels is gone


@contextmanager
def _decoders_errors_in_words(shown: str) -> Iterator[None]:
    """Raise whatever a decoder raises as an UnreadableFileError.

    The one place where any exception is caught: hostile bytes make Pillow and its readers fail wherever
    they happen to be, with AssertionError, struct.error, KeyError and a dozen more, and none of them
    promises a list. Our own code below stays small; the cause is kept for who debugs it.
    """
    try:
        yield
    except UnreadableFileError:
        raise
    except Image.DecompressionBombError as error:
        raise UnreadableFileError(_too_many_pixels(shown, "far more"), _PIXELS) from error
    except UnidentifiedImageError as error:
        raise UnreadableFileError(
            f"{shown} can't be opened as a picture: it is damaged, or it isn't {_FORMATS_IN_WORDS}.",
            "no picture",
        ) from error
    except MemoryError as error:
        raise UnreadableFileError(
            f"{shown} takes more memory to open than there is now. Make it smaller, or try again later.",
            "no memory",
        ) from error
    except Exception as error:
        raise UnreadableFileError(
            f"{shown} is damaged or cut short. Send it again, or save it elsewhere as PNG or JPEG.",
            "damaged",
        ) from error


def printable_name(name: str) -> str:
    """Make a file's name fit for a sentence: one line, no control characters, not endless."""
    visible = "".join(letter if letter.isprintable() else "�" for letter in name) or "The file"
    if len(visible) <= _LONGEST_NAME:
        return visible
    half = _LONGEST_NAME // 2
    return f"{visible[:half]}…{visible[-half:]}"


def _content(source: Path | bytes, shown: str) -> bytes:
    content = source if isinstance(source, bytes) else _content_at(source, shown)
    if len(content) > MAX_FILE_BYTES:
        raise UnreadableFileError(_too_many_bytes(shown), _BYTES)
    if not content:
        raise UnreadableFileError(f"{shown} is empty. Choose another file, or send this one again.", "empty")
    return content


def _content_at(path: Path, shown: str) -> bytes:
    """Load a file's bytes, one more than the limit at most."""
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise UnreadableFileError(f"{shown} can't be opened: it is a folder.", "a folder")
        if not stat.S_ISREG(status.st_mode):  # a pipe whose other end says nothing would be waited for
            raise UnreadableFileError(
                f"{shown} can't be opened: it is a pipe or a device. Save the picture as a file.",
                "no regular file",
            )
        if status.st_size > MAX_FILE_BYTES:
            raise UnreadableFileError(_too_many_bytes(shown), _BYTES)
        with path.open("rb") as file:
            return file.read(MAX_FILE_BYTES + 1)  # it may have grown meanwhile
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise UnreadableFileError(f"{shown} can't be opened: {reason}.", reason) from None
    except ValueError:  # of a path with a NUL in it
        raise UnreadableFileError(f"{shown} can't be opened: no file has such a name.", "no name") from None


def _too_many_bytes(shown: str) -> str:
    return f"{shown} has more than {MAX_FILE_BYTES >> 20} MB. Save it smaller, or crop it, and try again."


def _too_many_pixels(shown: str, amount: str) -> str:
    limit = MAX_PICTURE_PIXELS // 1_000_000
    return f"{shown} has {amount} than {limit} megapixels. Scale it down, or crop it, and try again."


def _open(content: bytes, shown: str) -> tuple[NDArray[np.uint8], int]:
    """Decode what the header promises, within the limits: the pixels as stored, and how they are turned."""
    with Image.open(io.BytesIO(content), formats=_FORMATS) as picture:
        _check_limits(picture, content, shown)
        if picture.format == "HEIF" and is_heif_cut_short(content):
            raise EOFError("the file ends before its boxes do")
        return _decode(picture, content), _orientation(picture, shown)


def _check_limits(picture: Image.Image, content: bytes, shown: str) -> None:
    """Refuse by the header alone what would take too much time or memory to decode."""
    if picture.width * picture.height > MAX_PICTURE_PIXELS:
        amount = f"{picture.width} × {picture.height} pixels, more"
        raise UnreadableFileError(_too_many_pixels(shown, amount), _PIXELS)
    jpeg_scans = content.count(b"\xff\xda") if picture.format in ("JPEG", "MPO") else 0
    if jpeg_scans > _MAX_JPEG_SCANS or _tiff_block_bytes(picture) > _MAX_TIFF_BLOCK_BYTES:
        raise UnreadableFileError(
            f"{shown} is packed in a way that takes too much to unpack. "
            "Open it elsewhere, save it as PNG or JPEG, and try again.",
            "takes too much to unpack",
        )


def _tiff_block_bytes(picture: Image.Image) -> int:
    """How much libtiff unpacks at once: the bytes of one strip or tile; 0 for other formats."""
    tags = getattr(picture, "tag_v2", None)
    if picture.format != "TIFF" or tags is None:
        return 0
    width = int(tags.get(322, picture.width))  # TileWidth
    strip_rows = min(int(tags.get(278, picture.height)), picture.height)  # RowsPerStrip
    rows = int(tags.get(323, strip_rows))  # TileLength
    bits = tags.get(258, (1,))  # BitsPerSample, one number a channel
    return width * rows * sum(int(depth) for depth in bits) // 8


def _decode(picture: Image.Image, content: bytes) -> NDArray[np.uint8]:
    if picture.format == "WEBP":
        # Pillow decodes every WebP as an animation, in 390 MB for 25 megapixels; OpenCV takes 190.
        return _decode_webp(content)
    picture.load()
    if picture.mode in _SAMPLE_MODES:
        return grey_from_samples(picture)
    return _converted(picture)


def _decode_webp(content: bytes) -> NDArray[np.uint8]:
    flags = cv2.IMREAD_UNCHANGED | cv2.IMREAD_IGNORE_ORIENTATION
    try:
        bgr = cv2.imdecode(np.frombuffer(content, np.uint8), flags)
    except cv2.error as error:
        raise OSError("not a WebP that can be decoded") from error
    if bgr is None:
        raise OSError("not a WebP that can be decoded")
    code = cv2.COLOR_BGRA2RGBA if bgr.shape[2] == 4 else cv2.COLOR_BGR2RGB
    return cv2.cvtColor(bgr, code, dst=bgr).astype(np.uint8, copy=False)


def _converted(picture: Image.Image) -> NDArray[np.uint8]:
    """Bring any 8-bit mode to grey, RGB or RGBA, a strip at a time."""
    if picture.has_transparency_data:
        mode, channels = "RGBA", 4
    elif picture.mode in ("L", "1"):
        mode, channels = "L", 1
    else:
        mode, channels = "RGB", 3
    pixels = np.empty((picture.height, picture.width, channels), np.uint8)
    rows = max(1, _STRIP_PIXELS // picture.width)
    for top in range(0, picture.height, rows):
        strip = picture.crop((0, top, picture.width, min(top + rows, picture.height)))
        pixels[top : top + rows] = np.asarray(strip.convert(mode)).reshape(
            strip.height, strip.width, channels
        )
    return pixels[:, :, 0] if channels == 1 else pixels


def _orientation(picture: Image.Image, shown: str) -> int:
    """Return the EXIF number for how the camera was held; 1, upright, where there is none or it is broken."""
    try:
        with _decoders_errors_in_words(shown):
            return int(picture.getexif().get(ExifTags.Base.Orientation, 1))
    except UnreadableFileError:
        return 1  # the picture itself is sound


def _upright(pixels: NDArray[np.uint8], orientation: int) -> NDArray[np.uint8]:
    if 5 <= orientation <= 8:
        pixels = pixels.swapaxes(0, 1)
    if orientation in (3, 4, 7, 8):
        pixels = pixels[::-1]
    if orientation in (2, 3, 6, 7):
        pixels = pixels[:, ::-1]
    return np.ascontiguousarray(pixels)
