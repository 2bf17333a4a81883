"""Decoding through the one way in, load_picture: every format and kind of pixel, large pictures, memory."""

import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from mnist_core.config import PROJECT_FOLDER
from mnist_core.errors import UnreadableFileError
from mnist_core.reading import decoding
from tests.picture_files import (
    HEIGHT,
    WIDTH,
    as_grey,
    grey_picture,
    interlaced_png,
    load_pixels,
    saved,
)


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        pytest.param("JPEG", {"quality": 95}, id="jpeg"),
        pytest.param("JPEG", {"quality": 95, "progressive": True}, id="progressive jpeg"),
        pytest.param("PNG", {}, id="png"),
        pytest.param("WEBP", {"quality": 95}, id="webp"),
        pytest.param("WEBP", {"lossless": True}, id="lossless webp"),
        pytest.param("BMP", {}, id="bmp"),
        pytest.param("GIF", {}, id="gif"),
        pytest.param("TIFF", {}, id="tiff"),
        pytest.param("TIFF", {"compression": "tiff_lzw"}, id="lzw tiff"),
        pytest.param("TIFF", {"compression": "jpeg"}, id="jpeg in tiff"),
        pytest.param("HEIF", {"quality": 95}, id="heic"),
    ],
)
def test_every_format_arrives_as_it_was(kind, options):
    rgb = np.dstack([grey_picture()] * 3)
    pixels = load_pixels(saved(rgb, kind, **options))
    assert pixels.dtype == np.uint8
    assert pixels.shape[:2] == (HEIGHT, WIDTH)
    assert np.abs(as_grey(pixels).astype(int) - grey_picture()).mean() < 6


@pytest.mark.parametrize(
    ("mode", "kind", "channels"),
    [
        pytest.param("1", "PNG", 1, id="one bit"),
        pytest.param("L", "PNG", 1, id="grey"),
        pytest.param("LA", "PNG", 4, id="grey with alpha"),
        pytest.param("P", "PNG", 3, id="palette"),
        pytest.param("RGB", "PNG", 3, id="colour"),
        pytest.param("RGBA", "PNG", 4, id="colour with alpha"),
        pytest.param("CMYK", "JPEG", 3, id="cmyk jpeg"),
        pytest.param("CMYK", "TIFF", 3, id="cmyk tiff"),
        pytest.param("YCbCr", "TIFF", 3, id="ycbcr tiff"),
        pytest.param("I;16", "PNG", 1, id="16 bit png"),
        pytest.param("I;16", "TIFF", 1, id="16 bit tiff"),
        pytest.param("I", "TIFF", 1, id="32 bit tiff"),
        pytest.param("F", "TIFF", 1, id="float tiff"),
    ],
)
def test_every_kind_of_pixel_becomes_bytes(mode, kind, channels):
    grey = grey_picture()
    numbers = {
        "I;16": grey.astype(np.uint16) * 257,
        "I": grey.astype(np.int32) << 23,
        "F": grey / np.float32(255),
    }
    image = Image.fromarray(numbers[mode]) if mode in numbers else Image.fromarray(grey).convert(mode)
    pixels = load_pixels(saved(image, kind))
    assert pixels.dtype == np.uint8
    assert pixels.shape == ((HEIGHT, WIDTH) if channels == 1 else (HEIGHT, WIDTH, channels))
    assert as_grey(pixels)[20, 10] < 60
    assert as_grey(pixels)[20, 40] > 200


def test_an_animation_gives_its_first_frame():
    frames = [Image.fromarray(np.full((20, 20), level, np.uint8)) for level in (10, 120, 250)]
    for kind in ("GIF", "WEBP", "PNG", "TIFF"):
        content = saved(frames[0], kind, save_all=True, append_images=frames[1:])
        assert as_grey(load_pixels(content)).mean() < 20, kind


@pytest.mark.parametrize(("width", "height"), [(1, 1), (1, 10_000), (10_000, 1)])
def test_odd_shapes_arrive(width, height):
    for kind in ("PNG", "JPEG", "BMP", "GIF", "TIFF", "WEBP"):
        pixels = load_pixels(saved(np.full((height, width), 77, np.uint8), kind))
        assert pixels.shape[:2] == (height, width)


