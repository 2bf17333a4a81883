"""Upload: reads photos, scans and drawings from files or the camera."""

from collections import Counter
from functools import partial
from pathlib import Path

import streamlit as st

from mnist_core import Recognizer
from mnist_core.config import MAX_FILE_BYTES, PROJECT_FOLDER
from mnist_core.errors import ModelError
from mnist_core.reading.files import printable_name
from mnist_core.reading.proofreading import crowded_pictures, find_doubts
from mnist_core.reading.reports import PictureReport
from pages.shared.messages import show_error
from pages.shared.theme import show_privacy
from pages.shared.tried_model import open_reading_recognizer
from pages.shared.uploads import show_upload_refusal
from pages.shared.wording import counted, literal
from pages.upload import boxes, browser, session, waiting
from pages.upload.browser_copy import sync_browser_copy
from pages.upload.corrections import all_corrections, correction_of, forget_other_corrections
from pages.upload.pager import items_on_page, show_pagination, turn_to
from pages.upload.report import CardActions, show_report
from pages.upload.review import count_words, show_check_sheet, show_threshold
from pages.upload.table import show_table

SAMPLES = {
    "Drawn on a screen": "drawing.png",
    "A page by the window": "paper.jpg",
    "A chalkboard": "chalk.jpg",
}

PICTURES = 10  # shown at a time
MOST_REPEATS = 3  # sentences on pictures that were here before


def main() -> None:
    st.title("Read pictures", anchor=False)
    st.markdown(
        "Photos, scans or screenshots of handwritten digits: choose one or fifty, drop them on the field "
        "below, or paste one with Ctrl-V."
    )
    try:
        recognizer = open_reading_recognizer()
    except ModelError as error:
        show_error(error, "upload")
        return
    files = st.file_uploader(
        f"Pictures of up to {MAX_FILE_BYTES >> 20} MB: JPEG, PNG, WebP, BMP, GIF, TIFF, HEIC",
        accept_multiple_files=True,
        max_upload_size=MAX_FILE_BYTES >> 20,
        key="upload-files",
    )
    show_upload_refusal()
    camera_is_given = browser.gets_camera(st.context.url)
    with st.container(horizontal=True, vertical_alignment="center", key="upload-other"):
        # Only where a finger is: browser.js opens the phone's own camera, which asks a page for nothing.
        st.button("Take a photo", key="upload-photo", icon=":material/photo_camera:")
        # A switch, since the browser asks for the camera as soon as it is on the page.
        camera = camera_is_given and st.toggle("Use the camera", key="upload-camera-on")
        st.markdown("Or try one of these:")
        for label, name in SAMPLES.items():
            sample = PROJECT_FOLDER / "assets" / "samples" / name
            read = partial(read_sample, recognizer, sample)
            st.button(label, key=f"upload-sample-{name.partition('.')[0]}", on_click=read)
    if not camera_is_given:
        st.caption(
            "Browsers give their camera only to pages that come over https, or from this computer itself. "
            "On a phone, “Take a photo” opens its own camera all the same. Who runs this server can start it "
            "with `make run HTTPS=1`."
        )
    photo = None
    if camera:
        photo = st.camera_input("Hold the page so that it fills the picture", key="upload-camera", width=640)
    waiting.take_uploads([*files, photo] if photo else files)
    waiting.read_waiting(recognizer)
    show_left_out()
    turn_to_new_pictures(list(session.all_reports()))
    show_results(recognizer)
    show_privacy(
        "Your pictures are read in this server's memory and not stored: "
        "they are forgotten when you leave, and nothing is sent to anyone else. Your browser stores what was "
        "read, without the pictures, until you close this tab."
    )


def read_sample(recognizer: Recognizer, sample: Path) -> None:
    waiting.begin_reading()
    waiting.note_repeat(session.read_picture(recognizer, sample.read_bytes(), sample.name))


