"""Upload: photos, scans and drawings from files or the camera, and what is written in them."""

from functools import partial

import streamlit as st

from mnist_core.config import MAX_FILE_BYTES, PROJECT_FOLDER
from mnist_core.errors import ModelError
from pages.components import uploads
from pages.components.report import show_report
from pages.components.resources import open_recognizer
from pages.components.router import require_router
from pages.components.table import forget_corrections, show_table
from pages.components.theme import show_privacy

SAMPLES = {
    "Drawn on a screen": "drawing.png",
    "A page by the window": "paper.jpg",
    "A chalkboard": "chalk.jpg",
}


def main() -> None:
    require_router()
    st.title("Read pictures", anchor=False)
    st.markdown("Photos, scans or screenshots of handwritten digits: one, or fifty at once.")
    try:
        recognizer = open_recognizer()
    except ModelError as error:
        st.error(str(error))
        return
    uploads.begin_visit()
    key = uploads.files_key()
    with st.container(key=None if key == "upload-files" else "upload-files"):
        st.file_uploader(
            f"Pictures of up to {MAX_FILE_BYTES >> 20} MB: JPEG, PNG, WebP, BMP, GIF, TIFF, HEIC",
            accept_multiple_files=True,
            key=key,
            on_change=uploads.forget_removed,
        )
    with st.container(horizontal=True, vertical_alignment="center", key="upload-other"):
        # A switch, since the browser asks for the camera as soon as it is on the page.
        camera = st.toggle("Use the camera", key="upload-camera-on")
        st.markdown("Or try one of ours:")
        for label, name in SAMPLES.items():
            sample = PROJECT_FOLDER / "assets" / "samples" / name
            read_sample = partial(uploads.read_sample, recognizer, sample)
            st.button(label, key=f"upload-sample-{name.partition('.')[0]}", on_click=read_sample)
    if camera:
        st.camera_input("Hold the page so that it fills the picture", key=uploads.camera_key())
    uploads.read_uploads(recognizer, uploads.held_uploads())
    show_results()
    show_privacy(
        "Your pictures are read in this server's memory and not stored: "
        "they are forgotten when you leave, and nothing is sent to anyone else."
    )


def clear_results() -> None:
    uploads.forget_all()
    forget_corrections()


def show_results() -> None:
    reports = uploads.kept_reports()
    if not reports:
        return
    with st.container(key="upload-results"):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.subheader("One picture" if len(reports) == 1 else f"{len(reports)} pictures", anchor=False)
            st.button("Clear results", key="upload-clear", on_click=clear_results)
        if len(reports) >= uploads.MOST_KEPT:
            st.caption(
                f"The last {uploads.MOST_KEPT} are kept here. For more: `python -m mnist_core read FOLDER`."
            )
        for place, report in enumerate(reports.values()):
            show_report(report, place)
        st.subheader("All readings", anchor=False)
        show_table(reports)


main()
