"""What a class leaves outside its database, and that it can be deleted."""

from dataclasses import replace
from pathlib import Path

import pytest

from mnist_core.classroom.traces import delete_networks, delete_tables_and_runs, networks_of, table_name
from mnist_core.config import AppPaths
from mnist_core.datasets.labelled_cells import LabelledCells, no_cells
from mnist_core.datasets.stored_tables import list_tables, store_cells
from mnist_core.errors import DataError
from mnist_core.runs.history import list_runs
from mnist_core.runs.recorder import new_run
from mnist_core.storage.model_card import TrainingData, save_card
from mnist_core.training.train_config import TrainConfig
from tests.pages.classroom import hand_drawn_cells
from tests.storage.sample_card import CARD


@pytest.fixture
def paths(tmp_path: Path) -> AppPaths:
    return AppPaths(tmp_path, None)


def learn(paths: AppPaths, code: str, seed: int) -> None:
    """Leave what training on a class leaves: a table, a run, a network."""
    table = store_cells(table_name(code), LabelledCells(*hand_drawn_cells(12, seed)), no_cells(), paths)
    new_run(TrainConfig(data=str(table), name=f"net-{code.lower()}").to_json(), "Ada", paths)
    files = paths.model(f"net-{code.lower()}")
    files.folder.mkdir(parents=True)
    files.evaluation.write_bytes(b"the digits of class " + code.encode())
    save_card(replace(CARD, name=files.name, data=(TrainingData(table.name, "0" * 64, 120),)), files.card)


def test_only_the_class_s_own_traces_are_deleted(paths: AppPaths):
    learn(paths, "AAAAAA", 0)
    learn(paths, "BBBBBB", 1)
    assert networks_of("AAAAAA", paths) == ("net-aaaaaa",)
    delete_networks("AAAAAA", paths)
    delete_tables_and_runs("AAAAAA", paths)
    assert networks_of("AAAAAA", paths) == ()
    assert networks_of("BBBBBB", paths) == ("net-bbbbbb",)
    assert [table.name for table in list_tables(paths)] == ["class-BBBBBB.npz"]
    assert len(list_runs(paths)) == 1
    left = b"".join(path.read_bytes() for path in paths.home.rglob("*") if path.is_file())
    assert b"AAAAAA" not in left


def test_while_a_run_learns_from_it_it_is_refused_in_words(paths: AppPaths, monkeypatch: pytest.MonkeyPatch):
    learn(paths, "AAAAAA", 0)
    (run_id,) = list_runs(paths)
    monkeypatch.setattr("mnist_core.classroom.traces.running_id", lambda _: run_id)
    with pytest.raises(DataError, match="cancel it first"):
        delete_tables_and_runs("AAAAAA", paths)
    assert list_tables(paths)
