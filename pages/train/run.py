"""Shows a training run: its status, its learning curves, sixteen digits as it reads them now, and Cancel."""

from datetime import datetime

import streamlit as st

from mnist_core.config import AppPaths
from mnist_core.errors import ModelError, NotAllowedError
from mnist_core.runs.history import Run, latest_run
from mnist_core.runs.jobs import cancel_training
from mnist_core.runs.run_files import RunState
from mnist_core.serving.rights import may_cancel
from pages.shared.cells import show_empty_samples, show_samples
from pages.shared.charts import show_learning
from pages.shared.messages import show_error
from pages.shared.visitor import may
from pages.shared.wording import literal, spell_time

_REFRESH_SECONDS = 0.5
_LOOK_OUT_SECONDS = 4
_SAMPLES = 16
_WATCHED = "train-watched"  # id of the run that this visitor saw under way
_CANCEL_PROBLEM = "train-cancel-problem"

_WORDS = {
    RunState.PREPARING: "Preparing",
    RunState.RUNNING: "Running",
    RunState.FINISHED: "Finished",
    RunState.CANCELLED: "Cancelled",
    RunState.FAILED: "Failed",
    RunState.INTERRUPTED: "Interrupted",
}


def watch(run_id: str | None) -> None:
    """Remember that this visitor saw a run under way: its end is then shown where it ran. None forgets it."""
    st.session_state[_WATCHED] = run_id


def is_watched(run: Run | None) -> bool:
    """Return whether this visitor saw the run under way."""
    return run is not None and st.session_state.get(_WATCHED) == run.id


@st.fragment(run_every=_REFRESH_SECONDS)
def show_live(paths: AppPaths) -> None:
    """Show the run under way, twice a second; when it ends the page is run once more, and this stops."""
    run = latest_run(paths)
    if run is None or not run.alive:
        st.rerun(scope="app")
        return
    watch(run.id)
    permission = may(may_cancel)
    with st.container(key="train-bar"):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            show_status(_live_sentence(run))
            st.button(
                "Cancel",
                key="train-cancel",
                icon=":material/stop_circle:",
                disabled=not permission,
                help=permission.refusal or None,
                on_click=_cancel,
                args=(paths,),
                width="content",
            )
        st.progress(run.progress)
        _show_facts(run)
        if problem := st.session_state.pop(_CANCEL_PROBLEM, None):
            show_error(problem, "train")
    show_course(run)


@st.fragment(run_every=_LOOK_OUT_SECONDS)
def look_out(paths: AppPaths) -> None:
    """Run the page once more when someone else's run begins; shows nothing."""
    run = latest_run(paths)
    if run is not None and run.alive:
        st.rerun(scope="app")


def show_status(sentence: str) -> None:
    """Show the status of training, in the page's one container for it."""
    with st.container(key="train-status", width="stretch"):
        st.markdown(sentence)


def show_course(run: Run) -> None:
    """Show a run's learning curves, and sixteen test images as its network read them last."""
    with st.container(key="train-course"):
        with st.container():
            show_learning(run.curves, run.batches, run.epochs, key="run")
        with st.container(key="train-samples"):
            _show_samples(run)


def _show_samples(run: Run) -> None:
    if run.samples:
        right = sum(sample.right for sample in run.samples)
        st.markdown(f"Test images, never used for training: {right} of {len(run.samples)} read correctly.")
        show_samples(run.samples)
    elif run.alive:
        st.markdown("Test images, never used for training: not read yet.")
        show_empty_samples(_SAMPLES)


def end_sentence(run: Run) -> str:
    """Return how a run ended: in a word, and in its own sentence."""
    word = f"{_WORDS[run.state]}."
    return f"**{word}** {literal(run.message.removeprefix(word).strip())}"


def origin(run: Run) -> str:
    """Return what the run trains, when it began, and who started it."""
    who = f" by {literal(run.who)}" if run.who else ""
    try:
        began = f"{datetime.fromisoformat(run.started):%d %B %Y, %H:%M} UTC"
    except ValueError:
        began = "at an unknown time"
    return f"Run of {literal(run.model)}, recipe {literal(run.recipe)}, started{who} on {began}."


def _live_sentence(run: Run) -> str:
    whose = f" {literal(run.who)}'s run:" if run.who else ""
    left = f"{spell_time(run.seconds_left)} left" if run.seconds_left else ""
    if run.state is RunState.PREPARING or run.finishing:
        word = "Preparing" if run.state is RunState.PREPARING else "Running"
        return f"**{word}.**{whose} {literal(run.message)} {f'About {left}.' if left else ''}".rstrip()
    epoch = min(run.epochs, len(run.curves) + 1)
    return f"**Running.**{whose} {literal(run.model)}, epoch {epoch} of {run.epochs}{left and f', {left}'}."


def _show_facts(run: Run) -> None:
    """Show four numbers, each always in the same position; a dash where one isn't known yet."""
    last = run.batches[-1] if run.batches else None
    curve = run.curves[-1] if run.curves else None
    speed = run.cells_per_second
    facts = {
        "Training accuracy": f"{last.accuracy:.1%}" if last else "–",
        "Validation accuracy": f"{curve.validation_accuracy:.2%}" if curve else "–",
        "Images per second": f"{speed:,.0f}" if speed else "–",
        "Images per epoch": f"{run.training_cells:,}" if run.training_cells else "–",
    }
    with st.container(horizontal=True, key="train-facts"):
        for name, value in facts.items():
            st.metric(name, value, width="content")


def _cancel(paths: AppPaths) -> None:
    try:
        may(may_cancel).require()
        cancel_training(paths)
    except (ModelError, NotAllowedError) as error:
        st.session_state[_CANCEL_PROBLEM] = error
