"""One training run: load the data, fit, calibrate, export, test. Events go out; a run can be cancelled."""

import errno
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import keras

from mnist_core.config import AppPaths, ModelFiles
from mnist_core.errors import ModelError
from mnist_core.storage.disk_space import require_shelf_room
from mnist_core.storage.model_folder import new_model_folder, require_free, require_space
from mnist_core.storage.shelf import free_name
from mnist_core.training.checkpoint import load_checkpoint, save_checkpoint
from mnist_core.training.epoch_loop import Listener, TrainingLoop
from mnist_core.training.events import Cancelled, Finished, Finishing
from mnist_core.training.finishing import calibrate_and_export
from mnist_core.training.mixture.build import build_training_set
from mnist_core.training.time_left import FINISHING_SECONDS
from mnist_core.training.train_config import TrainConfig


def train(
    config: TrainConfig,
    paths: AppPaths,
    *,
    on_event: Listener = lambda event: None,
    should_stop: Callable[[], bool] = lambda: False,
    checkpoint: Path | None = None,
    finishing_seconds: float = FINISHING_SECONDS,
) -> Finished | Cancelled:
    """Train a model and put it on the shelf, or into the folder that was asked for.

    Args:
        config: what was chosen.
        paths: where data and shelf are.
        on_event: called with every event, the last one included, on this thread.
        should_stop: called before every step.
        checkpoint: a file that is written after every epoch; where it is there already, training goes on
            from it.
        finishing_seconds: that what comes after the last epoch is expected to take.
    Returns:
        The last event. When cancelled, no model was written.
    Raises:
        DataError: the data is missing, malformed, or another one than before.
        ModelError: the name is taken, the disk is full or can't be written to, the loss diverged, or the
            checkpoint is of no use.
    """
    target = paths.model(config.name).folder if config.output is None else config.output
    require_free(target, replace=config.output is not None)
    require_space(target)
    if config.output is None:
        require_shelf_room(paths)
    keras.utils.set_random_seed(config.seed)
    training_set = build_training_set(config, paths)
    before = load_checkpoint(checkpoint) if checkpoint is not None and checkpoint.exists() else None
    loop = TrainingLoop(config, training_set, on_event, should_stop, before, finishing_seconds)
    for _ in loop.epochs():
        if checkpoint is not None:
            with _disk_errors_as_model_errors("How far training is"):
                save_checkpoint(loop.checkpoint(), checkpoint)
    curves, seconds = loop.progress.curves, loop.progress.seconds
    end: Finished | Cancelled
    if len(curves) < config.chosen_epochs:
        end = Cancelled(curves)
    else:
        on_event(Finishing(seconds, finishing_seconds))
        if config.output is None:  # the name may have been taken while this trained
            target = paths.model(free_name(config.name, paths)).folder
        with (
            _disk_errors_as_model_errors("The model"),
            new_model_folder(target, replace=config.output is not None) as files,
        ):
            card = calibrate_and_export(
                loop.fitter, config, training_set, files, target.name, curves, seconds
            )
            if config.output is None:  # a folder that was named may be given away, and is to stay small
                loop.snapshots.save(files.epochs)
        end = Finished(ModelFiles(target), card)
    on_event(end)
    return end


@contextmanager
def _disk_errors_as_model_errors(what: str) -> Iterator[None]:
    """Raise ModelError in place of OSError: what could not be written, and the reason in words."""
    try:
        yield
    except OSError as error:
        reason = "the disk is full" if error.errno == errno.ENOSPC else error.strerror or str(error)
        raise ModelError(f"{what} could not be written: {reason}. Nothing else was changed.") from error
