"""Take it along, and bring it back: the class's digits as files."""

from functools import partial

import streamlit as st

from mnist_core.classroom.bringing_back import bring_back, parse_json_lines
from mnist_core.classroom.class_cells import all_cells, usable
from mnist_core.classroom.classes import SchoolClass
from mnist_core.classroom.drawings import class_drawings
from mnist_core.classroom.takeaway import to_csv, to_json_lines, to_npz
from mnist_core.errors import MnistCoreError
from mnist_core.serving.rights import may_import
from pages.shared import resources
from pages.shared.class_database import open_class_database
from pages.shared.messages import show_error
from pages.shared.visitor import may

_PROBLEM, _BROUGHT = "class-files-problem", "class-brought-back"

_FORMS = (
    ("Cells as CSV", "csv", "text/csv", to_csv, "a label and 784 pixels a row"),
    ("Cells as .npz", "npz", "application/octet-stream", to_npz, "the test part is of hands held out"),
    ("Strokes as JSON lines", "jsonl", "application/jsonl", to_json_lines, "a drawing a line, without names"),
)


def show_files(school_class: SchoolClass) -> None:
    """Show what there is to download; each file is made when it is asked for."""
    drawings = usable(class_drawings(open_class_database(), school_class.id))
    count = len(all_cells(drawings))
    st.markdown(
        f"{len(drawings)} drawings that are not hidden, {count} digits of which it is known what they are. "
        "The Train page learns from the first two as “My own table”, or takes the class itself: “Our class”."
    )
    for words, ending, mime, make, what in _FORMS:
        st.download_button(
            words,
            data=partial(make, drawings),
            file_name=f"class-{school_class.code}.{ending}",
            mime=mime,
            on_click="ignore",
            key=f"class-file-{ending}",
            icon=":material/download:",
            help=what,
        )
    _show_bringing_back(school_class)


def _show_bringing_back(school_class: SchoolClass) -> None:
    """Show where a file of strokes is brought back into this class."""
    state = st.session_state
    if problem := state.pop(_PROBLEM, None):
        show_error(problem, "class")
    if count := state.pop(_BROUGHT, None):
        st.success(f"{count} drawings were brought back, and read anew.")
    uploaded = st.file_uploader("Bring strokes back into this class (JSON lines)", key="class-import")
    if uploaded is not None:
        st.button(
            "Bring them back",
            key="class-bring-back",
            on_click=_bring_back,
            args=(school_class.id, uploaded.getvalue()),
        )


def _bring_back(class_id: int, content: bytes) -> None:
    state = st.session_state
    try:
        may(may_import).require()
        recognizer = resources.open_recognizer()
        stored = parse_json_lines(content)
        state[_BROUGHT] = bring_back(
            open_class_database(), class_id, stored, recognizer.read_strokes, recognizer.files.name
        )
    except MnistCoreError as error:
        state[_PROBLEM] = error
