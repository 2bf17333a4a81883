"""Cells side by side: their captions, and what can't be one."""

import numpy as np
from streamlit.testing.v1 import AppTest

from mnist_core.runs.run_files import SampleReading


def show_markup() -> None:
    import numpy as np

    from pages.shared.cells import show_cells

    cells = np.zeros((2, 28, 28), np.uint8)
    show_cells(cells, ["<i>9</i>", "4 read as 9"], ["<b>", 'a "4"'], "dp-grid")


def show_two_samples() -> None:
    import streamlit as st

    from pages.shared.cells import show_empty_samples, show_samples

    show_samples(st.session_state["samples"])
    show_empty_samples(3)


def test_captions_and_alternative_texts_are_never_markup() -> None:
    (cells,) = AppTest.from_function(show_markup).run().get("html")
    assert cells.body.startswith('<div class="dp-grid">')
    assert "<figcaption>&lt;i&gt;9&lt;/i&gt;</figcaption>" in cells.body
    assert 'alt="&lt;b&gt;"' in cells.body
    assert 'alt="a &quot;4&quot;"' in cells.body


def test_samples_show_right_and_wrong_without_colour() -> None:
    app = AppTest.from_function(show_two_samples)
    cell = np.zeros((28, 28), np.uint8)
    app.session_state["samples"] = (SampleReading(cell, 4, 4, 0.9999), SampleReading(cell, 4, 9, 0.61))
    app.run()
    assert not app.exception
    samples, empty = (element.body for element in app.get("html"))
    assert "<b>✓ 4</b><br>&gt;99.9" in samples
    assert "<b>✗ 9</b><br>61" in samples
    assert samples.count("dp-wrong") == 1
    assert empty.count("<figure>") == 3
