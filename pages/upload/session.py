"""What a visitor has uploaded: each picture is read once, and its report outlasts a change of page."""

from collections.abc import Iterable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Protocol

import streamlit as st

from mnist_core import Recognizer
from mnist_core.reading.reports import PictureReport, read_turned, report_picture
from pages.upload.corrections import correction_of, keep_correction

MOST_KEPT = 100
"""Reports in a session: about 20 MB. Whoever has more uses the command line."""

_FILES, _CAMERA = "upload-files", "upload-camera"
_GENERATION = "upload-generation"  # how often all was cleared
_REPORTS = "upload-reports"  # report by picture, in the order they came
_HELD = "upload-held"  # picture by the id of the upload that brought it, while its widget still shows it


class Upload(Protocol):
    """What Streamlit hands over for a file or a camera's photo."""

    file_id: str
    name: str

    def getvalue(self) -> bytes:
        """Give the file's content."""
        ...


def kept_reports() -> dict[str, PictureReport]:
    """Give the session's reports, by picture, in the order they came."""
    reports: dict[str, PictureReport] = st.session_state.setdefault(_REPORTS, {})
    return reports


def files_key() -> str:
    """Give the uploader's key: a new one after all was cleared, since nothing else empties that widget."""
    generation = st.session_state.get(_GENERATION, 0)
    return f"{_FILES}-{generation}" if generation else _FILES


def camera_key() -> str:
    """Give the camera's key, likewise."""
    return f"{_CAMERA}-{st.session_state.get(_GENERATION, 0)}"


def begin_visit() -> None:
    """Call before the page's widgets: after a change of page they are empty, but nothing was taken away."""
    if files_key() not in st.session_state:
        st.session_state[_HELD] = {}


def forget_removed() -> None:
    """Drop the reports of files that the visitor took out of the widgets; call when a widget changes."""
    held: dict[str, str] = st.session_state.setdefault(_HELD, {})
    present = {upload.file_id for upload in held_uploads()}
    for file_id in [file_id for file_id in held if file_id not in present]:
        picture = held.pop(file_id)
        if picture not in held.values():
            kept_reports().pop(picture, None)


def held_uploads() -> list[Upload]:
    """Give what the page's widgets hold."""
    photo = st.session_state.get(camera_key())
    return [*(st.session_state.get(files_key()) or []), *([photo] if photo else [])]


def forget_all() -> None:
    """Drop all reports, and what the widgets hold: the next ones begin empty."""
    kept_reports().clear()
    st.session_state[_HELD] = {}
    st.session_state[_GENERATION] = st.session_state.get(_GENERATION, 0) + 1


def read_uploads(recognizer: Recognizer, uploads: Iterable[Upload]) -> None:
    """Read what was not read before, with a bar for more than one; each report is kept at once."""
    held: dict[str, str] = st.session_state.setdefault(_HELD, {})
    new = [upload for upload in uploads if upload.file_id not in held]
    bar = st.progress(0.0, text="Reading …") if len(new) > 1 else None
    for done, upload in enumerate(new):
        if bar:
            bar.progress(done / len(new), text=f"Reading picture {done + 1} of {len(new)} …")
        held[upload.file_id] = _keep(recognizer, upload.getvalue(), upload.name)
    if bar:
        bar.empty()


def turn_picture(recognizer: Recognizer, picture: str, turn: int) -> None:
    """Read a kept picture again, turned further by so many degrees clockwise: 90, 180 or 270."""
    report = kept_reports().get(picture)
    if report is None or report.kept is None:  # it may have been removed a moment ago
        return
    kept_reports()[picture] = read_turned(recognizer, report, (report.kept.turn + turn) % 360)
    # Verdicts were about the marks of the reading before; a text that was written is about the picture.
    keep_correction(picture, replace(correction_of(picture), verdicts={}))


def read_sample(recognizer: Recognizer, sample: Path) -> None:
    """Read one of our own pictures."""
    _keep(recognizer, sample.read_bytes(), sample.name)


def _keep(recognizer: Recognizer, content: bytes, name: str) -> str:
    """Read a picture unless the same content was read by the same model, and return what it is kept by."""
    digest = f"{recognizer.files.name}/{sha256(content).hexdigest()}/"
    picture = digest + name
    reports = kept_reports()
    if picture not in reports:
        twin = next((report for known, report in reports.items() if known.startswith(digest)), None)
        # A twin's error names the twin: only what could be read is taken over.
        if twin and twin.reading:
            reports[picture] = replace(twin, name=name)
        else:
            reports[picture] = report_picture(recognizer, content, name, keep_picture=True)
    while len(reports) > MOST_KEPT:
        del reports[next(iter(reports))]
    return picture