def test_clear_paper_stays_clear():
    rgba = np.zeros((9, 9, 4), np.uint8)
    rgba[4, 4] = (0, 0, 0, 255)
    assert np.array_equal(load_pixels(saved(rgba, "PNG")), rgba)


def test_a_palette_with_a_clear_colour_has_alpha():
    image = Image.fromarray(grey_picture()).convert("P")
    pixels = load_pixels(saved(image, "GIF", transparency=image.getpixel((40, 20))))
    assert pixels.shape == (HEIGHT, WIDTH, 4)
    assert pixels[20, 40, 3] == 0


COLOUR = Image.fromarray(np.dstack([grey_picture()] * 3))
SOUND = {
    "jpeg": saved(COLOUR, "JPEG"),
    "progressive jpeg": saved(COLOUR, "JPEG", progressive=True),
    "cmyk jpeg": saved(COLOUR.convert("CMYK"), "JPEG"),
    "png": saved(COLOUR, "PNG"),
    "palette png": saved(COLOUR.convert("P"), "PNG"),
    "16 bit png": saved(grey_picture().astype(np.uint16) * 257, "PNG"),
    "webp": saved(COLOUR, "WEBP"),
    "lossless webp": saved(COLOUR.convert("RGBA"), "WEBP", lossless=True),
    "bmp": saved(COLOUR, "BMP"),
    "gif": saved(COLOUR, "GIF"),
    "lzw tiff": saved(COLOUR, "TIFF", compression="tiff_lzw"),
    "float tiff": saved(grey_picture() / np.float32(255), "TIFF"),
    "heic": saved(COLOUR, "HEIF"),
    "interlaced png": interlaced_png(np.asarray(COLOUR)),
}


def take_for_large(monkeypatch: pytest.MonkeyPatch, side: int = 10) -> None:
    """Have pictures of a few hundred pixels treated as those of more than 25 megapixels are."""
    monkeypatch.setattr(decoding, "_FULL_PIXELS", 100)
    monkeypatch.setattr(decoding, "_STREAMED_PIXELS", 100)
    monkeypatch.setattr(decoding, "_REDUCED_SIDE", 2 * side)
    monkeypatch.setattr(decoding, "_LEAST_SIDE", side)


