from dataclasses import replace

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw

from mnist_core.reading.pictures import png_bytes
from mnist_core.reading.recognizer import Recognizer
from mnist_core.reading.reports import crop_marks, read_turned, report_picture
from mnist_core.results import Box, Reading
from tests.picture_files import saved


def bar(height: int, width: int, *, x: int, top: int, bottom: int, thickness: int) -> bytes:
    """A PNG file of a dark upright bar, which the fake recognizer reads as a 1."""
    paper = np.full((height, width), 255, np.uint8)
    cv2.line(paper, (x, top), (x, bottom), 0, thickness, cv2.LINE_AA)
    return png_bytes(paper)


def pixels(jpeg: bytes) -> np.ndarray:
    picture = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    return picture


def test_a_report_keeps_what_a_person_looks_at_and_no_large_ink(fake_recognizer: Recognizer):
    content = bar(3000, 4000, x=1000, top=500, bottom=2500, thickness=200)
    report = report_picture(fake_recognizer, content, "bar.png", with_preview=True)
    assert (report.name, report.text, report.error, report.refused) == ("bar.png", "1", None, 0)
    assert report.least_confidence == report.marks[0].confidence
    assert report.marks[0].ink.shape == (28, 28)
    assert report.preview is not None
    assert pixels(report.preview.shown).shape == (1080, 1440, 3)
    assert report.preview.shown is report.preview.source


@pytest.mark.parametrize("orientation", [1, 6])
def test_a_page_scanned_at_600_dpi_has_its_boxes_in_its_own_pixels(
    fake_recognizer: Recognizer, orientation: int
):
    page = Image.new("L", (4962, 7014), 240)
    ImageDraw.Draw(page).line([(1000, 2000), (1000, 5000)], fill=20, width=300)
    exif = Image.Exif()
    exif[0x0112] = orientation
    stored = page if orientation == 1 else page.transpose(Image.Transpose.ROTATE_90)
    for kind in ("JPEG", "PNG", "TIFF"):
        options = {"compression": "tiff_lzw"} if kind == "TIFF" else {}
        content = saved(stored, kind, exif=exif, **options)
        report = report_picture(fake_recognizer, content, "scan", with_preview=True)
        (digit,) = report.marks
        assert digit.label == 1
        edges = digit.box.x, digit.box.x + digit.box.width, digit.box.y, digit.box.y + digit.box.height
        a_pixel_as_read = 7014 / 400  # so bold a mark is read at a small size
        assert edges == pytest.approx((850, 1150, 2000, 5000), abs=1.5 * a_pixel_as_read)
        assert report.preview is not None
        assert report.preview.size == (7014, 4962)
        again = read_turned(fake_recognizer, report, 0)
        assert again.marks[0].box.y == pytest.approx(2000, abs=1.5 * a_pixel_as_read)


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_picture_read_again_turned_shows_its_boxes_where_its_digits_are(
    fake_recognizer: Recognizer, turn: int
):
    upright = np.full((300, 500), 255, np.uint8)
    cv2.line(upright, (80, 60), (80, 240), 0, 16, cv2.LINE_AA)
    content = png_bytes(np.ascontiguousarray(np.rot90(upright, turn // 90)))  # turned back by so much
    report = report_picture(fake_recognizer, content, "bar.png", with_preview=True)
    report = read_turned(fake_recognizer, report, turn)
    assert report.text == "1"
    assert report.reading is not None
    assert report.reading.turn == turn
    assert report.preview is not None
    assert pixels(report.preview.shown).shape == (300, 500, 3)
    frame = report.preview.frame(report.marks[0].box)
    assert [frame.left * 500, frame.top * 300] == pytest.approx([72, 52], abs=3)
    assert [frame.width * 500, frame.height * 300] == pytest.approx([16, 196], abs=5)
    assert read_turned(fake_recognizer, report, 0).preview.shown == report.preview.source


def test_a_picture_that_the_recognizer_turned_is_shown_turned(
    fake_recognizer: Recognizer, monkeypatch: pytest.MonkeyPatch
):
    mark = fake_recognizer.read_photo(pixels(bar(300, 500, x=80, top=60, bottom=240, thickness=16))).digits[0]
    reading = Reading((replace(mark, box=Box(60, 72, 180, 16)),), turn=270)  # of a picture of 300 by 500
    monkeypatch.setattr(fake_recognizer, "read_photo", lambda picture: reading)
    report = report_picture(
        fake_recognizer, png_bytes(np.full((500, 300), 255, np.uint8)), "a.png", with_preview=True
    )
    assert report.preview is not None
    assert report.preview.turn == 270
    assert pixels(report.preview.shown).shape == (300, 500, 3)
    frame = report.preview.frame(report.marks[0].box)
    assert [frame.left * 500, frame.top * 300, frame.width * 500, frame.height * 300] == pytest.approx(
        [72, 60, 16, 180]
    )


def test_clear_paper_is_white_in_a_preview(fake_recognizer: Recognizer):
    clear = np.zeros((60, 90, 4), np.uint8)
    report = report_picture(fake_recognizer, png_bytes(clear), "clear.png", with_preview=True)
    assert report.preview is not None
    assert pixels(report.preview.shown).min() == 255


@pytest.mark.parametrize("x", [pytest.param(10, id="at the edge"), pytest.param(200, id="in the middle")])
def test_a_crop_shows_the_mark_in_its_middle(fake_recognizer: Recognizer, x: int):
    content = bar(300, 400, x=x, top=100, bottom=200, thickness=12)
    report = report_picture(fake_recognizer, content, "bar.png", with_preview=True)
    (crop,) = crop_marks(report, [(0,)])
    grey = pixels(crop)[..., 0]
    assert grey.shape == (176, 176)
    assert grey[88, 88] < 60
    assert grey[4, 88] > 200


def test_a_drawing_of_any_size_has_its_boxes_in_its_own_pixels(fake_recognizer: Recognizer):
    content = bar(3000, 4800, x=1000, top=500, bottom=2500, thickness=200)
    report = report_picture(fake_recognizer, content, "bar.png", as_drawing=True)
    box = report.marks[0].box
    assert report.text == "1"
    assert abs(box.x - 900) < 8
    assert abs(box.width - 200) < 16
    assert abs(box.y - 400) < 8


def test_a_file_that_can_not_be_opened_has_its_reason(fake_recognizer: Recognizer):
    report = report_picture(fake_recognizer, b"hello", "note.png", with_preview=True)
    assert (report.text, report.marks, report.preview, report.least_confidence) == ("", (), None, None)
    assert report.error
    assert "note.png" in report.error


@pytest.mark.parametrize("as_file", [False, True], ids=["content", "file"])
def test_the_log_says_why_a_picture_was_refused_but_not_its_name(fake_recognizer, tmp_path, caplog, as_file):
    caplog.set_level("INFO", "mnist_core")  # a command line before it sets another level
    path = tmp_path / "anna.png"
    path.write_bytes(b"hello")
    report_picture(fake_recognizer, path if as_file else b"hello", "anna.png")
    (record,) = caplog.records
    assert record.getMessage() == "picture refused"
    assert record.facts == {"reason": "no picture", "bytes": 5}
    assert "anna" not in str(vars(record))
