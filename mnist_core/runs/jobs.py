"""Training in a process of its own: start it, cancel it, see which is under way. One at a time in a home."""

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

from mnist_core.config import PROJECT_FOLDER, AppPaths
from mnist_core.errors import ModelError
from mnist_core.logs import log_event
from mnist_core.runs.history import running_id
from mnist_core.runs.recorder import CANCELLED, RunRecord, new_run
from mnist_core.runs.resumption import resume_run
from mnist_core.runs.run_files import RunState, load_outcome
from mnist_core.runs.run_lock import take_run_lock, write_run_id
from mnist_core.storage.disk_space import require_shelf_room
from mnist_core.storage.model_folder import require_free, require_space
from mnist_core.training.packages import can_train, missing_package
from mnist_core.training.train_config import TrainConfig

_WORKER = "mnist_core.runs.worker"
_CANCEL_SECONDS = 1.2
"""A worker may take so long to end by itself; then it is killed."""
_KILL_SECONDS = 0.6
"""The system may take so long to end a process that is killed."""
_LOG_LINES = 20
_LOG_BYTES = 8192
"""Of a failed worker's log, at most, in our own."""
_QUIET = {"TF_CPP_MIN_LOG_LEVEL": "3", "TF_ENABLE_ONEDNN_OPTS": "1", "PYTHONUNBUFFERED": "1"}


def start_training(config: TrainConfig, paths: AppPaths, who: str = "", expected_seconds: float = 0) -> str:
    """Start a training run in the background.

    Args:
        config: what was chosen.
        paths: where data and shelf are, and where the run is written down.
        who: starts it, as the page shows it to others.
        expected_seconds: that it will take; 0 where unknown.
    Returns:
        The run's id. What happens from now on is in `mnist_core.runs.history.load_run`.
    Raises:
        ModelError: another run is under way, the name is taken, tensorflow is missing, or the home folder
            can't be written to.
        DataError: the data is not there.
    """
    _require_possible()
    config.require_files()
    require_free(paths.model(config.name).folder)
    require_space(paths.home)
    require_shelf_room(paths)
    whole = config.with_whole_paths()
    lock = take_run_lock(paths)
    try:
        folder = new_run(whole.to_json(), who, paths, expected_seconds)
        _launch(folder, lock, whole, paths)
    finally:
        os.close(lock)  # the worker's copy keeps it locked, as long as it lives and no longer
    return folder.name


def resume_training(run_id: str, paths: AppPaths, who: str = "", more_epochs: int | None = None) -> None:
    """Go on with a run that is over, in the background and from its last epoch.

    Args:
        run_id: of the run, which keeps it.
        paths: where data and shelf are, and where the run is written down.
        who: goes on with it, as the page shows it to others.
        more_epochs: beyond those it was started for; None: none, or a few where they are over.
    Raises:
        ModelError: another run is under way, this one has nothing to go on from, tensorflow is missing, or
            the home folder can't be written to.
        DataError: the data is not there, or there would be too many epochs.
    """
    _require_possible()
    lock = take_run_lock(paths)
    try:
        config = resume_run(run_id, paths, who=who, more_epochs=more_epochs)
        _launch(paths.runs / run_id, lock, config, paths)
    finally:
        os.close(lock)


def cancel_training(paths: AppPaths) -> None:
    """End the run under way, whoever started it; return when it is over, within two seconds.

    The epochs so far are kept; no model is written. Where no run is under way, nothing happens.
    """
    run_id = running_id(paths)
    if run_id is None:
        return
    folder = paths.runs / run_id
    process = _process_id(folder)
    if process is None:
        return
    with suppress(ProcessLookupError):
        os.kill(process, signal.SIGTERM)
    has_ended = _wait_for_end(run_id, paths, _CANCEL_SECONDS)
    with suppress(OSError):  # what the worker wrote itself stays
        RunRecord(folder).end(RunState.CANCELLED, CANCELLED)
    if not has_ended:
        with suppress(ProcessLookupError):
            os.killpg(process, signal.SIGKILL)
        _wait_for_end(run_id, paths, _KILL_SECONDS)
    log_event("run cancelled", run=run_id)


def _wait_for_end(run_id: str, paths: AppPaths, seconds: float) -> bool:
    """Wait until a run is over, so many seconds at most, and return whether it is."""
    give_up_at = time.monotonic() + seconds
    while running_id(paths) == run_id:
        if time.monotonic() > give_up_at:
            return False
        time.sleep(0.02)
    return True


def _require_possible() -> None:
    if os.name == "nt":
        raise ModelError("Training in the background needs Linux or macOS; on Windows, WSL has it.")
    if not can_train():
        raise missing_package(ModuleNotFoundError(name="tensorflow"))


def _launch(folder: Path, lock: int, config: TrainConfig, paths: AppPaths) -> None:
    """Start a run's process, which inherits the lock."""
    write_run_id(lock, folder.name)
    process = _spawn(folder, lock, paths)
    log_event("run started", run=folder.name, model=config.name, recipe=config.recipe, process=process.pid)
    threading.Thread(target=_log_end, args=(process, folder), name="training", daemon=True).start()


def _spawn(folder: Path, lock: int, paths: AppPaths) -> subprocess.Popen[bytes]:
    environment = os.environ | _QUIET | {"DIGITS_HOME": str(paths.home.absolute())}
    environment.pop("MNIST_DATA", None)
    if paths.mnist is not None:
        environment["MNIST_DATA"] = str(paths.mnist.absolute())
    try:
        with (folder / "worker.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", _WORKER, str(folder.absolute()), str(os.getpid())],
                cwd=PROJECT_FOLDER,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                pass_fds=(lock,),
                start_new_session=True,
            )
        (folder / "process").write_text(str(process.pid))
    except OSError as error:
        raise ModelError(f"The training process could not be started: {error.strerror}.") from error
    return process


def _log_end(process: "subprocess.Popen[bytes]", folder: Path) -> None:
    """Wait for a worker, so that it leaves no zombie behind, and log how its run ended."""
    status = process.wait()
    outcome = load_outcome(folder)
    state = outcome.state if outcome else RunState.INTERRUPTED
    if state in (RunState.FINISHED, RunState.CANCELLED):
        log_event("run ended", run=folder.name, state=state)
    else:
        level, log = logging.WARNING, _last_lines(folder / "worker.log")
        log_event("run ended", level, run=folder.name, state=state, status=status, log=log)


def _last_lines(path: Path) -> str:
    try:
        text = path.read_bytes()[-_LOG_BYTES:].decode("utf-8", errors="replace")
    except OSError:
        return ""
    return "\n".join(text.splitlines()[-_LOG_LINES:])


def _process_id(folder: Path) -> int | None:
    try:
        process = int((folder / "process").read_text())
    except (OSError, ValueError):
        return None
    return process if process > 1 else None  # 0 and less would mean many processes
