"""The upload page: files in, boxes and readings out; through AppTest, with a recognizer of a few rules."""

import pytest

from mnist_core.config import MAX_FILE_BYTES
from mnist_core.errors import ModelError
from pages.shared import resources
from tests.pages.upload.pictures import OpenPage, bars, reports, texts, upload


def test_the_empty_page_says_what_to_do_and_shows_no_results(open_page: OpenPage):
    app = open_page("upload").run()
    assert not app.exception
    uploader = app.file_uploader(key="upload-files")
    assert "10 MB" in uploader.label
    assert uploader.proto.max_upload_size_mb == MAX_FILE_BYTES >> 20 == 10
    assert "not stored" in texts(app)
    assert not reports(app)
    assert not app.get("imgs")


def test_many_files_are_read_and_a_bad_one_stops_nobody(open_page: OpenPage):
    files = [("a.png", bars(1)), ("b.png", b"hello"), ("c.png", b""), ("d.png", bars(3))]
    app = upload(open_page("upload").run(), *files)
    assert [report.text for report in reports(app)] == ["1", "", "", "111"]
    assert [bool(report.error) for report in reports(app)] == [False, True, True, False]
    assert "b.png can&#x27;t be opened" in texts(app)
    assert "c.png is empty" in texts(app)
    assert "4 pictures" in texts(app)


@pytest.mark.parametrize("sample", ["drawing", "paper", "chalk"])
def test_every_sample_can_be_tried(open_page: OpenPage, sample: str):
    app = open_page("upload").run()
    app.button(key=f"upload-sample-{sample}").click().run()
    assert not app.exception
    assert len(reports(app)) == 1
    assert reports(app)[0].marks


def test_the_camera_opens_when_it_is_asked_for(open_page: OpenPage):
    app = open_page("upload").run()
    assert not app.get("camera_input")
    app.toggle(key="upload-camera-on").set_value(True).run()
    assert app.get("camera_input")


def test_a_missing_model_is_told_and_the_page_still_opens(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
):
    def refuse():
        raise ModelError("The model is gone.")

    app = open_page("upload")
    monkeypatch.setattr(resources, "open_recognizer", refuse)
    app.run()
    assert not app.exception
    assert [error.value for error in app.error] == ["The model is gone."]


def test_many_pictures_are_shown_in_parts_beginning_with_the_new_ones(open_page: OpenPage):
    files = [(f"{number}.png", bars(1 + number % 3)) for number in range(12)]
    app = upload(open_page("upload").run(), *files[:11])
    assert "Pictures 1–10 of 11" in texts(app)
    app = upload(app, *files)
    assert "Pictures 11–12 of 12" in texts(app)
    assert "11.png" in [text.value for text in app.text]
    app.pagination(key="upload-pictures").set_value(1).run()
    assert "0.png" in [text.value for text in app.text]
