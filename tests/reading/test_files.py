import io
import os
import struct
import subprocess
import sys
import time
import zlib
from pathlib import Path

import cv2
import numpy as np
import pillow_heif
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from mnist_core.config import MAX_FILE_BYTES, MAX_PICTURE_PIXELS, PROJECT_FOLDER
from mnist_core.errors import UnreadableFileError
from mnist_core.reading.files import PICTURE_SUFFIXES, printable_name, read_picture_file
from mnist_core.reading.sample_depths import grey_from_samples

HEIGHT, WIDTH = 40, 60


def grey_picture() -> np.ndarray:
    """uint8 (40, 60): paper of 230 with a dark bar at the left."""
    grey = np.full((HEIGHT, WIDTH), 230, np.uint8)
    grey[5:35, 8:14] = 20
    return grey


def saved(picture: Image.Image | np.ndarray, kind: str, **options) -> bytes:
    """A picture as a file's content."""
    image = Image.fromarray(picture) if isinstance(picture, np.ndarray) else picture
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def as_grey(pixels: np.ndarray) -> np.ndarray:
    """Any result as grey on white paper, for comparing."""
    if pixels.ndim == 2:
        return pixels
    rgb = pixels[..., :3].astype(float)
    if pixels.shape[2] == 4:
        alpha = pixels[..., 3:] / 255
        rgb = rgb * alpha + 255 * (1 - alpha)
    return rgb.mean(axis=2).round().astype(np.uint8)


def png_chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png(width: int, height: int, *chunks: bytes, bits: int = 8, colour: int = 0, rows: bytes = b"") -> bytes:
    """A PNG of our own choosing: what its header claims need not be so."""
    header = struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, 0)
    data = png_chunk(b"IDAT", zlib.compress(rows, 9))
    signature = b"\x89PNG\r\n\x1a\n"
    return signature + png_chunk(b"IHDR", header) + b"".join(chunks) + data + png_chunk(b"IEND", b"")


def tiff(tags: dict[int, int]) -> bytes:
    """A TIFF of our own choosing, with a whole number for each tag."""
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in sorted(tags.items()))
    return b"II*\0" + struct.pack("<IH", 8, len(tags)) + entries + bytes(4)


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
    pixels = read_picture_file(saved(rgb, kind, **options), "picture")
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
    whole = {
        "I;16": grey.astype(np.uint16) * 257,
        "I": grey.astype(np.int32) << 23,
        "F": grey / np.float32(255),
    }
    image = Image.fromarray(whole[mode]) if mode in whole else Image.fromarray(grey).convert(mode)
    pixels = read_picture_file(saved(image, kind), "picture")
    assert pixels.dtype == np.uint8
    assert pixels.shape == ((HEIGHT, WIDTH) if channels == 1 else (HEIGHT, WIDTH, channels))
    assert as_grey(pixels)[20, 10] < 60
    assert as_grey(pixels)[20, 40] > 200


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_is_turned_upright(orientation):
    turn = {
        1: lambda p: p,
        2: lambda p: p[:, ::-1],
        3: lambda p: p[::-1, ::-1],
        4: lambda p: p[::-1],
        5: lambda p: p.T,
        6: lambda p: np.rot90(p),  # stored so that a quarter turn clockwise brings it upright
        7: lambda p: p[::-1, ::-1].T,
        8: lambda p: np.rot90(p, -1),
    }[orientation]
    upright = grey_picture()
    upright[:10, -20:] = 20
    exif = Image.Exif()
    exif[0x0112] = orientation
    stored = np.ascontiguousarray(turn(upright))
    for kind, options in (("PNG", {}), ("WEBP", {"lossless": True}), ("TIFF", {})):
        pixels = read_picture_file(saved(np.dstack([stored] * 3), kind, exif=exif, **options), "photo")
        assert np.array_equal(as_grey(pixels), upright), kind


