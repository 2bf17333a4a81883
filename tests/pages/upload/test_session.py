"""The visitor's uploads: read once, stored for the visit, turned."""

import pytest

from mnist_core.reading.proofreading import Correction
from pages.upload import session
from tests.pages.upload.pictures import OpenPage, answers, bars, doubtful, reports, texts, upload


def test_the_same_content_is_read_once(open_page: OpenPage, monkeypatch: pytest.MonkeyPatch):
    read = []
    report_picture = session.report_picture
    monkeypatch.setattr(
        session, "report_picture", lambda *args, **options: read.append(1) or report_picture(*args, **options)
    )
    app = upload(open_page("upload").run(), ("a.png", bars(1)), ("b.png", bars(1)))
    app.run()
    assert [report.name for report in reports(app)] == ["a.png", "b.png"]
    assert len(read) == 1


def test_one_picture_among_many_is_removed_and_brought_back(open_page: OpenPage):
    app = upload(open_page("upload").run(), ("a.png", bars(1)), ("b.png", doubtful(1)), ("c.png", bars(3)))
    answers(app)[0].set_value("4").run()
    app.button(key="upload-remove-1").click().run()
    assert [report.name for report in reports(app)] == ["a.png", "c.png"]
    assert app.session_state["upload-table-texts"] == ["1", "111"]
    assert "Removed: b.png." in texts(app)
    app.button(key="upload-bring-back").click().run()
    assert app.session_state["upload-table-texts"] == ["1", "4", "111"]
    assert "Removed" not in texts(app)


def test_samples_and_damaged_files_can_be_removed_too(open_page: OpenPage):
    app = upload(open_page("upload").run(), ("a.png", b"hello"))
    app.button(key="upload-sample-chalk").click().run()
    app.button(key="upload-remove-1").click().run()
    app.button(key="upload-remove-0").click().run()
    assert not app.exception
    assert not reports(app)


def test_results_can_be_cleared_and_brought_back(open_page: OpenPage):
    app = upload(open_page("upload").run(), ("a.png", bars(1)), ("b.png", bars(2)))
    (picture, _) = app.session_state["upload-reports"]
    app.session_state["upload-corrections"] = {picture: Correction(text="7")}
    app.button(key="upload-clear").click().run()
    assert not reports(app)
    assert "All readings" not in texts(app)
    assert not app.session_state["upload-corrections"]
    app.button(key="upload-bring-back").click().run()
    assert app.session_state["upload-table-texts"] == ["7", "11"]


def test_what_came_since_outlasts_what_is_brought_back(open_page: OpenPage):
    app = upload(open_page("upload").run(), ("a.png", bars(1)), ("b.png", bars(2)))
    app.button(key="upload-remove-0").click().run()
    app.button(key="upload-sample-drawing").click().run()
    assert "Bring back" not in [button.label for button in app.button]
    assert [report.name for report in reports(app)] == ["b.png", "drawing.png"]


def test_the_same_file_twice_is_said(open_page: OpenPage):
    app = upload(open_page("upload").run(), ("a.png", bars(1)))
    assert not app.info
    app = upload(app, ("a.png", bars(1)))
    assert [info.value for info in app.info] == ["a.png is here already; it was not read again."]
    app = upload(app, ("copy.png", bars(1)))
    assert [info.value for info in app.info] == ["copy.png is the same picture as a.png."]
    app.button(key="upload-sample-drawing").click().run()
    assert not app.info


def test_results_outlast_a_change_of_page(open_page: OpenPage):
    app = upload(open_page("upload").run(), ("a.png", bars(1)))
    again = open_page("upload")
    again.session_state["upload-reports"] = app.session_state["upload-reports"]
    upload(again.run(), ("b.png", bars(2)))
    assert [report.text for report in reports(again)] == ["1", "11"]


def test_only_so_many_results_are_kept(open_page: OpenPage, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(session, "MAX_REPORTS", 2)
    app = upload(open_page("upload").run(), *[(f"{count}.png", bars(count)) for count in (1, 2, 3)])
    assert [report.text for report in reports(app)] == ["11", "111"]
    assert "The last 2 are shown" in texts(app)


def test_turned_picture_loses_the_verdicts_on_its_marks(open_page: OpenPage):
    """Turned, it has other marks: a verdict on the first of them would be about another one."""
    app = upload(open_page("upload").run(), ("a.png", doubtful(2)))
    answers(app)[0].set_value("4").run()
    assert app.session_state["upload-table-texts"] == ["47"]
    app.button(key="upload-turn-right-0").click().run()
    assert not app.exception
    assert [group.value for group in answers(app)] == [None] * len(answers(app))
    assert app.session_state["upload-table-texts"] == [reports(app)[0].text]
    assert "checked by you" not in texts(app)


def test_turned_picture_is_still_called_what_its_visitor_wrote(open_page: OpenPage):
    app = upload(open_page("upload").run(), ("a.png", doubtful(2)))
    (picture,) = app.session_state["upload-reports"]
    app.session_state["upload-corrections"] = {picture: Correction(text="42")}
    app.run()
    app.button(key="upload-turn-left-0").click().run()
    assert app.session_state["upload-table-texts"] == ["42"]