@pytest.mark.parametrize("kind", SOUND)
def test_a_large_picture_comes_reduced(monkeypatch, kind: str):
    take_for_large(monkeypatch)  # 60 pixels become 20 or, by JPEG's own scaling, 30
    pixels = load_pixels(SOUND[kind])
    factor = 2 if "jpeg" in kind else 3
    assert pixels.shape[:2] == (-(-HEIGHT // factor), WIDTH // factor)
    paper, bar = as_grey(pixels)[-2:].mean(), as_grey(pixels)[20 // factor, 11 // factor]
    assert paper > 200
    assert bar < 60


@pytest.mark.parametrize(
    ("content", "words"),
    [
        pytest.param(SOUND["16 bit png"], "a picture of 16 bits or more. Save it with 8 bits", id="16 bits"),
        pytest.param(SOUND["interlaced png"], "an interlaced PNG. Save it without", id="interlaced"),
        pytest.param(
            SOUND["progressive jpeg"], "a progressive JPEG. Save it as an ordinary", id="progressive"
        ),
        pytest.param(SOUND["heic"], "this kind of HEIC. Save it as a JPEG", id="heic"),
        pytest.param(SOUND["webp"], "this kind of WebP. Save it as a JPEG", id="webp"),
        pytest.param(SOUND["gif"], "this kind of GIF. Save it as a JPEG", id="gif"),
    ],
)
def test_what_takes_too_much_memory_is_refused_with_what_to_do(monkeypatch, content: bytes, words: str):
    take_for_large(monkeypatch)
    monkeypatch.setattr(decoding, "MAX_DECODING_BYTES", 100)
    with pytest.raises(UnreadableFileError, match=f"picture has 0 megapixels, too many for {words}"):
        load_pixels(content)


def test_a_small_file_that_takes_much_memory_is_refused_too(monkeypatch):
    monkeypatch.setattr(decoding, "MAX_DECODING_BYTES", 100)
    with pytest.raises(UnreadableFileError, match="packed in a way that takes too much memory"):
        load_pixels(SOUND["lzw tiff"])


def test_a_picture_is_reduced_further_where_only_that_fits_into_memory(monkeypatch):
    take_for_large(monkeypatch)
    limit = 3 * HEIGHT * WIDTH // 4 + 4 * HEIGHT * WIDTH // 4 + decoding._STRIP_BYTES
    monkeypatch.setattr(decoding, "MAX_DECODING_BYTES", limit)
    assert load_pixels(SOUND["jpeg"]).shape == (20, 30, 3)
    monkeypatch.setattr(decoding, "MAX_DECODING_BYTES", limit - 1)
    assert load_pixels(SOUND["jpeg"]).shape == (10, 15, 3)


@pytest.mark.parametrize("large", [False, True], ids=["small", "taken for large"])
@pytest.mark.parametrize("kind", SOUND)
def test_damaged_bytes_end_in_a_picture_or_in_our_own_error(monkeypatch, kind: str, large: bool):
    """Bits flipped, bytes replaced, ends cut off, always the same ones; most in the headers."""
    if large:
        take_for_large(monkeypatch)
    rng = np.random.default_rng(0)
    for _ in range(150):
        damaged = bytearray(SOUND[kind])
        for _ in range(rng.integers(1, 6)):
            position = int(len(damaged) * rng.random() ** 3)
            damaged[position] = rng.choice([damaged[position] ^ (1 << rng.integers(8)), 0, 255])
        end = len(damaged) if rng.random() < 0.5 else int(rng.integers(1, len(damaged)))
        try:
            pixels = load_pixels(bytes(damaged[:end]))
        except UnreadableFileError:
            continue
        assert pixels.dtype == np.uint8
        assert pixels.size


MEASURE = """
import sys, time
from pathlib import Path
from mnist_core import Recognizer
from mnist_core.reading.reports import report_picture
recognizer = Recognizer.load()
start = time.process_time()
report = report_picture(recognizer, Path(sys.argv[1]), "large", with_preview=True)
seconds = time.process_time() - start
# Not getrusage: its peak is handed down by the process that started this one.
peak = next(line for line in Path("/proc/self/status").open() if line.startswith("VmHWM"))
print(seconds, int(peak.split()[1]) / 1024, report.error or report.text)
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("megapixels", "mode", "kind", "options"),
    [
        pytest.param(100, "RGB", "JPEG", {"orientation": 6}, id="turned jpeg"),
        pytest.param(40, "RGB", "JPEG", {"progressive": True}, id="progressive jpeg"),
        pytest.param(100, "RGBA", "PNG", {"compress_level": 1}, id="png with alpha"),
        pytest.param(
            25, "RGBA", "PNG", {"compress_level": 1, "orientation": 6}, id="turned png, not reduced"
        ),
        pytest.param(25, "RGBA", "WEBP", {"lossless": True, "method": 0, "quality": 0}, id="webp"),
        pytest.param(25, "F", "TIFF", {"compression": "tiff_adobe_deflate"}, id="float tiff"),
    ],
)
def test_large_pictures_are_read_in_3_seconds_and_300_mb(
    tmp_path: Path, megapixels: int, mode: str, kind: str, options: dict
):
    paper = np.full((400, 600), 230, np.uint8)
    cv2.line(paper, (300, 60), (300, 340), 20, 30)
    side = int((megapixels * 1e6) ** 0.5)
    large = Image.fromarray(cv2.resize(paper, (side, side), interpolation=cv2.INTER_NEAREST))
    options = dict(options)
    if orientation := options.pop("orientation", None):
        options["exif"] = Image.Exif()
        options["exif"][0x0112] = orientation
        large = large.transpose(Image.Transpose.ROTATE_90)
    path = tmp_path / "large"
    path.write_bytes(saved(large.convert(mode), kind, **options))
    command = [sys.executable, "-c", MEASURE, str(path)]
    finished = subprocess.run(command, cwd=PROJECT_FOLDER, capture_output=True, text=True, check=True)
    seconds, megabytes, text = finished.stdout.split(maxsplit=2)
    assert text.strip() == "1"
    assert float(megabytes) < 300
    assert float(seconds) < 3
    assert not finished.stderr