def test_an_animation_gives_its_first_frame():
    frames = [Image.fromarray(np.full((20, 20), level, np.uint8)) for level in (10, 120, 250)]
    for kind in ("GIF", "WEBP", "PNG", "TIFF"):
        file = io.BytesIO()
        frames[0].save(file, kind, save_all=True, append_images=frames[1:])
        assert as_grey(read_picture_file(file.getvalue(), "animation")).mean() < 20, kind


@pytest.mark.parametrize(("width", "height"), [(1, 1), (1, 10_000), (10_000, 1)])
def test_odd_shapes_arrive(width, height):
    for kind in ("PNG", "JPEG", "BMP", "GIF", "TIFF", "WEBP"):
        pixels = read_picture_file(saved(np.full((height, width), 77, np.uint8), kind), "thin")
        assert pixels.shape[:2] == (height, width)


def test_clear_paper_stays_clear():
    rgba = np.zeros((9, 9, 4), np.uint8)
    rgba[4, 4] = (0, 0, 0, 255)
    assert np.array_equal(read_picture_file(saved(rgba, "PNG"), "clear"), rgba)


def test_a_palette_with_a_clear_colour_has_alpha():
    image = Image.fromarray(grey_picture()).convert("P")
    pixels = read_picture_file(saved(image, "GIF", transparency=image.getpixel((40, 20))), "clear.gif")
    assert pixels.shape == (HEIGHT, WIDTH, 4)
    assert pixels[20, 40, 3] == 0


def test_holes_in_a_float_picture_become_its_mean():
    samples = grey_picture() / np.float32(255)
    samples[0, 0], samples[1, 1], samples[2, 2] = np.nan, np.inf, -np.inf
    pixels = read_picture_file(saved(samples, "TIFF"), "float.tif")
    assert pixels[20, 40] == 230
    assert (
        pixels[0, 0]
        == pixels[1, 1]
        == pixels[2, 2]
        == round(255 * np.nanmean(np.where(np.isfinite(samples), samples, np.nan)))
    )


def test_a_float_picture_of_nothing_but_holes_is_refused():
    with pytest.raises(UnreadableFileError, match=r"holes\.tif"):
        read_picture_file(saved(np.full((5, 5), np.nan, np.float32), "TIFF"), "holes.tif")


@pytest.mark.parametrize(
    ("samples", "expected"),
    [
        pytest.param(np.array([[0, 4095]], np.uint16), [[0, 255]], id="12 bits in 16"),
        pytest.param(np.array([[0, 65535]], np.uint16), [[0, 255]], id="16 bits"),
        pytest.param(np.array([[0, 200]], np.int32), [[0, 200]], id="bytes in 32"),
        pytest.param(np.array([[-5, 2**31 - 1]], np.int32), [[0, 255]], id="32 bits"),
        pytest.param(np.array([[0, 0.5, 1]], np.float32), [[0, 128, 255]], id="fractions"),
        pytest.param(np.array([[0, 200]], np.float32), [[0, 200]], id="bytes as floats"),
        pytest.param(np.array([[-1e30, 1e30]], np.float32), [[0, 255]], id="far out"),
        pytest.param(np.array([[7e9, 7e9]], np.float32), [[0, 0]], id="all the same"),
        pytest.param(np.array([[0, 0]], np.uint16), [[0, 0]], id="black"),
    ],
)
def test_samples_are_brought_to_bytes(samples, expected):
    assert grey_from_samples(Image.fromarray(samples)).tolist() == expected


