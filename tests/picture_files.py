"""Small picture files of every kind, sound ones and ones of our own making, for tests to open."""

import io
import struct
import zlib
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from mnist_core.reading.files import load_picture

HEIGHT, WIDTH = 40, 60


def grey_picture() -> NDArray[np.uint8]:
    """uint8 (40, 60): paper of 230 with a dark bar at the left."""
    grey = np.full((HEIGHT, WIDTH), 230, np.uint8)
    grey[5:35, 8:14] = 20
    return grey


def saved(picture: Image.Image | NDArray[Any], kind: str, **options: Any) -> bytes:
    """A picture as a file's content."""
    image = Image.fromarray(picture) if isinstance(picture, np.ndarray) else picture
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def as_grey(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Any result as grey on white paper, for comparing."""
    if pixels.ndim == 2:
        return pixels
    rgb = pixels[..., :3].astype(float)
    if pixels.shape[2] == 4:
        alpha = pixels[..., 3:] / 255
        rgb = rgb * alpha + 255 * (1 - alpha)
    return np.asarray(rgb.mean(axis=2).round(), np.uint8)


def png_chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png(
    width: int,
    height: int,
    *chunks: bytes,
    bits: int = 8,
    colour: int = 0,
    interlaced: bool = False,
    rows: bytes = b"",
) -> bytes:
    """A PNG of our own choosing: what its header claims need not be so."""
    header = struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, interlaced)
    data = png_chunk(b"IDAT", zlib.compress(rows, 1))
    signature = b"\x89PNG\r\n\x1a\n"
    return signature + png_chunk(b"IHDR", header) + b"".join(chunks) + data + png_chunk(b"IEND", b"")


def tiff(tags: dict[int, int]) -> bytes:
    """A TIFF of our own choosing, with a whole number for each tag."""
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in sorted(tags.items()))
    return b"II*\0" + struct.pack("<IH", 8, len(tags)) + entries + bytes(4)


def interlaced_png(picture: NDArray[np.uint8]) -> bytes:
    """A grey or RGB picture in PNG's seven passes, which Pillow reads and doesn't write."""
    passes = (
        (0, 0, 8, 8),
        (4, 0, 8, 8),
        (0, 4, 4, 8),
        (2, 0, 4, 4),
        (0, 2, 2, 4),
        (1, 0, 2, 2),
        (0, 1, 1, 2),
    )
    rows = bytearray()
    for x, y, across, down in passes:
        part = picture[y::down, x::across]
        part = part.reshape(len(part), -1)
        if part.shape[1]:
            rows += np.pad(part, ((0, 0), (1, 0))).tobytes()  # before each row the number of its filter: none
    height, width = picture.shape[:2]
    return png(width, height, colour=0 if picture.ndim == 2 else 2, interlaced=True, rows=bytes(rows))


def load_pixels(content: bytes) -> NDArray[np.uint8]:
    """What a file's content is loaded as."""
    return load_picture(content, "picture").pixels
