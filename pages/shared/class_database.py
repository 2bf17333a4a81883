"""The database of classes, for the pages that need it: others need not load what it is made with."""

import streamlit as st

from mnist_core.classroom.database import ClassDatabase
from mnist_core.classroom.deletion import delete_old_classes
from mnist_core.classroom.traces import delete_tables_and_runs
from pages.shared.resources import app_paths


def open_class_database() -> ClassDatabase:
    """Return the database of classes: one for everybody.

    Raises:
        ClassroomError: it can't be opened.
    """
    return _open(app_paths().class_database())


def delete_what_is_old() -> None:
    """Delete the classes whose time is over, the tables made of them and the runs that learned from them.

    Raises:
        MnistCoreError: the database can't be written to, or such a run is under way.
    """
    for code in delete_old_classes(open_class_database()):
        delete_tables_and_runs(code, app_paths())


@st.cache_resource(show_spinner=False, max_entries=1, on_release=ClassDatabase.close)
def _open(address: str) -> ClassDatabase:
    return ClassDatabase.open(address)
