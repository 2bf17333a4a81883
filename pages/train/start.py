"""Start: the bar at the top of the training page while no run is under way."""

import streamlit as st

from mnist_core.config import AppPaths
from mnist_core.datasets.splitting import split_sizes
from mnist_core.datasets.summary import DataSummary
from mnist_core.errors import DataError, ModelError, NotAllowedError
from mnist_core.runs.estimate import estimate_training
from mnist_core.runs.history import Run
from mnist_core.runs.jobs import start_training
from mnist_core.serving.rights import may_train
from mnist_core.training.packages import can_train
from mnist_core.training.train_config import TrainConfig
from pages.shared.messages import show_error
from pages.shared.visitor import may
from pages.shared.wording import literal, spell_time
from pages.train.run import end_sentence, show_status, watch
from pages.train.settings import chosen_who

_PROBLEM = "train-start-problem"
_NO_TENSORFLOW = (
    "Training needs tensorflow, which is not installed here: `make install-train` installs it. "
    "Everything else on this page works without it."
)


def show_start(run: Run | None, chosen: tuple[TrainConfig, DataSummary] | None, paths: AppPaths) -> None:
    """Show how the last run ended, the next one and its estimated duration, and Start.

    Args:
        run: the last one; None where there was none yet.
        chosen: the settings of the next one, and its data; None where they are not complete.
        paths: where runs are stored.
    """
    trainable, permission = can_train(), may(may_train)
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        show_status(end_sentence(run) if run else "**Ready.** No network was trained here yet.")
        st.button(
            "Start training",
            key="train-start",
            type="primary",
            icon=":material/play_arrow:",
            disabled=chosen is None or not trainable or not permission,
            on_click=_start,
            args=(chosen[0] if chosen else None, paths),
            width="content",
        )
    if problem := st.session_state.pop(_PROBLEM, None):
        show_error(problem, "train")
    if not permission:
        st.info(permission.refusal)
    elif not trainable:
        st.warning(_NO_TENSORFLOW)
    elif chosen:
        st.caption(_plan(*chosen, paths))


def _plan(config: TrainConfig, summary: DataSummary, paths: AppPaths) -> str:
    estimate = estimate_training(config, paths, summary.training_cells)
    rounded = spell_time(max(10, round(estimate.seconds, -1)))  # to tens: it is no promise
    epochs = "one epoch" if config.chosen_epochs == 1 else f"{config.chosen_epochs} epochs"
    share = config.chosen_recipe.validation_share
    split = split_sizes(summary.counts, summary.test_cells, share, config.data_share)
    return (
        f"Next: {literal(config.name)}, recipe {literal(config.recipe)}, {epochs}: "
        f"{'about' if estimate.measured else 'roughly'} {rounded} on this machine. {split.words}."
    )


def _start(config: TrainConfig, paths: AppPaths) -> None:
    try:
        may(may_train).require()
        watch(start_training(config, paths, chosen_who()))
    except (DataError, ModelError, NotAllowedError) as error:
        st.session_state[_PROBLEM] = error
