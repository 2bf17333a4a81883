"""Picture files from outside: limits first, then an allow list by content, then pixels in memory.

Nothing that a file claims is trusted: not its name, not its size, not its header.
"""

import io
import logging
import stat
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pillow_heif
from numpy.typing import NDArray
from PIL import ExifTags, Image, UnidentifiedImageError

from mnist_core.config import MAX_FILE_BYTES, MAX_PICTURE_PIXELS
from mnist_core.errors import UnreadableFileError
from mnist_core.reading.decoding import decode_picture
from mnist_core.reading.file_headers import count_jpeg_scans, is_heif_cut_short

PICTURE_SUFFIXES = frozenset(
    {".jpg", ".jpeg", ".png", ".webp", ".bmp", ".gif", ".tif", ".tiff", ".heic", ".heif"}
)
"""How the names of picture files end, to find them in a folder; what a file is, its content decides."""

_FORMATS = ("JPEG", "PNG", "WEBP", "BMP", "GIF", "TIFF", "HEIF")
_FORMATS_IN_WORDS = "JPEG, PNG, WebP, BMP, GIF, TIFF or HEIC"

_MAX_JPEG_SCANS = 100
"""A progressive JPEG holds about ten scans. Each costs a pass over all pixels, so thousands stop a server."""
_LONGEST_NAME = 120
_BYTES, _PIXELS = "too many bytes", "too many pixels"

pillow_heif.register_heif_opener()
# A broken file has its sentence below, in place of Pillow's warnings. Once for the process, since
# warnings.catch_warnings is not safe among threads.
warnings.filterwarnings("ignore", module=r"PIL\.")
logging.getLogger("PIL").setLevel(logging.CRITICAL)


@dataclass(frozen=True, slots=True, eq=False)
class LoadedPicture:
    """A picture file's pixels, of a large file fewer than it has.

    Attributes:
        pixels: uint8 (h, w) grey, (h, w, 3) RGB or (h, w, 4) RGBA, upright.
        size: (height, width) of the file's own pixels, once upright.
    """

    pixels: NDArray[np.uint8]
    size: tuple[int, int]


def load_picture(source: Path | bytes, name: str) -> LoadedPicture:
    """Load a picture from outside, upright as its EXIF says; of an animation the first frame.

    Args:
        source: the file's path, or its content.
        name: what the person calls it; used in messages only, never as a path.
    Returns:
        The picture; one of more than 25 megapixels comes reduced.
    Raises:
        UnreadableFileError: missing, empty, damaged, of an unknown kind, or over a limit.
    """
    shown = printable_name(name)
    content = _content(source, shown)
    with _decoders_errors_in_words(shown):
        pixels, size, orientation = _open(content, shown)
    del content  # which leaves room for what follows
    return LoadedPicture(_upright(pixels, orientation), size)


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
    """Return a file's name fit for a sentence: one line, no control characters, not endless."""
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


def _open(content: bytes, shown: str) -> tuple[NDArray[np.uint8], tuple[int, int], int]:
    """Decode a file: pixels as stored, the file's own (height, width) once upright, the orientation."""
    with Image.open(io.BytesIO(content), formats=_FORMATS) as picture:
        _check_limits(picture, content, shown)
        width, height = picture.size
        pixels = decode_picture(picture, content, shown)
        orientation = _orientation(picture, shown)
    is_on_its_side = 5 <= orientation <= 8 and picture.format != "TIFF"  # whose size Pillow tells upright
    return pixels, (width, height) if is_on_its_side else (height, width), orientation


def _check_limits(picture: Image.Image, content: bytes, shown: str) -> None:
    """Refuse by the header alone what would take too much time to decode, or is not all there."""
    if picture.width * picture.height > MAX_PICTURE_PIXELS:
        amount = f"{picture.width} × {picture.height} pixels, more"
        raise UnreadableFileError(_too_many_pixels(shown, amount), _PIXELS)
    if picture.format in ("JPEG", "MPO") and count_jpeg_scans(content) > _MAX_JPEG_SCANS:
        raise UnreadableFileError(
            f"{shown} is packed in a way that takes too long to unpack. "
            "Save it elsewhere as PNG or JPEG, and try again.",
            "takes too long to unpack",
        )
    if picture.format == "HEIF" and is_heif_cut_short(content):
        raise EOFError("the file ends before its boxes do")


def _orientation(picture: Image.Image, shown: str) -> int:
    """Return the EXIF number for how the camera was held; 1, upright, where there is none or it is broken."""
    try:
        with _decoders_errors_in_words(shown):
            # Of the base class: a PNG's own method decodes the whole picture, in search of EXIF behind it.
            return int(Image.Image.getexif(picture).get(ExifTags.Base.Orientation, 1))
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
