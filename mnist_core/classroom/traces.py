"""What a class leaves outside its database: tables of its digits, runs that learned from them, networks."""

import shutil
from pathlib import Path

from mnist_core.config import AppPaths
from mnist_core.datasets.stored_tables import list_tables, remove_table
from mnist_core.errors import DataError
from mnist_core.runs.history import list_runs, load_run, running_id
from mnist_core.storage.removal import remove_model, removed_folder
from mnist_core.storage.shelf import list_models


def table_name(code: str) -> str:
    """Return what the table of a class's digits is called, without an ending."""
    return f"class-{code}"


def networks_of(code: str, paths: AppPaths) -> tuple[str, ...]:
    """Return the names of the networks on the shelf that learned from a class's digits."""
    return tuple(
        entry.name
        for entry in list_models(paths)
        if entry.card and any(_is_of(data.name, code) for data in entry.card.data)
    )


def delete_tables_and_runs(code: str, paths: AppPaths) -> None:
    """Delete the tables of a class's digits, and the records of the runs that learned from them.

    Raises:
        DataError: a table can't be removed, or such a run is under way: then it is cancelled first.
    """
    for run_id in list_runs(paths):
        if not _is_of(Path(str(load_run(run_id, paths).settings.get("data", ""))).name, code):
            continue
        if run_id == running_id(paths):
            raise DataError("A run learns from this class just now: cancel it first.", "run under way")
        shutil.rmtree(paths.runs / run_id, ignore_errors=True)
    for table in list_tables(paths):
        if _is_of(table.name, code):
            remove_table(table, paths)


def delete_networks(code: str, paths: AppPaths) -> None:
    """Delete for good the networks that learned from a class's digits.

    Raises:
        ModelError: one can't be removed.
    """
    for name in networks_of(code, paths):
        token = remove_model(name, paths)
        shutil.rmtree(removed_folder(paths) / token, ignore_errors=True)


def _is_of(name: str, code: str) -> bool:
    return name.startswith((f"{table_name(code)}-", f"{table_name(code)}."))
