"""The visitor's uploads: each picture is read once, and its report outlasts a change of page."""

from collections.abc import Iterable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Protocol

import streamlit as st

from mnist_core import Recognizer
from mnist_core.reading.reports import PictureReport, read_turned, report_picture
from pages.shared.uploads import own_name
from pages.upload.corrections import correction_of, store_correction

MAX_REPORTS = 100
"""Reports in a session: about 20 MB. Whoever has more uses the command line."""

_FILES, _CAMERA = "upload-files", "upload-camera"
_GENERATION = "upload-generation"  # how often all was cleared
_REPORTS = "upload-reports"  # report by picture, in the order they came
_HELD = "upload-held"  # the report's key, by the id of the upload while its widget still holds it


class Upload(Protocol):
    """What Streamlit hands over for a file or a camera's photo."""

    file_id: str
    name: str

    def getvalue(self) -> bytes:
        """Return the file's content."""
        ...


def all_reports() -> dict[str, PictureReport]:
    """Return the session's reports, by picture, in the order they came."""
    reports: dict[str, PictureReport] = st.session_state.setdefault(_REPORTS, {})
    return reports


def files_key() -> str:
    """Return the uploader's key: a new one after all was cleared, since nothing else empties that widget."""
    generation = st.session_state.get(_GENERATION, 0)
    return f"{_FILES}-{generation}" if generation else _FILES


def camera_key() -> str:
    """Return the camera's key, likewise."""
    return f"{_CAMERA}-{st.session_state.get(_GENERATION, 0)}"


def begin_visit() -> None:
    """Prepare for the page's widgets: after a change of page they are empty, but no file was taken out."""
    if files_key() not in st.session_state:
        st.session_state[_HELD] = {}


def forget_removed() -> None:
    """Drop the reports of files that the visitor took out of the widgets; for a widget's `on_change`."""
    held: dict[str, str] = st.session_state.setdefault(_HELD, {})
    present = {upload.file_id for upload in held_uploads()}
    for file_id in [file_id for file_id in held if file_id not in present]:
        picture = held.pop(file_id)
        if picture not in held.values():
            all_reports().pop(picture, None)


def held_uploads() -> list[Upload]:
    """Return what the page's widgets hold."""
    photo = st.session_state.get(camera_key())
    return [*(st.session_state.get(files_key()) or []), *([photo] if photo else [])]


def forget_all() -> None:
    """Drop all reports, and what the widgets hold: the next ones begin empty."""
    all_reports().clear()
    st.session_state[_HELD] = {}
    st.session_state[_GENERATION] = st.session_state.get(_GENERATION, 0) + 1


def read_uploads(recognizer: Recognizer, uploads: Iterable[Upload]) -> None:
    """Read what was not read before, with a bar for more than one; each report is stored at once."""
    held: dict[str, str] = st.session_state.setdefault(_HELD, {})
    new = [upload for upload in uploads if upload.file_id not in held]
    bar = st.progress(0.0, text="Reading …") if len(new) > 1 else None
    for done, upload in enumerate(new):
        if bar:
            bar.progress(done / len(new), text=f"Reading picture {done + 1} of {len(new)} …")
        held[upload.file_id] = _read(recognizer, upload.getvalue(), own_name(upload.name))
    if bar:
        bar.empty()


def turn_picture(recognizer: Recognizer, picture: str, turn: int) -> None:
    """Read a stored picture again, turned further by so many degrees clockwise: 90, 180 or 270."""
    report = all_reports().get(picture)
    if report is None or report.preview is None:  # it may have been removed a moment ago
        return
    all_reports()[picture] = read_turned(recognizer, report, (report.preview.turn + turn) % 360)
    # Verdicts belong to the marks of the reading before; a text that was written, to the picture.
    store_correction(picture, replace(correction_of(picture), verdicts={}))


def read_sample(recognizer: Recognizer, sample: Path) -> None:
    """Read one of our own pictures."""
    _read(recognizer, sample.read_bytes(), sample.name)


def _read(recognizer: Recognizer, content: bytes, name: str) -> str:
    """Read a picture unless the same content was read by the same model, and return its report's key."""
    digest = f"{recognizer.files.name}/{sha256(content).hexdigest()}/"
    picture = digest + name
    reports = all_reports()
    if picture not in reports:
        twin = next((report for known, report in reports.items() if known.startswith(digest)), None)
        # The error of a twin has the twin's name: only what could be read is copied.
        if twin and twin.reading:
            reports[picture] = replace(twin, name=name)
        else:
            reports[picture] = report_picture(recognizer, content, name, with_preview=True)
    while len(reports) > MAX_REPORTS:
        del reports[next(iter(reports))]
    return picture
