"""What a run goes on with: an interrupted or cancelled one to its end, a finished one for more epochs."""

from dataclasses import replace

from mnist_core.config import AppPaths
from mnist_core.errors import ModelError
from mnist_core.runs.estimate import expect_resumed
from mnist_core.runs.history import Run, load_run
from mnist_core.runs.recorder import reopen_run
from mnist_core.runs.run_files import RunState, checkpoint_path
from mnist_core.storage.shelf import free_name
from mnist_core.training.checkpoint import load_checkpoint
from mnist_core.training.train_config import TrainConfig

MORE_EPOCHS = 5
"""That a finished run is trained for, unless a person says another number."""


def can_resume(run: Run) -> bool:
    """Return whether a run is over and has what training goes on from."""
    return not run.alive and checkpoint_path(run.folder).is_file()


def resume_run(run_id: str, paths: AppPaths, *, who: str = "", more_epochs: int | None = None) -> TrainConfig:
    """Have a run that is over go on: its folder is as it was at the end of its last epoch.

    Args:
        run_id: of the run; whoever calls this holds the lock of training.
        paths: where runs are kept.
        who: goes on with it, as they are called; "" leaves the name of whoever started it.
        more_epochs: beyond those it was started for; None: none, and MORE_EPOCHS where they are over.
    Returns:
        What to train now; the name is another one where a model has it by now.
    Raises:
        ModelError: there is no such run, it has nothing to go on from, or can't be written to.
        DataError: its settings can't be used any more, or it would have too many epochs.
    """
    run = load_run(run_id, paths)
    progress = load_checkpoint(checkpoint_path(run.folder)).progress
    config = TrainConfig.from_json(run.settings)
    is_finished = run.state is RunState.FINISHED
    more = (MORE_EPOCHS if is_finished else 0) if more_epochs is None else more_epochs
    config = replace(config, epochs=config.chosen_epochs + more)
    if is_finished and not more:
        raise ModelError(f"The run {run_id} is finished: say how many more epochs it should train for.")
    if config.output is None:
        config = replace(config, name=free_name(config.name, paths))
    config.require_files()
    expected = expect_resumed(config, progress, paths)
    reopen_run(run.folder, config.to_json(), who or run.who, progress.curves, expected)
    return config
