"""The shelf on the page: a card for each network, and what can be done with it."""

from functools import partial

import streamlit as st

from mnist_core.config import SHIPPED_MODEL, AppPaths
from mnist_core.errors import MnistCoreError, ModelError
from mnist_core.evaluation.metrics import wilson_interval
from mnist_core.evaluation.model_export import export_bytes
from mnist_core.serving.rights import may_activate, may_note, may_remove, may_rename
from mnist_core.storage.removal import remove_model, removed_models, restore_model
from mnist_core.storage.shelf import MAX_NOTE, ShelfEntry, rename_model, write_note
from pages.evaluation.activation import show_activate
from pages.shared.messages import show_error
from pages.shared.tried_model import show_try
from pages.shared.visitor import may
from pages.shared.wording import counted, literal, share, spell_date, spell_time

_EXPORTS = {
    "onnx": ("ONNX, for most other programs", "onnx"),
    "keras": ("Keras, for further training", "keras"),
    "tflite": ("LiteRT, for phones and small devices", "tflite"),
    "zip": ("All files, with the model card", "zip"),
}
_DONE, _PROBLEM = "shelf-done", "shelf-problem"


def show_shelf(entries: tuple[ShelfEntry, ...], paths: AppPaths) -> None:
    """Show all networks on the shelf, damaged ones among them, and what was removed lately."""
    if done := st.session_state.pop(_DONE, None):
        st.success(done)
    if problem := st.session_state.pop(_PROBLEM, None):
        show_error(problem, "models")
    if not (permission := may(may_activate)):
        st.info(f"You may look, compare and export. {permission.refusal}")
    with st.container(key="shelf"):
        for entry in entries:
            with st.container(border=True, key=f"shelf-{entry.name}"):
                _show_entry(entry, paths)
    _show_removed(paths)


def summary_line(entry: ShelfEntry) -> str:
    """Return a line on what a network scored and how it was trained; markdown."""
    card = entry.card
    if card is None:
        return ""
    origin = (
        f"recipe {literal(card.recipe)}, {spell_date(card.created)}, {spell_time(card.training_seconds)}, "
        f"{card.parameters:,} parameters"
    )
    if not card.scores:
        return origin[0].upper() + origin[1:]
    first = card.scores[0]
    low, high = wilson_interval(first.right, first.total)
    score = share(first.right / max(1, first.total))
    interval = f"{first.right:,} of {first.total:,}; {share(low)} – {share(high)}"
    return f"**{score}** correct ({interval}); {origin}"


def _show_entry(entry: ShelfEntry, paths: AppPaths) -> None:
    badges = " :blue-badge[in use]" if entry.active else ""
    badges += " :gray-badge[comes with the app]" if entry.name == SHIPPED_MODEL else ""
    st.markdown(f"## {literal(entry.name)}{badges}")
    if entry.problem:
        show_error(ModelError(entry.problem), "models")
    elif line := summary_line(entry):
        st.markdown(line)
    if entry.note:
        st.text(entry.note)
    with st.container(horizontal=True, key=f"shelf-tools-{entry.name}"):
        show_activate(entry, paths, key=f"activate-{entry.name}")
        if not entry.problem:
            show_try(entry.name, paths, entry.active)
        if not entry.problem:
            with st.popover("Export", icon=":material/download:"):
                _show_exports(entry.name, paths)
        if entry.name != SHIPPED_MODEL:  # which takes neither another name nor a note
            with st.popover("Name and note", icon=":material/edit:"):
                _show_edit(entry, paths)
            permission = may(may_remove)
            st.button(
                "Remove",
                key=f"remove-{entry.name}",
                icon=":material/delete:",
                disabled=not permission,
                help=permission.refusal or None,
                on_click=_do,
                args=(partial(_remove, entry.name, paths),),
            )


def _show_exports(name: str, paths: AppPaths) -> None:
    st.caption(
        "Each file is loaded and compared with the network here before you get it: up to half a minute."
    )
    for kind, (label, suffix) in _EXPORTS.items():
        prepared_key = f"export-ready-{name}-{kind}"
        if st.session_state.get(prepared_key):
            _offer(name, kind, suffix, paths)
        else:
            st.button(
                f"{label} (.{suffix})",
                key=f"export-{name}-{kind}",
                on_click=st.session_state.__setitem__,
                args=(prepared_key, True),
                width="stretch",
            )


def _offer(name: str, kind: str, suffix: str, paths: AppPaths) -> None:
    queue = st.empty()

    def show_queue(ahead: int) -> None:
        queue.markdown(f"{counted(ahead, 'export')} before yours: one is made at a time.")

    try:
        with st.spinner("Loading and comparing …"):
            content = export_bytes(name, kind, paths, show_queue)
        queue.empty()
    except ModelError as error:
        show_error(error, "models")
        return
    st.download_button(
        f"Save {name}.{suffix}",
        data=content,
        file_name=f"{name}.{suffix}",
        on_click="ignore",
        key=f"export-save-{name}-{kind}",
        icon=":material/download:",
        type="primary",
        width="stretch",
    )


def _show_edit(entry: ShelfEntry, paths: AppPaths) -> None:
    name_key, note_key = f"name-of-{entry.name}", f"note-of-{entry.name}"
    may_name, may_write = may(may_rename), may(may_note)
    st.text_input("Name", entry.name, max_chars=64, key=name_key, disabled=not may_name)
    st.text_area("Note", entry.note, max_chars=MAX_NOTE, key=note_key, disabled=not may_write)
    st.button(
        "Save",
        key=f"save-{entry.name}",
        disabled=not (may_name or may_write),
        help=may_name.refusal or None,
        on_click=_do,
        args=(partial(_save, entry, name_key, note_key, paths),),
    )


def _show_removed(paths: AppPaths) -> None:
    removed = removed_models(paths)
    if not removed:
        return
    with st.container(horizontal=True, vertical_alignment="center", key="removed"):
        st.markdown("Removed:")
        permission = may(may_remove)
        for model in removed[:5]:
            st.button(
                f"Restore {model.name}",
                key=f"restore-{model.token}",
                icon=":material/undo:",
                disabled=not permission,
                help=permission.refusal or None,
                on_click=_do,
                args=(partial(_restore, model.token, paths),),
            )


def _do(action: partial[str]) -> None:
    """Do what a button says, and store the sentence about it for the next run of the page."""
    try:
        st.session_state[_DONE] = action()
    except MnistCoreError as error:
        st.session_state[_PROBLEM] = error


def _remove(name: str, paths: AppPaths) -> str:
    may(may_remove).require()
    before = paths.active_model().name
    remove_model(name, paths)
    now = paths.active_model().name
    reads = "" if now == before else f" It was in use: {literal(now)} reads from now on, for everyone."
    return f"{literal(name)} is removed.{reads} It can be restored below."


def _restore(token: str, paths: AppPaths) -> str:
    may(may_remove).require()
    return f"{literal(restore_model(token, paths))} is back on the shelf."


def _save(entry: ShelfEntry, name_key: str, note_key: str, paths: AppPaths) -> str:
    name = str(st.session_state.get(name_key, entry.name)).strip()
    note = str(st.session_state.get(note_key, entry.note)).strip()
    if note != entry.note:
        may(may_note).require()
        write_note(entry.name, note, paths)
    if name != entry.name:
        may(may_rename).require()
        rename_model(entry.name, name, paths)
    return f"{literal(name)} is saved."
