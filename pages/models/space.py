"""Shows what the networks, runs and tables on this server take, and deletes what was removed."""

import streamlit as st

from mnist_core.config import MAX_SHELF_BYTES, AppPaths
from mnist_core.errors import ModelError, NotAllowedError
from mnist_core.runs.clearing import drop_runs
from mnist_core.serving.rights import may_remove
from mnist_core.storage.disk_space import forget_removed, measure_space
from pages.shared.messages import show_error
from pages.shared.visitor import may
from pages.shared.wording import counted

_DONE, _PROBLEM = "space-done", "space-problem"


def show_space(paths: AppPaths) -> None:
    """Show what is stored on the server, and let whoever may remove networks free what can be freed."""
    st.header("Space on this server", anchor=False)
    if done := st.session_state.pop(_DONE, None):
        st.success(done)
    if problem := st.session_state.pop(_PROBLEM, None):
        show_error(problem, "models")
    networks, removed, runs, _ = spaces = measure_space(paths)
    st.table(
        {
            "Stored here": [each.kind.capitalize() for each in spaces],
            "How many": [f"{each.count:,}" for each in spaces],
            "Space": [f"{each.size / 1e6:,.1f} MB" for each in spaces],
        },
        hide_index=True,
    )
    st.caption(
        f"Networks, the removed ones among them, may take {MAX_SHELF_BYTES / 1e9:.0f} GB together; they take "
        f"{(networks.size + removed.size) / MAX_SHELF_BYTES:.1%} of it. Of training runs the last "
        "thirty stay. Uploaded tables are deleted on the Train page."
    )
    permission = may(may_remove)
    with st.container(horizontal=True, key="space-tools"):
        for words, key, count, action in (
            ("Delete removed networks for good", "space-removed", removed.count, _forget_removed),
            ("Delete the training runs that are over", "space-runs", runs.count, _drop_runs),
        ):
            st.button(
                words,
                key=key,
                icon=":material/delete_forever:",
                disabled=not (count and permission),
                help=permission.refusal or None,
                on_click=action,
                args=(paths,),
            )


def _forget_removed(paths: AppPaths) -> None:
    try:
        may(may_remove).require()
        st.session_state[_DONE] = f"{forget_removed(paths) / 1e6:,.1f} MB are free again."
    except (ModelError, NotAllowedError) as error:
        st.session_state[_PROBLEM] = error


def _drop_runs(paths: AppPaths) -> None:
    try:
        may(may_remove).require()
        st.session_state[_DONE] = f"{counted(drop_runs(paths), 'training run')} deleted; their networks stay."
    except NotAllowedError as error:
        st.session_state[_PROBLEM] = error
