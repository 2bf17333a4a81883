"""Decodes an open picture file to pixels: large ones reduced, and none that would take too much memory.

Every way to decode says beforehand what it costs. The first one within the limit is taken, the least
reduced one first, so that no format needs a limit of its own.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from mnist_core.config import MAX_DECODING_BYTES
from mnist_core.errors import UnreadableFileError
from mnist_core.reading.file_headers import is_turned_by_pillow, jpeg_coefficient_bytes, tiff_block_bytes
from mnist_core.reading.sample_depths import SAMPLE_MODES, sample_converter
from mnist_core.reading.streaming import can_be_streamed, decode_streamed, streaming_bytes

_FULL_PIXELS = 25_000_000
"""Up to so many pixels a picture is decoded as it is."""
_REDUCED_SIDE = 3200
"""Pixels that a reduced picture's longer side keeps: twice as many as reading works with..."""
_LEAST_SIDE = 1600
"""...or as many, where only that fits into memory."""
_STREAMED_PIXELS = 12_000_000
"""From so many pixels on libvips, which goes through a file row by row, needs less memory than Pillow."""
_STRIP_PIXELS = 1 << 18
"""Pixels converted at a time, so that a large picture is not held in several copies."""
_STRIP_BYTES, _SAMPLE_STRIP_BYTES = 4_000_000, 12_000_000
"""What converting a strip takes: of bytes, and of larger numbers."""
_HEIF_BYTES, _WEBP_BYTES = 7, 7
"""What a pixel takes while its decoder, and then Pillow, hold the picture whole."""


@dataclass(frozen=True, slots=True)
class _Decoder:
    """One way to decode a picture.

    Attributes:
        peak_bytes: what it takes at most, by the factor of reduction.
        decode: decodes, reduced by that factor.
    """

    peak_bytes: Callable[[int], int]
    decode: Callable[[int], NDArray[np.uint8]]


def decode_picture(picture: Image.Image, content: bytes, shown: str) -> NDArray[np.uint8]:
    """Decode a picture, of more than 25 megapixels reduced to half its sides or less.

    Args:
        picture: as Pillow has opened it, not loaded yet.
        content: of its file.
        shown: its name, for the sentence.
    Returns:
        uint8 (h, w) grey, (h, w, 3) RGB or (h, w, 4) RGBA, not turned yet.
    Raises:
        UnreadableFileError: no way to decode it keeps within the memory that is allowed.
        Exception: whatever a decoder raises on a damaged file.
    """
    for decoder in _decoders(picture, content):
        for factor in _factors(*picture.size):
            if max(decoder.peak_bytes(factor), _turning_bytes(picture, factor)) <= MAX_DECODING_BYTES:
                return decoder.decode(factor)
    raise UnreadableFileError(f"{shown} {_too_much(picture)}", "takes too much memory")


