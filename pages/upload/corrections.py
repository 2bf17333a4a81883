"""The visitor's corrections: stored for the visit, beside the reports and by the same keys."""

from collections.abc import Collection

import streamlit as st

from mnist_core.reading.proofreading import NO_CORRECTION, Correction

_CORRECTIONS = "upload-corrections"  # by picture


def all_corrections() -> dict[str, Correction]:
    """Return the visit's corrections, by picture."""
    corrections: dict[str, Correction] = st.session_state.setdefault(_CORRECTIONS, {})
    return corrections


def correction_of(picture: str) -> Correction:
    """Return the correction of one picture; NO_CORRECTION where there is none."""
    return all_corrections().get(picture, NO_CORRECTION)


def store_correction(picture: str, correction: Correction) -> None:
    """Store the correction of one picture."""
    all_corrections()[picture] = correction


def forget_other_corrections(pictures: Collection[str]) -> None:
    """Drop the corrections of all but these pictures: one that comes back begins with its own reading."""
    corrections = all_corrections()
    for picture in [picture for picture in corrections if picture not in pictures]:
        del corrections[picture]
