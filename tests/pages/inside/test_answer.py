"""Steps 4 and 5 without a browser."""

import numpy as np
from streamlit.testing.v1 import AppTest

from tests.pages.inside.walk import bytes_of, drawing_of, painted, sentences, show


def test_the_logits_and_both_heads_are_shown(page: AppTest) -> None:
    show(page, drawing_of("7"), "answer")
    shown = painted(page)
    assert int(np.argmax(shown["logits"])) == 7
    assert sum(shown["kinds"]) == 1 or abs(sum(shown["kinds"]) - 1) < 1e-5
    assert "so this is a digit" in sentences(page)


def test_what_is_no_digit_is_said_to_be_none(page: AppTest) -> None:
    show(page, drawing_of("scribble"), "answer")
    assert "so this is no digit" in sentences(page)


def test_ink_that_was_rubbed_out_is_not_read(page: AppTest) -> None:
    show(page, drawing_of("7"), "saliency")
    assert "Rub some ink out" in painted(page)["sentence"]
    inked = np.flatnonzero(bytes_of(painted(page)["cell"])).tolist()
    page.session_state["inside-saliency-view"] = {"erased": [*inked[: len(inked) // 2], 10**9, "x", -1]}
    page.run()
    assert "Without the ink you rubbed out it reads" in painted(page)["sentence"]
    page.session_state["inside-saliency-view"] = {"erased": inked}
    page.run()
    assert "nothing is left to read" in painted(page)["sentence"]


def test_another_drawing_is_whole(page: AppTest) -> None:
    show(page, drawing_of("7"), "saliency")
    page.session_state["inside-saliency-view"] = {"erased": list(range(400))}
    page.run()
    assert "Without the ink" in painted(page)["sentence"]
    show(page, drawing_of("3"), "saliency")
    assert "Rub some ink out" in painted(page)["sentence"]


def test_the_finer_ways_are_computed_on_a_press(page: AppTest) -> None:
    show(page, drawing_of("7"), "saliency")
    for way, title in (
        ("Finer occlusion", "Occlusion, 144 places"),
        ("Integrated gradients", "Integrated gradients"),
    ):
        page.segmented_control(key="inside-saliency-way").set_value(way).run()
        assert painted(page)["maps"][1]["title"] == title