def _factors(width: int, height: int) -> Iterator[int]:
    """Yield by how much a picture may be reduced, the least first."""
    longest = max(width, height)
    factor = 1 if width * height <= _FULL_PIXELS else max(2, longest // _REDUCED_SIDE)
    yield factor
    while longest >= _LEAST_SIDE * (factor := 2 * factor):
        yield factor


def _turning_bytes(picture: Image.Image, factor: int) -> int:
    """Compute what it takes to turn a decoded picture upright: it is there twice meanwhile."""
    return 2 * picture.width * picture.height // factor**2 * _channels(picture)


def _decoders(picture: Image.Image, content: bytes) -> Iterator[_Decoder]:
    pixels = picture.width * picture.height
    if picture.format in ("JPEG", "MPO"):
        yield _jpeg_decoder(picture, content)
    elif picture.format == "WEBP":
        yield _Decoder(lambda factor: pixels * _WEBP_BYTES, lambda factor: _decode_webp(content, factor))
    else:
        if pixels > _STREAMED_PIXELS and can_be_streamed(picture):
            channels = _channels(picture)
            yield _Decoder(
                lambda factor: streaming_bytes(picture, factor, channels),
                lambda factor: decode_streamed(content, str(picture.format), factor, channels),
            )
        yield _whole_decoder(picture)


def _jpeg_decoder(picture: Image.Image, content: bytes) -> _Decoder:
    """Use libjpeg's own scaling, by 2, 4 or 8."""
    width, height = picture.size
    coefficients = jpeg_coefficient_bytes(content)

    def scale(factor: int) -> int:
        return max(power for power in (1, 2, 4, 8) if power <= factor)

    def peak_bytes(factor: int) -> int:
        pixels = width * height // scale(factor) ** 2
        decoded = pixels * _pixel_bytes(picture)
        return decoded + max(coefficients, pixels * _channels(picture) + _STRIP_BYTES)

    def decode(factor: int) -> NDArray[np.uint8]:
        if scale(factor) > 1:
            picture.draft(None, (width // scale(factor), height // scale(factor)))
        return _decode_whole(picture, 1)

    return _Decoder(peak_bytes, decode)


def _whole_decoder(picture: Image.Image) -> _Decoder:
    """Have Pillow decode the whole picture, and reduce it strip by strip."""
    pixels = picture.width * picture.height
    decoded = pixels * _pixel_bytes(picture)
    strip_bytes = _SAMPLE_STRIP_BYTES if picture.mode in SAMPLE_MODES else _STRIP_BYTES
    meanwhile = tiff_block_bytes(picture)
    if is_turned_by_pillow(picture):
        meanwhile += decoded
    if picture.format == "BMP":
        meanwhile += pixels  # run lengths are unpacked to bytes first
    elif picture.format == "HEIF":
        meanwhile += pixels * (_HEIF_BYTES - _pixel_bytes(picture))

    def peak_bytes(factor: int) -> int:
        return decoded + max(meanwhile, pixels // factor**2 * _channels(picture) + strip_bytes)

    return _Decoder(peak_bytes, lambda factor: _decode_whole(picture, factor))


def _pixel_bytes(picture: Image.Image) -> int:
    """Return what Pillow takes for a pixel."""
    if picture.mode in ("1", "L", "P"):
        return 1
    return 2 if picture.mode.startswith("I;16") else 4


def _channels(picture: Image.Image) -> int:
    """Return how many channels a picture becomes: grey, RGB or RGBA."""
    if picture.mode in SAMPLE_MODES:
        return 1
    if picture.has_transparency_data:
        return 4
    return 1 if picture.mode in ("L", "1") else 3


def _decode_whole(picture: Image.Image, factor: int) -> NDArray[np.uint8]:
    picture.load()
    channels = _channels(picture)
    mode = {1: "L", 3: "RGB", 4: "RGBA"}[channels]
    convert = (
        sample_converter(picture)
        if picture.mode in SAMPLE_MODES
        else lambda strip: np.asarray(strip.convert(mode))
    )
    width, height = picture.size
    across, down = min(factor, width), min(factor, height)
    pixels = np.empty((-(-height // down), -(-width // across), channels), np.uint8)
    rows = max(1, _STRIP_PIXELS // (width * down)) * down
    for top in range(0, height, rows):
        strip = convert(picture.crop((0, top, width, min(top + rows, height))))
        reduced = _reduced(strip, across, down)
        pixels[top // down : top // down + len(reduced)] = reduced.reshape(len(reduced), -1, channels)
    return pixels[:, :, 0] if channels == 1 else pixels


def _reduced(pixels: NDArray[np.uint8], across: int, down: int) -> NDArray[np.uint8]:
    """Average blocks of pixels; what is left over at the right and below makes a block of its own."""
    if across == down == 1:
        return pixels
    height, width = pixels.shape[:2]
    size = -(-width // across), -(-height // down)
    return cv2.resize(pixels, size, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)


def _decode_webp(content: bytes, factor: int) -> NDArray[np.uint8]:
    # Pillow decodes every WebP as an animation, in 390 MB for 25 megapixels; OpenCV takes 190.
    flags = cv2.IMREAD_UNCHANGED | cv2.IMREAD_IGNORE_ORIENTATION
    bgr = cv2.imdecode(np.frombuffer(content, np.uint8), flags)
    if bgr is None:
        raise OSError("not a WebP that can be decoded")
    code = cv2.COLOR_BGRA2RGBA if bgr.shape[2] == 4 else cv2.COLOR_BGR2RGB
    return _reduced(cv2.cvtColor(bgr, code, dst=bgr).astype(np.uint8, copy=False), factor, factor)


def _too_much(picture: Image.Image) -> str:
    """Return what about a picture takes too much memory, and what to do."""
    megapixels = picture.width * picture.height / 1e6
    if picture.width * picture.height <= _FULL_PIXELS:
        return (
            "is packed in a way that takes too much memory. Save it elsewhere as PNG or JPEG, and try again."
        )
    if picture.format in ("JPEG", "MPO"):
        kind, remedy = "a progressive JPEG", "as an ordinary JPEG"
    elif picture.mode in SAMPLE_MODES:
        kind, remedy = "a picture of 16 bits or more", "with 8 bits"
    elif picture.info.get("interlace"):
        kind, remedy = "an interlaced PNG", "without interlacing"
    else:
        names = {"HEIF": "HEIC", "WEBP": "WebP"}
        kind, remedy = f"this kind of {names.get(str(picture.format), picture.format)}", "as a JPEG"
    return (
        f"has {megapixels:.0f} megapixels, too many for {kind}. "
        f"Save it {remedy}, or make it smaller, and try again."
    )
