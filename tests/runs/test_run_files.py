import json
from pathlib import Path

import numpy as np
import pytest

from mnist_core.config import AppPaths
from mnist_core.errors import ModelError
from mnist_core.runs.recorder import RunRecord, new_run
from mnist_core.runs.run_files import (
    BatchPoint,
    RunEvents,
    RunOutcome,
    RunSize,
    RunState,
    load_events,
    load_outcome,
    load_samples,
    load_settings,
)
from mnist_core.storage.model_card import CurvePoint

CONFIG = {"recipe": "quick", "name": "ours", "epochs": 2}
BATCH = BatchPoint(1, 50, 0.5, 0.4, 0.9, 1200.0, 12.5)
EPOCH = CurvePoint(1, 0.3, 0.9, 0.1, 0.98, 12.0)
ALL = RunEvents(RunSize(1000, 50, 2, 100), (BATCH,), (EPOCH,), finishing=True)
HOSTILE = {
    "a number without end": b"1e999",
    "no number": b"NaN",
    "400 digits": b"9" * 400,
    "nested": b"[" * 100_000 + b"]" * 100_000,
    "a text": b'"many"',
    "a list": b"[]",
    "nothing": b"",
    "bytes": b"\xff",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Make a run's folder with all that its worker writes."""
    folder = new_run(CONFIG, "Anna", AppPaths(home=tmp_path, mnist=None))
    record = RunRecord(folder)
    record.prepared(1000, 50, 2, 100)
    record.batch(BATCH)
    record.epoch(EPOCH)
    record.finishing(0.0)
    record.samples(np.zeros((1, 28, 28), np.uint8), np.array([3]), np.full((1, 10), 0.1, np.float32))
    record.end(RunState.FINISHED, "It is over.")
    return folder


def put(path: Path, key: str, value: bytes) -> None:
    """Put raw bytes in a value's place in a JSON file, or in the last line of one with many."""
    *lines, last = path.read_bytes().splitlines()
    if not path.name.endswith("l"):
        lines, last = [], path.read_bytes()
    content = json.dumps(json.loads(last) | {key: "HERE"}).encode()
    path.write_bytes(b"\n".join([*lines, content.replace(b'"HERE"', value)]))


def test_what_was_written_comes_back(folder: Path):
    assert load_events(folder) == ALL
    settings = load_settings(folder)
    assert (settings.config, settings.who) == (CONFIG, "Anna")
    outcome = load_outcome(folder)
    assert outcome == RunOutcome(RunState.FINISHED, "It is over.", outcome.ended)
    assert outcome.ended >= settings.started


def test_a_line_half_written_is_left_out(folder: Path):
    with (folder / "events.jsonl").open("a") as file:
        file.write('{"event": "batch", "epo')
    assert load_events(folder) == ALL


@pytest.mark.parametrize("value", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("key", ["epoch", "step", "at", "loss", "event"])
def test_a_hostile_line_is_left_out(folder: Path, key: str, value: bytes):
    record = RunRecord(folder)
    record.batch(BATCH)
    put(folder / "events.jsonl", key, value)
    assert load_events(folder) == ALL


@pytest.mark.parametrize("value", HOSTILE.values(), ids=HOSTILE)
def test_hostile_settings_are_a_models_error(folder: Path, value: bytes):
    put(folder / "settings.json", "config", value)
    with pytest.raises(ModelError, match=r"settings of the training run .* are damaged"):
        load_settings(folder)


def test_settings_nested_too_deeply_are_a_models_error(folder: Path):
    put(folder / "settings.json", "config", b'{"a": ' * 200 + b"1" + b"}" * 200)
    with pytest.raises(ModelError, match="are damaged"):
        load_settings(folder)


@pytest.mark.parametrize("value", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_outcome_is_none(folder: Path, value: bytes):
    put(folder / "outcome.json", "state", value)
    assert load_outcome(folder) is None


@pytest.mark.parametrize(
    "content",
    [
        *(b'{"samples": ' + value + b"}" for name, value in HOSTILE.items() if name != "a list"),
        b'{"samples": [{"label": 3, "reading": 3, "confidence": 1, "cell": "00"}]}',
        b'{"samples": [{"label": 3, "reading": 3, "confidence": 1, "cell": "zz"}]}',
        b'{"samples": [{"label": -1, "reading": 3, "confidence": 1, "cell": "' + b"00" * 784 + b'"}]}',
    ],
)
def test_hostile_samples_are_none(folder: Path, content: bytes):
    (folder / "samples.json").write_bytes(content)
    assert load_samples(folder) == ()


def test_samples_are_those_read_last(folder: Path):
    cells = np.arange(2 * 784, dtype=np.uint32).reshape(2, 28, 28).astype(np.uint8)
    probabilities = np.full((2, 10), 0.05, np.float32)
    probabilities[:, 3] = 0.55
    RunRecord(folder).samples(cells, np.array([3, 4]), probabilities[::-1])
    RunRecord(folder).samples(cells, np.array([3, 4]), probabilities)
    samples = load_samples(folder)
    assert [(sample.label, sample.reading, sample.right) for sample in samples] == [
        (3, 3, True),
        (4, 3, False),
    ]
    np.testing.assert_array_equal(samples[1].cell, cells[1])
    assert samples[0].confidence == pytest.approx(0.55)


def test_a_sample_that_is_surer_than_sure_by_rounding_is_shown(folder: Path):
    probabilities = np.zeros((1, 10), np.float32)
    probabilities[0, 3] = np.nextafter(np.float32(1), np.float32(2))
    RunRecord(folder).samples(np.zeros((1, 28, 28), np.uint8), np.array([3]), probabilities)
    assert len(load_samples(folder)) == 1


def test_a_run_that_has_written_nothing_yet_has_no_events(tmp_path: Path):
    folder = new_run(CONFIG, "", AppPaths(home=tmp_path, mnist=None))
    assert load_events(folder) == RunEvents()
    assert load_outcome(folder) is None
    assert load_samples(folder) == ()
