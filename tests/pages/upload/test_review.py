"""The sheet of marks to check."""

import cv2
import numpy as np
import pytest

from mnist_core.reading.pictures import png_bytes
from mnist_core.reading.proofreading import Doubt
from mnist_core.results import Box, DigitReading
from pages.upload import session
from pages.upload.review import count_words
from tests.pages.upload.pictures import OpenPage, answers, bars, doubtful, reports, texts, upload


def test_doubtful_digits_are_counted_marked_and_shown_to_be_checked(open_page: OpenPage):
    app = upload(
        open_page("upload").run(), ("a.png", bars(2)), ("b.png", doubtful(2)), ("c.png", doubtful(1))
    )
    assert not app.exception
    assert "3 of 5 digits to check, in 2 pictures." in texts(app)
    assert texts(app).count("dp-box-doubtful") == 3
    assert "Read as <b>7</b>, 60" in texts(app)
    assert "perhaps 2" in texts(app)
    assert len(answers(app)) == 3


def test_what_is_set_right_is_ticked_off_and_stands_in_the_table(open_page: OpenPage):
    app = upload(open_page("upload").run(), ("a.png", doubtful(2)), ("b.png", bars(1)))
    answers(app)[1].set_value("4").run()
    assert "1 of 3 digits to check, in 1 picture. 1 checked." in texts(app)
    assert app.session_state["upload-table-texts"] == ["74", "1"]
    assert texts(app).count("dp-box-doubtful") == 1
    answers(app)[1].set_value("Not a digit").run()
    assert app.session_state["upload-table-texts"] == ["7", "1"]
    answers(app)[1].set_value(None).run()
    assert "2 of 3 digits to check" in texts(app)
    assert app.session_state["upload-table-texts"] == ["77", "1"]


def test_the_rest_can_be_taken_as_right_at_once(open_page: OpenPage):
    app = upload(open_page("upload").run(), ("a.png", doubtful(3)))
    answers(app)[0].set_value("1").run()
    app.button(key="upload-check-rest").click().run()
    assert "Nothing left to check. 3 checked." in texts(app)
    assert app.session_state["upload-table-texts"] == ["177"]
    assert [group.value for group in answers(app)] == ["1", "7", "7"]


def test_a_long_sheet_is_shown_in_parts(open_page: OpenPage):
    app = upload(
        open_page("upload").run(), *[(f"{count}.png", doubtful(4, seed=count)) for count in range(4)]
    )
    assert len(answers(app)) == 9
    app.button(key="upload-check-rest").click().run()
    assert "7 of 16 digits to check, in 2 pictures. 9 checked." in texts(app)
    assert len(answers(app)) == 7
    app.pagination(key="upload-sheet").set_value(1).run()
    assert [group.value for group in answers(app)] == ["7"] * 9


def fragments() -> bytes:
    """A PNG file of one ruined digit: two bars above each other, each refused."""
    paper = np.full((160, 300), 255, np.uint8)
    for top in (30, 51):
        cv2.rectangle(paper, (100, top), (133, top + 7), 0, -1)
    return png_bytes(paper)


def test_a_ruined_digit_is_one_entry_and_no_page_on_its_side(open_page: OpenPage):
    app = upload(open_page("upload").run(), ("a.png", fragments()))
    assert len(reports(app)[0].marks) > 1
    assert "1 mark that looks like no digit to check, in 1 picture." in texts(app)
    assert "the right way up" not in texts(app)
    answers(app)[0].set_value("8").run()
    assert app.session_state["upload-table-texts"] == ["8"]
    assert texts(app).count('<i class="dp-box') == 1
    answers(app)[0].set_value(None).run()
    assert app.session_state["upload-table-texts"] == [""]


def test_moving_the_threshold_reads_nothing_again(open_page: OpenPage, monkeypatch: pytest.MonkeyPatch):
    app = upload(open_page("upload").run(), ("a.png", doubtful(1)), ("b.png", bars(1)))
    monkeypatch.setattr(session, "report_picture", None)
    app.select_slider(key="upload-threshold").set_value(0.5).run()
    assert not app.exception
    assert "Nothing to check: all 2 digits are sure." in texts(app)
    app.select_slider(key="upload-threshold").set_value(0.995).run()
    assert "2 of 2 digits to check, in 2 pictures." in texts(app)


def test_answers_outlast_a_change_of_page(open_page: OpenPage):
    app = upload(open_page("upload").run(), ("a.png", doubtful(2)))
    answers(app)[0].set_value("4").run()
    again = open_page("upload")
    for name in ("upload-reports", "upload-corrections"):
        again.session_state[name] = app.session_state[name]
    again.run()
    assert [group.value for group in answers(again)] == ["4", None]
    assert again.session_state["upload-table-texts"] == ["47"]


def test_name_of_a_doubtful_picture_is_never_markup(open_page: OpenPage):
    app = upload(open_page("upload").run(), ("<b>x</b>*y*.png", doubtful(1)))
    sheet = next(element.body for element in app.get("html") if "dp-check" in element.body)
    assert "<small>&lt;b&gt;x&lt;/b&gt;*y*.png</small>" in sheet
    assert answers(app)[0].label == "What mark 1 of \\<b\\>x\\</b\\>\\*y\\*.png is"


def doubt(picture: str, *, is_digit: bool = True, is_settled: bool = False) -> Doubt:
    cell = np.zeros((28, 28), np.float32)
    mark = DigitReading(Box(0, 0, 9, 9), 0, cell, cell, np.full(10, 0.1, np.float32), is_digit)
    return Doubt(picture, (0,), mark, is_settled)


@pytest.mark.parametrize(
    ("doubts", "digits", "crowded", "sentence"),
    [
        pytest.param([], 0, 0, "", id="nothing read"),
        pytest.param([], 1, 0, "Nothing to check.", id="one sure digit"),
        pytest.param([], 1200, 0, "Nothing to check: all 1,200 digits are sure.", id="all sure"),
        pytest.param(
            [doubt("a"), doubt("b")], 7, 0, "2 of 7 digits to check, in 2 pictures.", id="two pictures"
        ),
        pytest.param(
            [doubt("a"), doubt("a", is_digit=False)],
            7,
            0,
            "1 of 7 digits and 1 mark that looks like no digit to check, in 1 picture.",
            id="a digit and a mark",
        ),
        pytest.param(
            [doubt("a"), doubt("a", is_settled=True)],
            7,
            0,
            "1 of 7 digits to check, in 1 picture. 1 checked.",
            id="one settled",
        ),
        pytest.param(
            [doubt("a", is_settled=True)], 7, 0, "Nothing left to check. 1 checked.", id="all settled"
        ),
        pytest.param(
            [],
            7,
            2,
            "In 2 pictures many marks look like no digit: compare the text with it.",
            id="two crowded pictures",
        ),
    ],
)
def test_count_says_what_is_left_to_check(
    doubts: list[Doubt], digits: int, crowded: int, sentence: str
) -> None:
    assert count_words(doubts, digits, crowded) == sentence
