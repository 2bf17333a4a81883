"""What a visitor made of the readings: kept for the visit, beside the reports and by the same names."""

from collections.abc import Collection

import streamlit as st

from mnist_core.reading.proofreading import UNTOUCHED, Correction

_CORRECTIONS = "upload-corrections"  # by picture


def kept_corrections() -> dict[str, Correction]:
    """Give the visit's corrections, by picture."""
    corrections: dict[str, Correction] = st.session_state.setdefault(_CORRECTIONS, {})
    return corrections


def correction_of(picture: str) -> Correction:
    """Give what was made of one picture; UNTOUCHED where nothing was."""
    return kept_corrections().get(picture, UNTOUCHED)


def keep_correction(picture: str, correction: Correction) -> None:
    """Take over what a visitor made of one picture."""
    kept_corrections()[picture] = correction


def forget_other_corrections(pictures: Collection[str]) -> None:
    """Drop what was made of all but these pictures: one that comes back begins with its own reading."""
    corrections = kept_corrections()
    for picture in [picture for picture in corrections if picture not in pictures]:
        del corrections[picture]
