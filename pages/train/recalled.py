"""Settings after a server's restart: whoever may train finds those of the run that it interrupted."""

import streamlit as st

from mnist_core.config import AppPaths
from mnist_core.errors import DataError
from mnist_core.runs.history import latest_run
from mnist_core.runs.run_files import RunState
from mnist_core.serving.rights import may_train
from mnist_core.training.train_config import TrainConfig
from pages.shared.visitor import may

_RECALLED = "train-recalled"


def recall_settings(paths: AppPaths, who_key: str) -> TrainConfig | None:
    """Return the settings of the last run if it was interrupted, as of this visit's first look.

    Args:
        paths: where runs are stored.
        who_key: in the session, where the name of whoever started it goes.
    Returns:
        Those settings; None where the last run was not interrupted, or this visitor may not train.
    """
    if _RECALLED not in st.session_state:
        st.session_state[_RECALLED] = _interrupted_settings(paths, who_key) if may(may_train) else None
    recalled: TrainConfig | None = st.session_state[_RECALLED]
    return recalled


def _interrupted_settings(paths: AppPaths, who_key: str) -> TrainConfig | None:
    run = latest_run(paths)
    if run is None or run.state is not RunState.INTERRUPTED:
        return None
    try:
        config = TrainConfig.from_json(run.settings)
    except DataError:  # of another version
        return None
    st.session_state.setdefault(who_key, run.who)
    return config
