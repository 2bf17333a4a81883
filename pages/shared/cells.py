"""Shows cells, the images of 28 × 28 pixels that networks read, side by side with a caption each."""

from collections.abc import Iterable
from html import escape

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from mnist_core.runs.run_files import SampleReading
from pages.shared.reading import percent, picture_html


def show_cells(
    cells: NDArray[np.uint8], captions: Iterable[str], alts: Iterable[str], css_class: str = "dp-strip"
) -> None:
    """Show cells in rows.

    Args:
        cells: uint8 (n, 28, 28), 255 is ink.
        captions: the text below each; plain text.
        alts: what each shows, for those who can't see it; plain text.
        css_class: of the element around them; see style.css.
    """
    figures = "".join(
        f"<figure>{picture_html(_on_paper(cell), alt)}<figcaption>{escape(caption)}</figcaption></figure>"
        for cell, caption, alt in zip(cells, captions, alts, strict=True)
    )
    st.html(f'<div class="{css_class}">{figures}</div>')


def show_samples(samples: tuple[SampleReading, ...]) -> None:
    """Show the digits that are read again after each epoch: correctly or not, and with which confidence."""
    figures = "".join(_sample_html(sample) for sample in samples)
    st.html(f'<div class="dp-samples">{figures}</div>')


def _sample_html(sample: SampleReading) -> str:
    confidence = percent(sample.confidence).replace("over ", "&gt;")  # no room for words: sixteen in a row
    sign = "✓" if sample.right else "✗"
    return (
        f'<figure class="{"dp-right" if sample.right else "dp-wrong"}">'
        f"{picture_html(_on_paper(sample.cell), f'a {sample.label}')}"
        f"<figcaption><b>{sign} {sample.reading}</b><br>{confidence}</figcaption></figure>"
    )


def show_empty_samples(count: int) -> None:
    """Show empty frames until the samples are read for the first time, so that nothing below them moves."""
    figure = '<figure><div class="dp-cell"></div><figcaption>&nbsp;<br>&nbsp;</figcaption></figure>'
    st.html(f'<div class="dp-samples">{figure * count}</div>')


def _on_paper(cell: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return a cell's white on black as dark ink on white paper."""
    return np.asarray(255 - cell, np.uint8)