@pytest.mark.parametrize(
    ("content", "words"),
    [
        pytest.param(b"", "empty", id="empty"),
        pytest.param(b"hello, I am a text", "isn't JPEG", id="text"),
        pytest.param(b"%PDF-1.7\n%\xe2\xe3", "isn't JPEG", id="pdf"),
        pytest.param(b"PK\x03\x04" + bytes(100), "isn't JPEG", id="zip"),
        pytest.param(b"\x00" * (MAX_FILE_BYTES + 1), "10 MB", id="too many bytes"),
        pytest.param(saved(grey_picture(), "PNG")[:60], "damaged", id="truncated png"),
        pytest.param(saved(grey_picture(), "JPEG")[:-200], "damaged", id="truncated jpeg"),
        pytest.param(saved(grey_picture(), "WEBP")[:-30], "damaged", id="truncated webp"),
        pytest.param(saved(grey_picture(), "GIF")[:60], "damaged", id="truncated gif"),
        pytest.param(saved(grey_picture(), "BMP")[:-500], "damaged", id="truncated bmp"),
        pytest.param(saved(grey_picture(), "TIFF")[:-500], "damaged", id="truncated tiff"),
        pytest.param(saved(np.dstack([grey_picture()] * 3), "HEIF")[:-50], "damaged", id="truncated heic"),
        pytest.param(b"\x89PNG\r\n\x1a\n", "damaged", id="png signature alone"),
        pytest.param(b"\xff\xd8\xff", "damaged", id="jpeg signature alone"),
        pytest.param(png(20_000, 20_000), "25 megapixels", id="bomb of 400 megapixels in 79 bytes"),
        pytest.param(png(2**31 - 1, 2**31 - 1), "damaged|megapixels", id="bomb past counting"),
        pytest.param(png(0, 5), "damaged", id="no width"),
        pytest.param(
            png(5, 5, png_chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(50_000_000)))),
            "damaged",
            id="text bomb",
        ),
        pytest.param(
            png(5, 5, png_chunk(b"iCCP", b"a\0\0" + zlib.compress(bytes(50_000_000)))),
            "damaged",
            id="profile bomb",
        ),
        pytest.param(saved(Image.new("P", (10, 10)), "ICO"), "isn't JPEG", id="format not on the list"),
        pytest.param(png(5, 5, colour=3, rows=bytes(30)), "damaged", id="palette png without its palette"),
    ],
)
def test_bad_files_end_in_one_sentence_that_names_them(content, words):
    start = time.process_time()
    with pytest.raises(UnreadableFileError, match=words) as caught:
        read_picture_file(content, "holiday.png")
    sentence = str(caught.value)
    assert "holiday.png" in sentence
    assert "\n" not in sentence
    assert sentence.endswith(".")
    assert time.process_time() - start < 2


@pytest.mark.parametrize("share", [0.3, 0.6, 0.99])
def test_a_phone_photo_cut_short_is_refused_though_its_first_tiles_are_there(monkeypatch, share: float):
    monkeypatch.setattr(pillow_heif.options, "GRID_TILE_SIZE", 64)
    noise = np.random.default_rng(0).integers(0, 255, (128, 128, 3), np.uint8)
    content = saved(noise, "HEIF", quality=50)
    assert read_picture_file(content, "whole.heic").shape == (128, 128, 3)
    with pytest.raises(UnreadableFileError, match=r"photo\.heic is damaged or cut short"):
        read_picture_file(content[: int(len(content) * share)], "photo.heic")


@pytest.mark.parametrize(
    "error", [AssertionError(), struct.error(), KeyError("x"), IndexError(), TypeError(), OverflowError()]
)
def test_whatever_a_decoder_raises_is_the_files_sentence(monkeypatch, error: Exception):
    def load(picture: Image.Image) -> None:
        raise error

    monkeypatch.setattr(PngImagePlugin.PngImageFile, "load", load)
    with pytest.raises(UnreadableFileError, match=r"odd\.png is damaged") as caught:
        read_picture_file(saved(grey_picture(), "PNG"), "odd.png")
    assert caught.value.__cause__ is error


def test_want_of_memory_is_not_told_as_damage(monkeypatch):
    def load(picture: Image.Image) -> None:
        raise MemoryError

    monkeypatch.setattr(PngImagePlugin.PngImageFile, "load", load)
    with pytest.raises(UnreadableFileError, match="takes more memory"):
        read_picture_file(saved(grey_picture(), "PNG"), "large.png")


def test_an_interrupt_is_let_through(monkeypatch):
    def load(picture: Image.Image) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(PngImagePlugin.PngImageFile, "load", load)
    with pytest.raises(KeyboardInterrupt):
        read_picture_file(saved(grey_picture(), "PNG"), "any.png")


