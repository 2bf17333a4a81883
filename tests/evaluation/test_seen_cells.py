from dataclasses import replace

import numpy as np
import pytest

from mnist_core.config import AppPaths
from mnist_core.datasets.cell_hashes import hash_cells, save_hashes
from mnist_core.datasets.labelled_cells import Dataset
from mnist_core.datasets.mnist import MNIST_SHA256
from mnist_core.evaluation import seen_cells
from mnist_core.evaluation.metrics import EvaluationReport
from mnist_core.evaluation.seen_cells import report_seen
from mnist_core.storage.model_card import TrainingData, save_card
from tests.datasets.small_sets import cells_of
from tests.storage.sample_card import CARD


@pytest.fixture
def paths(tmp_path):
    return AppPaths(home=tmp_path, mnist=None)


@pytest.fixture
def files(paths):
    files = paths.model("mine")
    files.folder.mkdir(parents=True)
    return files


def report_of(labels, wrong):
    probabilities = np.full((len(labels), 10), 0.01, np.float32)
    probabilities[np.arange(len(labels)), labels] = 0.91
    probabilities[wrong] = np.roll(probabilities[wrong], 1, axis=1)
    return EvaluationReport(labels, probabilities)


def test_cells_that_a_model_learned_from_are_scored_apart(files, paths):
    table = cells_of(50)
    save_hashes(hash_cells(table.cells[:30]), files.training_hashes)
    parts = report_seen(files, table.cells, report_of(table.labels, [40, 41]), paths)
    assert (parts.seen.right, parts.seen.total) == (30, 30)
    assert (parts.unseen.right, parts.unseen.total) == (18, 20)
    assert "trained on 30 of these 50 images" in parts.words
    assert "Of the 20 others it reads 90.00% correctly" in parts.words


def test_a_table_that_was_learned_whole_measures_nothing(files, paths):
    table = cells_of(50)
    save_hashes(hash_cells(table.cells), files.training_hashes)
    assert "no others" in report_seen(files, table.cells, report_of(table.labels, []), paths).words


def test_of_cells_it_never_saw_there_is_nothing_to_say(files, paths):
    save_hashes(hash_cells(cells_of(50).cells), files.training_hashes)
    others = cells_of(20, seed=1)
    assert report_seen(files, others.cells, report_of(others.labels, []), paths).words == ""


def test_without_hashes_it_is_not_known(files, paths):
    table = cells_of(50)
    save_card(CARD, files.card)
    assert report_seen(files, table.cells, report_of(table.labels, []), paths) is None


def test_a_model_without_hashes_that_learned_from_mnist_is_known_by_mnist(files, paths, monkeypatch):
    train, test = cells_of(40), cells_of(20, seed=1)
    monkeypatch.setattr(seen_cells, "locate_mnist", lambda paths: "here")
    monkeypatch.setattr(seen_cells, "load_mnist", lambda paths: Dataset("MNIST", MNIST_SHA256, train, test))
    save_card(replace(CARD, data=(TrainingData("MNIST", MNIST_SHA256, 40),)), files.card)
    cells = np.concatenate([train.cells[:15], test.cells])
    labels = np.concatenate([train.labels[:15], test.labels])
    parts = report_seen(files, cells, report_of(labels, []), paths)
    assert (parts.seen.total, parts.unseen.total) == (15, 20)
