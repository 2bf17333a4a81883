"""Take it along: the class's digits as files."""

from functools import partial

import streamlit as st

from mnist_core.classroom.class_cells import all_cells, usable
from mnist_core.classroom.classes import SchoolClass
from mnist_core.classroom.drawings import class_drawings
from mnist_core.classroom.takeaway import to_csv, to_json_lines, to_npz
from pages.shared.class_database import open_class_database

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
