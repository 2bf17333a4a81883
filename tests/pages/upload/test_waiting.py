"""Uploads on their way to be read: none is lost, and reading them can be stopped."""

import pytest
import streamlit as st

from pages.upload import session, waiting
from tests.pages.upload.pictures import OpenPage, bars, reports, texts, upload

FIVE = [(f"{count}.png", bars(count)) for count in range(1, 6)]


def stop_after_the_second(monkeypatch: pytest.MonkeyPatch) -> None:
    """Press Stop while pictures are read: the run breaks off, and the next one begins with the button."""
    read, names = session.report_picture, []

    def report_picture(*args, **options):
        names.append(args)
        if len(names) == 3:
            waiting.stop_reading()
            st.rerun()
        return read(*args, **options)

    monkeypatch.setattr(session, "report_picture", report_picture)


def test_reading_many_can_be_stopped_and_gone_on_with(open_page: OpenPage, monkeypatch: pytest.MonkeyPatch):
    app = open_page("upload").run()
    stop_after_the_second(monkeypatch)
    upload(app, *FIVE)
    assert [report.text for report in reports(app)] == ["1", "11"]
    assert "You stopped: 3 pictures were not read." in texts(app)
    app.button(key="upload-read-rest").click().run()
    assert [report.text for report in reports(app)] == ["1", "11", "111", "1111", "11111"]
    assert "You stopped" not in texts(app)


def test_what_was_stopped_can_be_left_out(open_page: OpenPage, monkeypatch: pytest.MonkeyPatch):
    app = open_page("upload").run()
    stop_after_the_second(monkeypatch)
    upload(app, *FIVE)
    app.button(key="upload-leave-rest").click().run()
    assert "You stopped" not in texts(app)
    assert len(reports(app)) == 2
    app.run()
    assert len(reports(app)) == 2


def test_what_was_not_read_before_a_change_of_page_is_read_after_it(open_page: OpenPage):
    app = open_page("upload").run()
    app.session_state["upload-waiting"] = dict.fromkeys(["x"], Waiting("x", "a.png"))
    app.run()
    assert [report.name for report in reports(app)] == ["a.png"]
    assert not app.session_state["upload-waiting"]


class Waiting:
    """An upload that its widget no longer holds."""

    def __init__(self, file_id: str, name: str) -> None:
        self.file_id = file_id
        self.name = name

    def getvalue(self) -> bytes:
        return bars(1)
