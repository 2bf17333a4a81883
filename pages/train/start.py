"""Start: the bar at the top of the training page while no run is under way."""

import streamlit as st

from mnist_core.config import AppPaths
from mnist_core.datasets.splitting import split_sizes
from mnist_core.datasets.summary import DataSummary
from mnist_core.errors import DataError, ModelError, NotAllowedError
from mnist_core.runs.estimate import Estimate, estimate_training
from mnist_core.runs.history import Run
from mnist_core.runs.jobs import resume_training, start_training
from mnist_core.runs.resumption import MORE_EPOCHS, can_resume
from mnist_core.runs.run_files import RunState
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
    estimate = estimate_training(chosen[0], paths, chosen[1].training_cells) if chosen else None
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        show_status(end_sentence(run) if run else "**Ready.** No network was trained here yet.")
        with st.container(horizontal=True, key="train-buttons", width="content"):
            if run is not None and can_resume(run):
                _show_resume(run, paths, is_possible=trainable and bool(permission))
            st.button(
                "Start training",
                key="train-start",
                type="primary",
                icon=":material/play_arrow:",
                disabled=estimate is None or not trainable or not permission,
                on_click=_start,
                args=(chosen[0] if chosen else None, estimate, paths),
                width="content",
            )
    if problem := st.session_state.pop(_PROBLEM, None):
        show_error(problem, "train")
    if not permission:
        st.info(permission.refusal)
    elif not trainable:
        st.warning(_NO_TENSORFLOW)
    elif chosen and estimate:
        st.caption(_plan(*chosen, estimate))


def _show_resume(run: Run, paths: AppPaths, is_possible: bool) -> None:
    """Show the button that goes on with the last run, or trains its network for some more epochs."""
    is_finished = run.state is RunState.FINISHED
    words = (
        "The same run for longer: its learning rate rises once more, and so may the loss before it falls."
        if is_finished
        else f"From the end of epoch {len(run.curves)}, with the settings that it was started with."
    )
    st.button(
        f"Train {MORE_EPOCHS} more epochs" if is_finished else "Go on with this run",
        key="train-resume",
        icon=":material/resume:",
        disabled=not is_possible,
        help=words,
        on_click=_resume,
        args=(run.id, paths),
        width="content",
    )


def _plan(config: TrainConfig, summary: DataSummary, estimate: Estimate) -> str:
    rounded = spell_time(max(10, round(estimate.seconds, -1)))  # to tens: it is no promise
    epochs = "one epoch" if config.chosen_epochs == 1 else f"{config.chosen_epochs} epochs"
    share = config.chosen_recipe.validation_share
    split = split_sizes(summary.counts, summary.test_cells, share, config.data_share)
    return (
        f"Next: {literal(config.name)}, recipe {literal(config.recipe)}, {epochs}: "
        f"{'about' if estimate.measured else 'roughly'} {rounded} on this machine. {split.words}."
    )


def _resume(run_id: str, paths: AppPaths) -> None:
    try:
        may(may_train).require()
        resume_training(run_id, paths, chosen_who())
        watch(run_id)
    except (DataError, ModelError, NotAllowedError) as error:
        st.session_state[_PROBLEM] = error


def _start(config: TrainConfig, estimate: Estimate, paths: AppPaths) -> None:
    try:
        may(may_train).require()
        watch(start_training(config, paths, chosen_who(), estimate.seconds))
    except (DataError, ModelError, NotAllowedError) as error:
        st.session_state[_PROBLEM] = error