def test_more_rows_than_the_header_says_are_not_unpacked():
    rows = b"\0" + bytes(4)
    assert read_picture_file(png(4, 4, rows=rows * 4 + bytes(200_000_000)), "long.png").shape == (4, 4)


def test_a_jpeg_of_thousands_of_scans_is_refused():
    content = saved(grey_picture(), "JPEG", progressive=True)
    start = content.rindex(b"\xff\xda")
    scan, end = content[start:-2], content[-2:]
    with pytest.raises(UnreadableFileError, match="takes too much to unpack"):
        read_picture_file(content[:start] + scan * 500 + end, "slow.jpg")


@pytest.mark.parametrize(
    "tags",
    [
        pytest.param({273: 8, 278: 40, 279: 4, 258: 60_000}, id="bits"),
        pytest.param({324: 8, 322: 30_000, 323: 30_000, 325: 4}, id="tile"),
        pytest.param({324: 8, 322: 2**32 - 1, 323: 2**32 - 1, 325: 4}, id="tile past counting"),
    ],
)
def test_a_tiff_that_unpacks_to_far_more_than_its_picture_is_refused(tags):
    with pytest.raises(UnreadableFileError, match=r"bomb\.tif"):
        read_picture_file(tiff({256: 60, 257: 40, 258: 8, 259: 8, 262: 1} | tags), "bomb.tif")


def test_the_pixel_limit_itself_is_allowed():
    side = int(MAX_PICTURE_PIXELS**0.5)
    content = saved(Image.new("1", (side, side), 1), "PNG")
    assert read_picture_file(content, "large.png").shape == (side, side)
    with pytest.raises(UnreadableFileError, match="5001 × 5000 pixels"):
        read_picture_file(saved(Image.new("1", (side + 1, side), 1), "PNG"), "larger.png")


def test_paths_are_opened(tmp_path: Path):
    path = tmp_path / "no picture by its name.txt"
    path.write_bytes(saved(grey_picture(), "PNG"))
    assert np.array_equal(read_picture_file(path, path.name), grey_picture())


def test_paths_that_cannot_be_opened_say_why(tmp_path: Path):
    with pytest.raises(UnreadableFileError, match=r"gone\.png can't be opened: no such file"):
        read_picture_file(tmp_path / "gone.png", "gone.png")
    with pytest.raises(UnreadableFileError, match="folder can't be opened: it is a folder"):
        read_picture_file(tmp_path, "folder")


def test_a_large_file_is_refused_before_it_is_read(tmp_path: Path):
    path = tmp_path / "huge.png"
    with path.open("wb") as file:
        file.truncate(1 << 40)  # a hole on disk: nothing could read a terabyte
    with pytest.raises(UnreadableFileError, match="10 MB"):
        read_picture_file(path, "huge.png")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes in folders here")
def test_a_pipe_is_not_waited_for(tmp_path: Path):
    os.mkfifo(tmp_path / "pipe.png")
    with pytest.raises(UnreadableFileError, match=r"pipe\.png can't be opened: it is a pipe or a device"):
        read_picture_file(tmp_path / "pipe.png", "pipe.png")


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="there are no devices in folders here")
def test_a_device_without_end_is_refused():
    with pytest.raises(UnreadableFileError, match="a pipe or a device"):
        read_picture_file(Path("/dev/zero"), "zero")


def test_a_name_that_no_file_can_have_is_refused():
    with pytest.raises(UnreadableFileError, match="no file has such a name"):
        read_picture_file(Path("a\0b.png"), "a\0b.png")


def test_broken_exif_does_not_cost_the_picture():
    content = saved(grey_picture(), "JPEG", exif=b"Exif\0\0MM\0*\0\0\0\x08\xff\xff" + b"\xff" * 40)
    assert read_picture_file(content, "odd.jpg").shape[:2] == (HEIGHT, WIDTH)


