"""The visitor's corrections, stored for the visit."""

from streamlit.testing.v1 import AppTest


def correct_two_pictures() -> None:
    import streamlit as st

    from mnist_core.reading.proofreading import NO_CORRECTION, Correction
    from pages.upload.corrections import (
        all_corrections,
        correction_of,
        forget_other_corrections,
        store_correction,
    )

    store_correction("a", Correction(text="1"))
    store_correction("b", Correction(text="2"))
    store_correction("a", Correction(text="3"))
    st.session_state["before"] = correction_of("a").text, correction_of("b").text
    forget_other_corrections(["b", "c"])
    st.session_state["after"] = list(all_corrections())
    assert correction_of("a") == NO_CORRECTION


def test_last_correction_counts_until_its_picture_is_gone() -> None:
    app = AppTest.from_function(correct_two_pictures).run()
    assert not app.exception
    assert app.session_state["before"] == ("3", "2")
    assert app.session_state["after"] == ["b"]
