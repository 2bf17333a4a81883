import os
import struct
import time
import zlib
from pathlib import Path

import numpy as np
import pillow_heif
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from mnist_core.config import MAX_FILE_BYTES
from mnist_core.errors import UnreadableFileError
from mnist_core.reading.files import PICTURE_SUFFIXES, load_picture, printable_name
from tests.picture_files import (
    HEIGHT,
    WIDTH,
    as_grey,
    grey_picture,
    load_pixels,
    png,
    png_chunk,
    saved,
    tiff,
)


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
        pixels = load_pixels(saved(np.dstack([stored] * 3), kind, exif=exif, **options))
        assert np.array_equal(as_grey(pixels), upright), kind


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
        pytest.param(png(20_000, 20_000), "100 megapixels", id="bomb of 400 megapixels in 79 bytes"),
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
        load_picture(content, "holiday.png")
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
    assert load_pixels(content).shape == (128, 128, 3)
    with pytest.raises(UnreadableFileError, match=r"photo\.heic is damaged or cut short"):
        load_picture(content[: int(len(content) * share)], "photo.heic")


@pytest.mark.parametrize(
    "error", [AssertionError(), struct.error(), KeyError("x"), IndexError(), TypeError(), OverflowError()]
)
def test_whatever_a_decoder_raises_is_the_files_sentence(monkeypatch, error: Exception):
    def load(picture: Image.Image) -> None:
        raise error

    monkeypatch.setattr(PngImagePlugin.PngImageFile, "load", load)
    with pytest.raises(UnreadableFileError, match=r"odd\.png is damaged") as caught:
        load_picture(saved(grey_picture(), "PNG"), "odd.png")
    assert caught.value.__cause__ is error


def test_want_of_memory_is_not_told_as_damage(monkeypatch):
    def load(picture: Image.Image) -> None:
        raise MemoryError

    monkeypatch.setattr(PngImagePlugin.PngImageFile, "load", load)
    with pytest.raises(UnreadableFileError, match="takes more memory"):
        load_picture(saved(grey_picture(), "PNG"), "large.png")


def test_an_interrupt_is_let_through(monkeypatch):
    def load(picture: Image.Image) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(PngImagePlugin.PngImageFile, "load", load)
    with pytest.raises(KeyboardInterrupt):
        load_picture(saved(grey_picture(), "PNG"), "any.png")


def test_more_rows_than_the_header_says_are_not_unpacked():
    rows = b"\0" + bytes(4)
    assert load_pixels(png(4, 4, rows=rows * 4 + bytes(200_000_000))).shape == (4, 4)


def test_a_jpeg_of_thousands_of_scans_is_refused():
    content = saved(grey_picture(), "JPEG", progressive=True)
    start = content.rindex(b"\xff\xda")
    scan, end = content[start:-2], content[-2:]
    with pytest.raises(UnreadableFileError, match="takes too long to unpack"):
        load_picture(content[:start] + scan * 500 + end, "slow.jpg")


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
        load_picture(tiff({256: 60, 257: 40, 258: 8, 259: 8, 262: 1} | tags), "bomb.tif")


def test_the_pixel_limit_itself_is_allowed():
    picture = load_picture(saved(Image.new("1", (10_000, 10_000), 1), "PNG"), "large.png")
    assert picture.size == (10_000, 10_000)
    with pytest.raises(UnreadableFileError, match="10001 × 10000 pixels, more than 100 megapixels"):
        load_picture(saved(Image.new("1", (10_001, 10_000), 1), "PNG"), "larger.png")


@pytest.mark.parametrize(("orientation", "size"), [(1, (4000, 8000)), (6, (8000, 4000))])
def test_a_reduced_picture_knows_the_files_own_size(orientation: int, size: tuple[int, int]):
    exif = Image.Exif()
    exif[0x0112] = orientation
    picture = load_picture(saved(Image.new("L", (8000, 4000), 200), "JPEG", exif=exif), "large.jpg")
    assert picture.size == size
    assert picture.pixels.shape == (size[0] / 2, size[1] / 2)


def test_paths_are_opened(tmp_path: Path):
    path = tmp_path / "no picture by its name.txt"
    path.write_bytes(saved(grey_picture(), "PNG"))
    assert np.array_equal(load_picture(path, path.name).pixels, grey_picture())


def test_paths_that_cannot_be_opened_say_why(tmp_path: Path):
    with pytest.raises(UnreadableFileError, match=r"gone\.png can't be opened: no such file"):
        load_picture(tmp_path / "gone.png", "gone.png")
    with pytest.raises(UnreadableFileError, match="folder can't be opened: it is a folder"):
        load_picture(tmp_path, "folder")


def test_a_large_file_is_refused_before_it_is_read(tmp_path: Path):
    path = tmp_path / "huge.png"
    with path.open("wb") as file:
        file.truncate(1 << 40)  # a hole on disk: nothing could read a terabyte
    with pytest.raises(UnreadableFileError, match="10 MB"):
        load_picture(path, "huge.png")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes in folders here")
def test_a_pipe_is_not_waited_for(tmp_path: Path):
    os.mkfifo(tmp_path / "pipe.png")
    with pytest.raises(UnreadableFileError, match=r"pipe\.png can't be opened: it is a pipe or a device"):
        load_picture(tmp_path / "pipe.png", "pipe.png")


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="there are no devices in folders here")
def test_a_device_without_end_is_refused():
    with pytest.raises(UnreadableFileError, match="a pipe or a device"):
        load_picture(Path("/dev/zero"), "zero")


def test_a_name_that_no_file_can_have_is_refused():
    with pytest.raises(UnreadableFileError, match="no file has such a name"):
        load_picture(Path("a\0b.png"), "a\0b.png")


def test_broken_exif_does_not_cost_the_picture():
    content = saved(grey_picture(), "JPEG", exif=b"Exif\0\0MM\0*\0\0\0\x08\xff\xff" + b"\xff" * 40)
    assert load_pixels(content).shape[:2] == (HEIGHT, WIDTH)


def test_png_text_is_let_be():
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", "hello" * 1000, zip=True)
    assert load_pixels(saved(grey_picture(), "PNG", pnginfo=info)).shape == (HEIGHT, WIDTH)


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


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_end_in_our_own_error(content):
    with pytest.raises(UnreadableFileError):
        load_picture(content, "anything")
