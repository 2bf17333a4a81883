import io
import struct

import pytest
from PIL import Image

from mnist_core.reading.file_headers import (
    count_jpeg_scans,
    is_heif_cut_short,
    is_turned_by_pillow,
    jpeg_coefficient_bytes,
    stored_width,
    tiff_block_bytes,
    tiff_tile_rows,
)
from tests.picture_files import saved, tiff


def box(kind: bytes, content: bytes = b"", size: int | None = None) -> bytes:
    return struct.pack(">I4s", 8 + len(content) if size is None else size, kind) + content


HEAD = box(b"ftyp", b"heic") + box(b"meta", bytes(20))


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param(HEAD + box(b"mdat", bytes(9)), False, id="whole"),
        pytest.param(HEAD + box(b"mdat", bytes(9), size=18), True, id="a byte is missing"),
        pytest.param(HEAD[:30], True, id="within its directory"),
        pytest.param(HEAD + box(b"mdat", bytes(9), size=0), False, id="up to the end, whatever that is"),
        pytest.param(HEAD + box(b"mdat", struct.pack(">Q", 25) + bytes(9), size=1), False, id="64 bits"),
        pytest.param(HEAD + box(b"mdat", struct.pack(">Q", 26) + bytes(9), size=1), True, id="64 bits, cut"),
        pytest.param(HEAD + box(b"mdat", bytes(9)) + b"trailer of a phone's own", False, id="trailer"),
        pytest.param(HEAD + box(b"mdat", bytes(9)) + bytes(100), False, id="zeros behind it"),
        pytest.param(HEAD + box(b"mdat", size=7), False, id="smaller than its own header"),
        pytest.param(b"", False, id="nothing"),
    ],
)
def test_a_file_is_cut_short_where_it_ends_before_a_part_of_it(content: bytes, expected: bool):
    assert is_heif_cut_short(content) is expected


GREY_TIFF = {256: 50, 257: 40, 258: 8, 259: 1, 262: 1, 273: 8, 279: 4}


def jpeg(mode: str, **options) -> bytes:
    return saved(Image.new(mode, (64, 40), 0), "JPEG", **options)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param(jpeg("RGB"), 0, id="row by row"),
        pytest.param(jpeg("L", progressive=True), 8 * 5 * 128, id="grey"),
        pytest.param(jpeg("RGB", progressive=True, subsampling=0), 3 * 8 * 5 * 128, id="colour"),
        pytest.param(jpeg("RGB", progressive=True), (8 * 5 + 2 * 4 * 3) * 128, id="coarser colour"),
        pytest.param(jpeg("CMYK", progressive=True), 4 * 8 * 5 * 128, id="cmyk"),
        pytest.param(jpeg("L", progressive=True).replace(b"\xff\xc2", b"\xff\xc1"), 0, id="of one component"),
        pytest.param(
            jpeg("RGB", progressive=True, subsampling=0)
            .replace(b"\xff\xc2", b"\xff\xc1")
            .replace(b"\xff\xda\x00\x0c\x03", b"\xff\xda\x00\x08\x01", 1),
            3 * 8 * 5 * 128,
            id="a scan for each component",
        ),
        pytest.param(jpeg("RGB")[:30], 0, id="cut short"),
        pytest.param(b"\xff\xd8" + b"\xff" * 50, 0, id="nothing but fill bytes"),
        pytest.param(b"\xff\xd8\xff\xc2\x00\x02\xff\xda\x00\x02", 0, id="empty segments"),
    ],
)
def test_a_jpeg_in_several_scans_is_held_as_coefficients(content: bytes, expected: int):
    assert jpeg_coefficient_bytes(content) == expected


def test_a_thumbnail_in_a_jpeg_counts_for_nothing():
    exif = b"Exif\0\0" + jpeg("RGB", progressive=True)
    assert jpeg_coefficient_bytes(jpeg("RGB", exif=exif)) == 0


def test_scans_are_counted():
    assert count_jpeg_scans(jpeg("L")) == 1
    assert count_jpeg_scans(jpeg("L", progressive=True)) > 3


@pytest.mark.parametrize(
    ("content", "expected", "rows"),
    [
        pytest.param(saved(Image.new("RGB", (50, 40)), "PNG"), 0, 0, id="png"),
        pytest.param(tiff(GREY_TIFF | {278: 10}), 500, 0, id="strips"),
        pytest.param(tiff(GREY_TIFF | {278: 2**32 - 1}), 2000, 0, id="one strip"),
        pytest.param(tiff(GREY_TIFF | {322: 64, 323: 16, 324: 8, 325: 4}), 1024, 16, id="tiles"),
    ],
)
def test_a_tiff_is_unpacked_by_strips_or_tiles(content: bytes, expected: int, rows: int):
    picture = Image.open(io.BytesIO(content))
    assert tiff_block_bytes(picture) == expected
    assert tiff_tile_rows(picture) == rows


@pytest.mark.parametrize(("orientation", "is_turned"), [(1, False), (3, True), (6, True)])
def test_the_width_of_a_tiff_is_the_stored_one(orientation: int, is_turned: bool):
    picture = Image.open(io.BytesIO(tiff(GREY_TIFF | {274: orientation})))
    assert stored_width(picture) == 50
    assert is_turned_by_pillow(picture) is is_turned


def test_other_formats_are_stored_as_pillow_tells():
    picture = Image.open(io.BytesIO(saved(Image.new("L", (50, 40)), "PNG")))
    assert stored_width(picture) == 50
    assert not is_turned_by_pillow(picture)
