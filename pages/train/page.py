"""Train: start a run, watch the network learn, and see which digits it still confuses."""

import streamlit as st

from mnist_core.config import AppPaths
from mnist_core.errors import DataError, ModelError
from mnist_core.runs.history import Run, latest_run
from mnist_core.runs.run_files import RunState
from mnist_core.storage.shelf import list_models
from pages.evaluation.activation import show_activate, show_back, show_outcome
from pages.evaluation.evaluation import show_evaluation
from pages.shared.messages import show_error
from pages.shared.resources import app_paths
from pages.train.run import is_watched, look_out, origin, show_course, show_live
from pages.train.settings import choose_settings
from pages.train.start import show_start


def main() -> None:
    st.title("Train a network", anchor=False)
    paths = app_paths()
    run = latest_run(paths)
    if run is not None and run.alive:
        show_live(paths)
        return
    bar = st.container(key="train-bar")  # first, as while a run is under way: one takes the other's place
    look_out(paths)
    # Whoever watched a run finds it where it was; for whoever comes later the next one's settings are open.
    with st.expander("The next run", key="train-next") if is_watched(run) else st.container():
        if not is_watched(run):
            st.header("The next run", anchor=False)
        try:
            chosen = choose_settings(paths)
        except (DataError, ModelError) as error:
            chosen = None
            show_error(error, "train")
    with bar:
        show_start(run, chosen, paths)
    if run is not None:
        show_last(run)
    show_results(run, paths)


def show_last(run: Run) -> None:
    st.header("The last run", anchor=False)
    st.caption(origin(run))
    if run.batches or run.curves:
        show_course(run)
    else:
        st.markdown("It ended before the first step.")


def show_results(run: Run | None, paths: AppPaths) -> None:
    entries = {entry.name: entry for entry in list_models(paths)}
    trained = run.model if run and run.state is RunState.FINISHED and run.model in entries else None
    in_use = next((entry.name for entry in entries.values() if entry.active), next(iter(entries)))
    st.header("Evaluation", anchor=False)
    with st.container(horizontal=True, vertical_alignment="bottom", key="results-bar"):
        # A new run's network is shown at once, whatever was looked at before.
        key = f"results-of-{run.id if run else 'none'}"
        name = st.selectbox("Network", entries, index=list(entries).index(trained or in_use), key=key)
        show_activate(entries[name], paths)
        show_back(paths)
    show_outcome()
    show_evaluation(entries[name], paths, curves=name != trained)


main()
