"""Import: a network from elsewhere, from its file to the shelf."""

import streamlit as st

from mnist_core.config import MAX_MODEL_BYTES, AppPaths
from mnist_core.errors import ModelError, NotAllowedError
from mnist_core.evaluation.model_import import IMPORTS, import_model, name_from_file
from mnist_core.serving.rights import may_import
from pages.shared.messages import show_error
from pages.shared.uploads import show_upload_refusal
from pages.shared.visitor import may
from pages.shared.wording import literal

_UPLOAD = "models-import-file"
_DONE, _PROBLEM = "models-import-done", "models-import-problem"
_LARGEST_MB = MAX_MODEL_BYTES // 1_000_000


def show_import(paths: AppPaths) -> None:
    """Let whoever may do so bring a network's file, and say what came of it."""
    with st.expander("Import a network from elsewhere", key="models-import"):
        st.caption(
            "A Keras file (.keras), an ONNX file, or a .zip exported here. It is checked in a process of its "
            "own, with bounded time and memory: only known layers, no code, no other files. Then it reads "
            "200 digits. That takes up to a minute."
        )
        permission = may(may_import)
        file = st.file_uploader(
            f"The network's file, up to {_LARGEST_MB} MB",
            type=list(IMPORTS),
            max_upload_size=_LARGEST_MB,
            key=_UPLOAD,
            disabled=not permission,
        )
        show_upload_refusal()
        st.button(
            "Check it and put it on the shelf",
            key="models-import-start",
            icon=":material/upload_file:",
            disabled=file is None or not permission,
            help=permission.refusal or None,
            on_click=_import,
            args=(paths,),
        )
        if done := st.session_state.pop(_DONE, None):
            st.success(done)
        if problem := st.session_state.pop(_PROBLEM, None):
            show_error(problem, "models")


def _import(paths: AppPaths) -> None:
    file = st.session_state.get(_UPLOAD)
    if file is None:
        return
    kind = file.name.rpartition(".")[2].lower()
    try:
        may(may_import).require()
        with st.spinner("Checking it, and reading 200 digits with it …"):
            name = import_model(file.getvalue(), kind, name_from_file(file.name), paths)
    except (ModelError, NotAllowedError) as error:
        st.session_state[_PROBLEM] = error
        return
    st.session_state[_DONE] = f"{literal(name)} is on the shelf: try it before you use it."
