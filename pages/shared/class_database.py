"""The database of classes, for the pages that need it: others need not load what it is made with."""

import streamlit as st

from mnist_core.classroom.database import ClassDatabase
from mnist_core.classroom.deletion import delete_old_classes
from pages.shared.resources import app_paths


def open_class_database() -> ClassDatabase:
    """Return the database of classes: one for everybody.

    Raises:
        ClassroomError: it can't be opened.
    """
    return _open(app_paths().class_database())


@st.cache_resource(show_spinner=False, max_entries=1, on_release=ClassDatabase.close)
def _open(address: str) -> ClassDatabase:
    database = ClassDatabase.open(address)
    delete_old_classes(database)
    return database
