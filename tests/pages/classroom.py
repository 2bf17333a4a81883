"""What the tests of training and of the shelf stand on: small tables, runs as workers leave them, models."""

import io
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mnist_core.config import AppPaths
from mnist_core.datasets.labelled_cells import LabelledCells
from mnist_core.evaluation.evaluation import Evaluation, evaluate_on, save_evaluation
from mnist_core.evaluation.metrics import EvaluationReport
from mnist_core.reading.ink import ink_from_rgba
from mnist_core.reading.normalization import normalize_crop
from mnist_core.runs.history import lock_path
from mnist_core.runs.recorder import RunRecord, new_run
from mnist_core.runs.run_files import BatchPoint, RunState
from mnist_core.storage.locks import try_lock
from mnist_core.storage.model_card import CurvePoint, Score, save_card
from mnist_core.training.augmentation import augment
from mnist_core.training.augmentation_config import MILD_AUGMENTATION
from mnist_core.training.train_config import TrainConfig
from tests.drawings import drawing, strokes_of
from tests.storage.sample_card import CARD


def hand_drawn_cells(each: int, seed: int = 0) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Draw each digit some times, no two alike: uint8 (10 * each, 28, 28) and what they are."""
    plain = np.stack([_cell(str(digit)) for digit in range(10)])
    cells = augment(np.repeat(plain, each, axis=0), MILD_AUGMENTATION, np.random.default_rng(seed))
    return np.asarray(np.rint(cells * 255), np.uint8), np.repeat(np.arange(10), each)


def _cell(digit: str) -> NDArray[np.uint8]:
    ink = ink_from_rgba(drawing(*strokes_of(digit)))
    ys, xs = np.nonzero(ink)
    crop = ink[ys.min() : ys.max() + 1, xs.min() : xs.max() + 1]
    return np.asarray(np.rint(normalize_crop(crop) * 255), np.uint8)


def small_table(each: int = 60) -> bytes:
    """Make an .npz that a network learns from in a second."""
    content = io.BytesIO()
    train, labels = hand_drawn_cells(each)
    test, test_labels = hand_drawn_cells(12, seed=1)
    np.savez_compressed(content, x_train=train, y_train=labels, x_test=test, y_test=test_labels)
    return content.getvalue()


def write_run(
    home: Path, state: RunState | None, message: str = "It is over.", name: str = "mine", who: str = "Ada"
) -> str:
    """Write a run as its worker does: two epochs of four, and how it ended; None where it did not."""
    paths = AppPaths(home, None)
    folder = new_run(TrainConfig(recipe="quick", name=name).to_json(), who, paths)
    record = RunRecord(folder)
    record.prepared(training_cells=570, validation_cells=30, epochs=4, steps=5)
    for step in range(1, 11):
        record.batch(
            BatchPoint((step - 1) // 5 + 1, step % 5, step / 5, 1 / step, 1 - 0.8 / step, 900.0, 40.0, 1140)
        )
    for epoch in (1, 2):
        record.epoch(CurvePoint(epoch, 0.5 / epoch, 0.8, 0.4 / epoch, 0.9, 2.0, 0.3 / epoch, 0.93))
    cells, labels = hand_drawn_cells(2)
    probabilities = np.full((16, 10), 0.01, np.float32)
    probabilities[np.arange(16), np.where(np.arange(16) < 12, labels[:16], 9)] = 0.91
    record.samples(cells[:16], labels[:16], probabilities)
    if state is not None:
        record.end(state, message)
    return folder.name


@contextmanager
def under_way(home: Path, who: str = "Ada") -> Iterator[str]:
    """Have a run under way, as far as anyone who looks can tell."""
    home.mkdir(parents=True, exist_ok=True)
    run_id = write_run(home, None, who=who)
    path = lock_path(AppPaths(home, None))
    lock = try_lock(path)
    assert lock is not None
    path.write_text(run_id)
    try:
        yield run_id
    finally:
        path.write_text("")
        os.close(lock)


def put_on_shelf(home: Path, name: str, wrong: int = 3) -> None:
    """Put a model on the shelf: the shipped network, measured on hand-drawn cells, some mislabelled."""
    paths = AppPaths(home, None)
    files, shipped = paths.model(name), paths.model("shipped")
    files.folder.mkdir(parents=True)
    for source, target in ((shipped.onnx, files.onnx), (shipped.keras, files.keras)):
        shutil.copyfile(source, target)
    cells, labels = hand_drawn_cells(12)
    read = evaluate_on(shipped, "hand-drawn cells", LabelledCells(cells, labels))
    right = np.flatnonzero(read.report.readings == labels)
    labels = labels[right]
    labels[:wrong] = 6  # zeros
    report = EvaluationReport(labels, read.report.probabilities[right])
    save_evaluation(Evaluation(name, "hand-drawn cells", cells[right], report), files.evaluation)
    matrix = tuple(map(tuple, report.confusion_matrix.tolist()))
    score = Score("hand-drawn cells: read right", report.right, report.total)
    save_card(replace(CARD, name=name, scores=(score,), confusion_matrix=matrix), files.card)
