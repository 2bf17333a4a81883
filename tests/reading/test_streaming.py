"""libvips gives the very pixels that Pillow gives, and refuses what is cut short."""

import io

import cv2
import numpy as np
import pytest
import pyvips
from PIL import Image

from mnist_core.reading.streaming import can_be_streamed, decode_streamed, streaming_bytes
from tests.picture_files import interlaced_png, png, saved

RNG = np.random.default_rng(0)
GREY = Image.fromarray(RNG.integers(0, 256, (60, 50), np.uint8))
COLOUR = Image.fromarray(RNG.integers(0, 256, (60, 50, 3), np.uint8))


def decoded(content: bytes, factor: int = 1, channels: int = 3) -> np.ndarray:
    """A file's content decoded by libvips."""
    return decode_streamed(content, str(opened(content).format), factor, channels)


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
@pytest.mark.parametrize(
    ("image", "options"),
    [
        pytest.param(GREY, {}, id="grey"),
        pytest.param(GREY.convert("1"), {}, id="black and white"),
        pytest.param(GREY.convert("LA"), {}, id="grey with alpha"),
        pytest.param(COLOUR.quantize(16), {}, id="palette"),
        pytest.param(COLOUR.quantize(4), {"bits": 2}, id="palette of 2 bits"),
        pytest.param(COLOUR, {}, id="colour"),
        pytest.param(COLOUR.convert("RGBA"), {}, id="colour with alpha"),
    ],
)
def test_pixels_are_those_that_pillow_gives(image: Image.Image, options: dict, kind: str):
    content = saved(image, kind, **options)
    mode = "RGBA" if "A" in image.mode else "L" if image.mode in ("1", "L") else "RGB"
    expected = np.asarray(opened(content).convert(mode))
    assert can_be_streamed(opened(content))
    pixels = decoded(content, channels=len(mode))
    assert pixels.dtype == np.uint8
    assert np.array_equal(pixels, expected)


@pytest.mark.parametrize(
    "options",
    [
        pytest.param({"compression": "tiff_lzw"}, id="lzw"),
        pytest.param({"compression": "jpeg"}, id="jpeg"),
        pytest.param({"compression": "packbits"}, id="packbits"),
        pytest.param({"compression": "tiff_adobe_deflate", "tiffinfo": {278: 60}}, id="one strip"),
    ],
)
def test_tiffs_are_read_however_they_are_packed(options: dict):
    content = saved(COLOUR, "TIFF", **options)
    assert np.array_equal(decoded(content), np.asarray(opened(content).convert("RGB")))


def test_a_colour_that_a_png_calls_clear_becomes_alpha():
    content = saved(GREY, "PNG", transparency=GREY.getpixel((3, 4)))
    assert np.array_equal(decoded(content, channels=4), np.asarray(opened(content).convert("RGBA")))


def test_channels_of_16_bits_are_brought_to_8():
    samples = np.asarray(COLOUR).astype(np.uint16) * 257
    _, encoded = cv2.imencode(".png", samples[..., ::-1])
    assert np.array_equal(decoded(encoded.tobytes()), np.asarray(COLOUR))


def test_blocks_of_pixels_are_averaged_and_none_is_lost_at_the_edge():
    grey = np.asarray(GREY)
    small = decoded(saved(GREY, "PNG"), 7, 1)
    assert small.shape == (9, 8)
    assert small[1, 2] == pytest.approx(grey[7:14, 14:21].mean(), abs=1)


def test_a_picture_thinner_than_the_factor_keeps_its_side():
    assert decoded(saved(Image.new("L", (3000, 2), 9), "PNG"), 7, 1).shape == (1, 429)


@pytest.mark.parametrize("share", [0.5, 0.9, 0.99])
@pytest.mark.parametrize(
    ("kind", "options"),
    [("PNG", {}), ("TIFF", {}), ("TIFF", {"compression": "tiff_lzw"})],
    ids=["png", "tiff", "lzw tiff"],
)
def test_what_is_cut_short_raises(kind: str, options: dict, share: float):
    content = saved(COLOUR, kind, **options)
    content = content[: int(len(content) * share)]
    with pytest.raises(pyvips.Error):
        decode_streamed(content, kind, 1, 3)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(interlaced_png(np.asarray(GREY)), id="interlaced png"),
        pytest.param(saved(np.zeros((9, 9), np.uint16), "PNG"), id="grey of 16 bits"),
        pytest.param(saved(COLOUR.convert("CMYK"), "TIFF"), id="cmyk tiff"),
        pytest.param(saved(COLOUR, "JPEG"), id="jpeg"),
        pytest.param(saved(COLOUR, "BMP"), id="bmp"),
    ],
)
def test_what_libvips_would_read_otherwise_is_left_to_pillow(content: bytes):
    assert not can_be_streamed(opened(content))


def test_very_wide_pictures_cost_more_than_tall_ones():
    tall, wide = opened(png(1000, 100_000, colour=2)), opened(png(100_000, 1000, colour=2))
    assert streaming_bytes(tall, 31, 3) < 30_000_000
    assert streaming_bytes(wide, 31, 3) > 400_000_000
