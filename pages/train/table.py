"""The visitor's own table: uploaded, or chosen among those stored here; what looks wrong with it is asked."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import streamlit as st

from mnist_core.config import MAX_STORED_TABLES_BYTES, MAX_TABLE_BYTES, AppPaths
from mnist_core.datasets.inspection import Finding, Remedy, apply_remedy
from mnist_core.datasets.loading import load_dataset
from mnist_core.datasets.stored_tables import StoredTable, list_tables, remove_table, store_cells, store_table
from mnist_core.errors import DataError, NotAllowedError
from mnist_core.serving.rights import may_name_path, may_upload_table
from pages.shared.messages import show_error
from pages.shared.resources import file_stamp
from pages.shared.streamlit_internals import is_lost_upload
from pages.shared.uploads import own_name, show_upload_refusal
from pages.shared.visitor import may
from pages.shared.wording import literal

_MB = 1024 * 1024
_LARGEST_UPLOAD_MB = MAX_TABLE_BYTES // _MB
_STORED = "train-table-stored"  # path of the table in use
_PROBLEM = "train-table-problem"
_UPLOAD = "train-table-upload"
_PATH = "train-table-path"
_ACCEPTED = "train-table-accepted"  # what is to be trained on as it is

_OFFERS = {
    Remedy.SCALE: "Scale the pixels to 0–255",
    Remedy.INVERT: "Invert: light ink on dark",
    Remedy.TRANSPOSE: "Exchange rows and columns",
    Remedy.MIRROR: "Mirror the images",
    Remedy.FLIP: "Mirror them from top to bottom",
    Remedy.HALF_TURN: "Turn them upright",
    Remedy.TURN_LEFT: "Turn them to the left",
    Remedy.TURN_RIGHT: "Turn them to the right",
}


def choose_table(paths: AppPaths) -> str | None:
    """Let the visitor bring a table, or choose one that is stored.

    Returns:
        Its path; None where nothing is chosen yet.
    """
    st.caption(
        "A `.csv` with a label and 784 pixels from 0 to 255 in each row, below the header "
        "`label,pixel0,…,pixel783` or without one; or an `.npz` with `x_train, y_train, x_test, y_test`."
    )
    permission = may(may_upload_table)
    st.file_uploader(
        f"Upload it, up to {_LARGEST_UPLOAD_MB} MB",
        type=["csv", "npz"],
        max_upload_size=_LARGEST_UPLOAD_MB,
        key=_UPLOAD,
        on_change=_store,
        args=(paths,),
        disabled=not permission,
    )
    show_upload_refusal()
    if not permission:
        st.caption(permission.refusal)
    path = ""
    if may(may_name_path):  # nobody else may ask what files there are
        path = st.text_input("Or its path on this machine", key=_PATH, persist_state="session").strip()
        _show_stored(paths)
    if problem := st.session_state.get(_PROBLEM):
        show_error(problem, "train")
    stored: str | None = st.session_state.get(_STORED)
    if stored and not path:
        st.caption(f"Stored on the server: {literal(_name_of(stored, paths))}")
    return path or stored


def ask_about(findings: Sequence[Finding], source: str, paths: AppPaths) -> bool:
    """Show what looks wrong with a table, with an offer to put it right.

    Args:
        findings: from the table's inspection.
        source: the table's path.
        paths: where a table that was put right is stored.
    Returns:
        Whether it may be trained on: nothing looks wrong, or the visitor wants it as it is.
    """
    accepted = (source, file_stamp(Path(source)))
    if not findings or st.session_state.get(_ACCEPTED) == accepted:
        return True
    with st.container(key="train-findings"):
        for finding in findings:
            st.warning(literal(finding.sentence))
        with st.container(horizontal=True):
            for remedy in dict.fromkeys(finding.remedy for finding in findings):
                if remedy in _OFFERS:
                    st.button(
                        _OFFERS[remedy],
                        key=f"train-remedy-{remedy.value.replace(' ', '-')}",
                        on_click=_put_right,
                        args=(source, remedy, paths),
                    )
            accept = partial(st.session_state.__setitem__, _ACCEPTED, accepted)
            st.button("Train on it as it is", key="train-accept", on_click=accept)
    return False


def _show_stored(paths: AppPaths) -> None:
    """Show the tables that are stored here, and let each be chosen or deleted."""
    tables = list_tables(paths)
    if not tables:
        return
    used = sum(table.bytes for table in tables)
    limit = MAX_STORED_TABLES_BYTES // _MB
    with st.expander(f"Stored tables: {used / _MB:.1f} of {limit} MB", key="train-stored"):
        for index, table in enumerate(tables):
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(f"{literal(table.name)}, {table.bytes / _MB:.1f} MB")
                st.button("Use", key=f"train-stored-use-{index}", on_click=_use, args=(table.path,))
                st.button(
                    "Delete",
                    key=f"train-stored-delete-{index}",
                    icon=":material/delete:",
                    on_click=_delete,
                    args=(table, paths),
                )


def _name_of(source: str, paths: AppPaths) -> str:
    """Return what a table's owner calls it."""
    names = {str(table.path): table.name for table in list_tables(paths)}
    return names.get(source, Path(source).name)


def _use(path: Path) -> None:
    """Choose a stored table; one that was named by its path is no longer meant."""
    st.session_state.pop(_PROBLEM, None)
    st.session_state[_STORED] = str(path)
    st.session_state[_PATH] = ""


def _delete(table: StoredTable, paths: AppPaths) -> None:
    try:
        may(may_upload_table).require()
        remove_table(table, paths)
    except (DataError, NotAllowedError) as error:
        st.session_state[_PROBLEM] = error
        return
    if st.session_state.get(_STORED) == str(table.path):
        del st.session_state[_STORED]


def _store(paths: AppPaths) -> None:
    """Check and store what was uploaded."""
    st.session_state.pop(_PROBLEM, None)
    st.session_state.pop(_STORED, None)
    upload = st.session_state.get(_UPLOAD)
    if upload is None or is_lost_upload(upload):
        return
    try:
        may(may_upload_table).require()
        _use(store_table(own_name(upload.name), upload.getvalue(), paths))
    except (DataError, NotAllowedError) as error:
        st.session_state[_PROBLEM] = error


def _put_right(source: str, remedy: Remedy, paths: AppPaths) -> None:
    """Store a copy of a table that is put right, and choose it."""
    try:
        may(may_upload_table).require()
        dataset = load_dataset(source, paths)
        name = f"{Path(_name_of(source, paths)).stem[:24]}-{remedy.value.replace(' ', '-')}"
        _use(store_cells(name, *apply_remedy(dataset, remedy), paths))
    except (DataError, NotAllowedError) as error:
        st.session_state[_PROBLEM] = error
