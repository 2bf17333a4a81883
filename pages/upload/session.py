"""The visitor's pictures: each is read once, and its report outlasts a change of page."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

import streamlit as st

from mnist_core import Recognizer
from mnist_core.reading.files import printable_name
from mnist_core.reading.proofreading import Correction
from mnist_core.reading.reports import PictureReport, read_turned, report_picture
from mnist_core.reading.stored_readings import StoredReading
from pages.upload.corrections import correction_of, store_correction

MAX_REPORTS = 100
"""Reports in a session: about 20 MB. Whoever has more uses the command line."""

_REPORTS = "upload-reports"  # report by picture, in the order they came
_REMOVED = "upload-removed"  # what was removed last


@dataclass(frozen=True, slots=True, eq=False)
class Removed:
    """A report that its visitor removed, with all that brings it back to where it was."""

    index: int
    picture: str
    report: PictureReport
    correction: Correction


def all_reports() -> dict[str, PictureReport]:
    """Return the session's reports, by picture, in the order they came."""
    reports: dict[str, PictureReport] = st.session_state.setdefault(_REPORTS, {})
    return reports


def read_picture(recognizer: Recognizer, content: bytes, name: str) -> str:
    """Read a picture, unless the same content was read by the same model.

    Args:
        recognizer: what reads.
        content: of its file.
        name: what the visitor calls it.
    Returns:
        A sentence where it was here before, "" where it was not; plain text.
    """
    digest = f"{recognizer.files.name}/{sha256(content).hexdigest()}/"
    picture = digest + name
    reports = all_reports()
    if picture in reports and not _has_lost_picture(reports[picture]):
        return f"{printable_name(name)} is here already; it was not read again."
    with_picture = (known for known in reports if not _has_lost_picture(reports[known]))
    twin = next((reports[known] for known in with_picture if known.startswith(digest)), None)
    # The error of a twin has the twin's name: only what could be read is copied.
    if twin and twin.reading:
        reports[picture] = replace(twin, name=name)
    else:
        reports[picture] = report_picture(recognizer, content, name, with_preview=True)
    while len(reports) > MAX_REPORTS:
        del reports[next(iter(reports))]
    return f"{printable_name(name)} is the same picture as {printable_name(twin.name)}." if twin else ""


def restore_readings(readings: Sequence[StoredReading]) -> list[StoredReading]:
    """Put back what was read in a session before, in front of what this one has read itself.

    Returns:
        Those of them that were put back.
    """
    own = all_reports()
    restored = [stored for stored in readings[-MAX_REPORTS:] if stored.picture not in own]
    st.session_state[_REPORTS] = {stored.picture: stored.report for stored in restored} | own
    return restored


def turn_picture(recognizer: Recognizer, picture: str, turn: int) -> None:
    """Read a stored picture again, turned further by so many degrees clockwise: 90, 180 or 270."""
    report = all_reports().get(picture)
    if report is None or report.preview is None:  # it may have been removed a moment ago
        return
    all_reports()[picture] = read_turned(recognizer, report, (report.preview.turn + turn) % 360)
    # Verdicts belong to the marks of the reading before; a text that was written, to the picture.
    store_correction(picture, replace(correction_of(picture), verdicts={}))


def remove_picture(picture: str) -> None:
    """Remove one picture's report; `bring_back` undoes it. For a button's `on_click`."""
    _remove([picture])


def remove_all() -> None:
    """Remove all reports; `bring_back` undoes it. For a button's `on_click`."""
    _remove(list(all_reports()))


def removed() -> list[Removed]:
    """Return what was removed last, in its order, as long as it can be brought back."""
    last: list[Removed] = st.session_state.get(_REMOVED, [])
    return last


def bring_back() -> None:
    """Bring back what was removed last, to where it was, with its corrections. For a button's `on_click`."""
    items = list(all_reports().items())
    for each in removed():
        if each.picture not in all_reports():
            items.insert(each.index, (each.picture, each.report))
            store_correction(each.picture, each.correction)
    st.session_state[_REPORTS] = dict(items)
    forget_removed()


def forget_removed() -> None:
    """Let go of what was removed last."""
    st.session_state[_REMOVED] = []


def _has_lost_picture(report: PictureReport) -> bool:
    """Return whether the picture itself stayed behind in a session that is over."""
    return report.reading is not None and report.preview is None


def _remove(pictures: list[str]) -> None:
    reports = all_reports()
    st.session_state[_REMOVED] = [
        Removed(index, picture, report, correction_of(picture))
        for index, (picture, report) in enumerate(reports.items())
        if picture in pictures
    ]
    for picture in pictures:
        reports.pop(picture, None)
