"""Drops training runs that are over: their curves and checkpoints; the networks that they made stay."""

import shutil

from mnist_core.config import AppPaths
from mnist_core.logs import log_event
from mnist_core.runs.history import list_runs, running_id


def drop_runs(paths: AppPaths) -> int:
    """Delete all training runs but the one under way, and return how many that were."""
    under_way = running_id(paths)
    dropped = [run_id for run_id in list_runs(paths) if run_id != under_way]
    for run_id in dropped:
        shutil.rmtree(paths.runs / run_id, ignore_errors=True)
    log_event("runs dropped", count=len(dropped))
    return len(dropped)