def show_left_out() -> None:
    """Say what was not read, since it was here before or the visitor stopped."""
    if repeats := waiting.repeats():
        more = f" And {len(repeats) - MOST_REPEATS} more." if len(repeats) > MOST_REPEATS else ""
        st.info(literal(" ".join(repeats[:MOST_REPEATS]) + more))
    if count := waiting.stopped_count():
        with st.container(horizontal=True, vertical_alignment="center", key="upload-stopped"):
            st.markdown(
                f"You stopped: {counted(count, 'picture')} {'was' if count == 1 else 'were'} not read."
            )
            st.button("Read the rest", key="upload-read-rest", on_click=waiting.read_stopped)
            st.button("Leave out the rest", key="upload-leave-rest", on_click=waiting.forget_stopped)


def turn_to_new_pictures(pictures: list[str]) -> None:
    seen = st.session_state.get("upload-seen", ())
    first_new = next((index for index, picture in enumerate(pictures) if picture not in seen), None)
    if first_new is not None:
        turn_to(first_new, PICTURES, "upload-pictures")
    st.session_state["upload-seen"] = frozenset(pictures)


@st.fragment  # what its controls change, a correction or a picture removed, is shown in this part alone
def show_results(recognizer: Recognizer) -> None:
    show_removed()
    reports = session.all_reports()
    forget_other_corrections(reports)
    sync_browser_copy()
    browser.prepare_browser()
    if not reports:
        return
    with st.container(key="upload-results"):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.header("One picture" if len(reports) == 1 else f"{len(reports)} pictures", anchor=False)
            st.button("Clear results", key="upload-clear", on_click=session.remove_all)
        if len(reports) >= session.MAX_REPORTS:
            st.caption(
                f"The last {session.MAX_REPORTS} are shown. For more: `python -m mnist_core read FOLDER`."
            )
        bar = st.container(horizontal=True, vertical_alignment="center", key="upload-doubts")
        with bar:
            counts = st.container(key="upload-count")
            doubtful_below = show_threshold()
        here = {picture: report for picture, report in reports.items() if report.preview}
        doubts = find_doubts(here, all_corrections(), doubtful_below)
        digits = sum(mark.is_digit for report in here.values() for mark in report.marks)
        crowded = crowded_pictures(here, all_corrections())
        counts.markdown(count_words(doubts, digits, len(crowded)))
        to_check = Counter(doubt.picture for doubt in doubts if not doubt.is_settled)
        to_check.update({picture: reports[picture].refused for picture in crowded})
        if len(reports) == 1:  # its reading is what its visitor came for; of many, what needs a person
            show_pictures(recognizer, reports, doubtful_below)
            show_check_sheet(reports, doubts)
            show_readings(reports, to_check)
        else:
            show_check_sheet(reports, doubts)
            show_readings(reports, to_check)
            st.header("Pictures", anchor=False)
            show_pictures(recognizer, reports, doubtful_below)


def show_removed() -> None:
    """Say what was removed, and offer to bring it back."""
    if not (removed := session.removed()):
        return
    what = printable_name(removed[0].report.name) if len(removed) == 1 else f"{len(removed)} pictures"
    with st.container(horizontal=True, vertical_alignment="center", key="upload-removed"):
        st.markdown(f"Removed: {literal(what)}.")
        st.button("Bring back", key="upload-bring-back", icon=":material/undo:", on_click=session.bring_back)


def show_readings(reports: dict[str, PictureReport], to_check: Counter[str]) -> None:
    st.header("All readings", anchor=False)
    show_table(reports, to_check)


def turn(recognizer: Recognizer, picture: str, degrees: int) -> None:
    session.turn_picture(recognizer, picture, degrees)
    boxes.forget_changes(picture)


def show_pictures(recognizer: Recognizer, reports: dict[str, PictureReport], doubtful_below: float) -> None:
    part = items_on_page(list(reports.items()), PICTURES, "upload-pictures")
    for number, (picture, report) in enumerate(part):
        show_report(
            report,
            number,
            doubtful_below,
            correction_of(picture),
            is_alone=len(reports) == 1,
            actions=CardActions(
                turn=partial(turn, recognizer, picture),
                correct_boxes=partial(boxes.begin_or_end, picture),
                remove=partial(session.remove_picture, picture),
                show_box_tools=partial(boxes.show_box_tools, recognizer, picture, report, number)
                if boxes.are_corrected(picture)
                else None,
            ),
        )
    show_pagination(len(reports), PICTURES, "upload-pictures", "Pictures")


main()