def test_png_text_is_let_be():
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", "hello" * 1000, zip=True)
    assert read_picture_file(saved(grey_picture(), "PNG", pnginfo=info), "note.png").shape == (HEIGHT, WIDTH)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        pytest.param("photo.jpg", "photo.jpg", id="plain"),
        pytest.param("Füße 写真.jpg", "Füße 写真.jpg", id="other letters"),
        pytest.param("a\nb\x1b[31m\u202egnp.exe", "a�b�[31m�gnp.exe", id="control characters"),
        pytest.param("", "The file", id="none"),
    ],
)
def test_names_are_made_fit_to_be_shown(name, shown):
    assert printable_name(name) == shown


def test_endless_names_are_cut_in_the_middle():
    shown = printable_name("a" * 5000 + ".png")
    assert len(shown) < 200
    assert shown.endswith(".png")


def test_suffixes_are_lower_case_with_their_dot():
    assert all(suffix.startswith(".") and suffix == suffix.lower() for suffix in PICTURE_SUFFIXES)


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
}


@pytest.mark.parametrize("kind", SOUND)
def test_damaged_bytes_end_in_a_picture_or_in_our_own_error(kind: str):
    """Bits flipped, bytes replaced, ends cut off, always the same ones; most in the headers."""
    rng = np.random.default_rng(0)
    for _ in range(150):
        damaged = bytearray(SOUND[kind])
        for _ in range(rng.integers(1, 6)):
            position = int(len(damaged) * rng.random() ** 3)
            damaged[position] = rng.choice([damaged[position] ^ (1 << rng.integers(8)), 0, 255])
        end = len(damaged) if rng.random() < 0.5 else int(rng.integers(1, len(damaged)))
        try:
            pixels = read_picture_file(bytes(damaged[:end]), "damaged")
        except UnreadableFileError:
            continue
        assert pixels.dtype == np.uint8
        assert pixels.size


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_end_in_our_own_error(content):
    with pytest.raises(UnreadableFileError):
        read_picture_file(content, "anything")


MEASURE = """
import sys, time
from pathlib import Path
from mnist_core.reading.files import read_picture_file
start = time.process_time()
shape = read_picture_file(Path(sys.argv[1]), "large").shape
seconds = time.process_time() - start
# Not getrusage: its peak is handed down by the process that started this one.
peak = next(line for line in Path("/proc/self/status").open() if line.startswith("VmHWM"))
print(seconds, int(peak.split()[1]) / 1024, shape[0] * shape[1])
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("mode", "kind", "options"),
    [
        pytest.param("RGB", "JPEG", {"orientation": 6}, id="turned jpeg"),
        pytest.param("CMYK", "JPEG", {}, id="cmyk jpeg"),
        pytest.param("RGBA", "PNG", {"compress_level": 1}, id="png with alpha"),
        pytest.param("RGBA", "WEBP", {"lossless": True, "method": 0, "quality": 0}, id="webp"),
        pytest.param("F", "TIFF", {"compression": "tiff_adobe_deflate"}, id="float tiff"),
        pytest.param("RGB", "HEIF", {"quality": 10, "enc_params": {"preset": "ultrafast"}}, id="heic"),
    ],
)
def test_25_megapixels_take_under_2_seconds_and_300_mb(tmp_path: Path, mode, kind, options):
    small = cv2.resize(grey_picture(), (6000, 4160), interpolation=cv2.INTER_NEAREST)
    options = dict(options)
    if orientation := options.pop("orientation", None):
        options["exif"] = Image.Exif()
        options["exif"][0x0112] = orientation
    path = tmp_path / "large"
    path.write_bytes(saved(Image.fromarray(small).convert(mode), kind, **options))
    finished = subprocess.run(
        [sys.executable, "-c", MEASURE, str(path)],
        cwd=PROJECT_FOLDER,
        capture_output=True,
        text=True,
        check=True,
    )
    seconds, megabytes, pixels = map(float, finished.stdout.split())
    assert pixels == small.size
    assert megabytes < 300
    assert seconds < 2
    assert not finished.stderr
