"""What the browser stores of the readings, and what a new session makes of it."""

import json

from streamlit.testing.v1 import AppTest

from mnist_core.reading.proofreading import Correction
from mnist_core.reading.stored_readings import pack_readings
from tests.pages.upload.pictures import OpenPage, bars, doubtful, reports, texts, upload


def copy_of(app: AppTest) -> list[dict[str, object]]:
    """Return what the browser was given to store, as it comes back from there."""
    packed = pack_readings(
        app.session_state["upload-reports"],
        app.session_state["upload-corrections"],
    )
    return json.loads(json.dumps(packed))


def answer(readings: object) -> None:
    from pages.upload.browser_copy import take_back

    take_back({"readings": readings})


def give_back(app: AppTest, readings: object) -> AppTest:
    """Answer a session that asks, as the component's callback does, and give what is in the session then."""
    answering = AppTest.from_function(answer, kwargs={"readings": readings})
    _take_over(answering, app)
    answering.run()
    assert not answering.exception
    return answering


def reopen(open_page: OpenPage, answered: AppTest) -> AppTest:
    app = open_page("upload")
    _take_over(app, answered)
    app.run()
    assert not app.exception
    return app


def _take_over(app: AppTest, before: AppTest) -> None:
    for key in ("upload-reports", "upload-corrections", "upload-copy-answered"):
        if key in before.session_state:
            app.session_state[key] = before.session_state[key]


def test_new_session_shows_what_was_read_and_says_that_the_pictures_are_gone(open_page: OpenPage):
    before = upload(
        open_page("upload").run(), ("a.png", bars(2)), ("b.png", doubtful(1)), ("c.png", b"hello")
    )
    picture = next(iter(before.session_state["upload-reports"]))
    before.session_state["upload-corrections"] = {picture: Correction(text="74")}
    answered = give_back(open_page("upload").run(), copy_of(before))
    app = reopen(open_page, answered)
    assert [report.text for report in reports(app)] == ["11", "7", ""]
    assert app.session_state["upload-corrections"][picture].text == "74"
    assert texts(app).count("the picture itself is no longer on the server") == 2
    assert "c.png can&#x27;t be opened" in texts(app)
    assert app.dataframe[0].value["Text"].tolist() == ["74", "7", ""]
    app.select_slider(key="upload-threshold").set_value(0.5).run()  # nothing to check without a picture
    assert not app.exception


def test_picture_that_is_chosen_again_is_there_again(open_page: OpenPage):
    before = upload(open_page("upload").run(), ("a.png", bars(2)))
    app = reopen(open_page, give_back(open_page("upload").run(), copy_of(before)))
    upload(app, ("a.png", bars(2)))
    assert len(reports(app)) == 1
    assert reports(app)[0].preview is not None
    assert "no longer on the server" not in texts(app)


def test_what_a_session_read_itself_comes_last_and_is_never_overwritten(open_page: OpenPage):
    before = upload(open_page("upload").run(), ("a.png", bars(1)), ("b.png", bars(2)))
    now = upload(open_page("upload").run(), ("b.png", bars(2)), ("c.png", bars(3)))
    answered = give_back(now, copy_of(before))
    restored = list(answered.session_state["upload-reports"].values())
    assert [report.name for report in restored] == ["a.png", "b.png", "c.png"]
    assert [report.preview is not None for report in restored] == [False, True, True]


def test_bad_answers_restore_nothing(open_page: OpenPage):
    answered = give_back(open_page("upload").run(), [{"picture": 1}])
    assert not reports(answered)
