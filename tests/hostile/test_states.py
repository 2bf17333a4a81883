"""What browsers, programs and disks hand over as JSON: parsed within bounds, refused, or passed over."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mnist_core.config import AppPaths
from mnist_core.errors import InvalidImageError, ModelError
from mnist_core.reading.sent_drawing import parse_drawing
from mnist_core.reading.stored_readings import pack_readings, unpack_readings
from mnist_core.reading.strokes import MAX_POINTS, MAX_STROKES, draw_strokes
from mnist_core.runs.history import load_run
from mnist_core.runs.recorder import RunRecord, new_run
from mnist_core.runs.run_files import BatchPoint, RunState
from mnist_core.storage.model_card import card_json, load_card
from pages.draw.browser_copy import parse_copy
from pages.draw.widget_state import is_harmless, parse_objects, raw_drawing, to_objects
from tests.drawings import strokes_of
from tests.hostile.kinds import card, changed, damaged, fuzzed, is_sentence, json_values, refusal
from tests.reading.test_stored_readings import report

OBJECTS = {"objects": to_objects(tuple(strokes_of("5")))}
STATE = {"drawing": {"raw": OBJECTS, "data": None}, "backgroundFit": None}
COPY = {"height": 280, "width": 700, **OBJECTS}
SENT = {"strokes": [[[10, 20], [30.5, 40]], [[1, 1]]], "width": 700, "height": 280, "pen": 13}
READINGS = pack_readings({"a": report(2, 0), "b": report(7)}, {})


@fuzzed
@given(state=changed(STATE) | json_values())
@example(state={"drawing": {"raw": {"objects": [{"path": [["M", -1e999, 0]], "strokeWidth": 9}]}}})
@example(state={"drawing": {"raw": {"objects": [{"path": [["M", 0, float("nan")]], "strokeWidth": 9}]}}})
@example(
    state={
        "drawing": {"raw": {"objects": [{"path": [["M", 1, 1], ["Q", 1e999, 0, 0, 0]], "strokeWidth": 9}]}}
    }
)
@example(state={"drawing": {"raw": {"objects": [{"path": [["M", True, 0]], "strokeWidth": 1}] * 1000}}})
def test_a_canvas_state_gives_strokes_that_can_be_drawn_and_no_others(state: Any) -> None:
    is_harmless(state)
    strokes = [parsed.stroke for parsed in parse_objects(raw_drawing(state))]
    assert len(strokes) <= MAX_STROKES
    assert sum(len(stroke.points) for stroke in strokes) <= MAX_POINTS
    assert all(np.isfinite(stroke.points).all() for stroke in strokes)
    assert draw_strokes(strokes, 280, 700).shape == (280, 700, 4)


@fuzzed
@given(copy=changed(COPY) | json_values())
def test_a_drawing_that_a_browser_gives_back_is_one_or_nothing(copy: Any) -> None:
    drawing = parse_copy(copy)
    assert drawing is None or 0 < len(drawing.strokes) <= MAX_STROKES


@fuzzed
@given(readings=changed(READINGS) | json_values())
def test_readings_that_a_browser_gives_back_are_ones_or_nothing(readings: Any) -> None:
    for stored in unpack_readings(readings):
        assert all(abs(mark.probabilities.sum() - 1) < 1e-4 for mark in stored.report.marks)
        assert set(stored.correction.verdicts.values()) <= {None, *range(10)}


@fuzzed
@given(content=damaged((json.dumps(SENT).encode(),)) | changed(SENT).map(json.dumps).map(str.encode))
def test_a_drawing_that_a_program_sends_is_parsed_or_refused_in_a_sentence(content: bytes) -> None:
    drawing, sentence = refusal(parse_drawing, content, by=InvalidImageError)
    if drawing is None:
        assert is_sentence(sentence)
        return
    assert draw_strokes(drawing.strokes, drawing.height, drawing.width).ndim == 3


@fuzzed
@given(content=damaged((card(),)) | changed(json.loads(card())).map(json.dumps).map(str.encode))
@example(content=b'{"seed": 1e999}')
@example(content=b"[" * 100_000)
@example(content=card().replace(b'"seed": 0', b'"seed": ' + b"9" * 400))
def test_a_card_is_loaded_and_can_be_written_again_or_is_damaged(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "card.json"
    path.write_bytes(content)
    loaded, sentence = refusal(load_card, path, by=ModelError)
    if loaded is None:
        assert is_sentence(sentence)
        return
    path.write_text(card_json(loaded), encoding="utf-8")
    assert load_card(path) == loaded


@pytest.fixture(scope="module")
def run_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a run that has failed, with all its files."""
    folder = new_run({"recipe": "quick", "name": "ours"}, "", AppPaths(tmp_path_factory.mktemp("home"), None))
    record = RunRecord(folder)
    record.prepared(1000, 50, 2, 100)
    record.batch(BatchPoint(1, 50, 0.5, 0.4, 0.9, 1200.0, 12.5))
    record.samples(np.zeros((1, 28, 28), np.uint8), np.array([3]), np.full((1, 10), 0.1, np.float32))
    record.end(RunState.FAILED, "It failed.")
    (folder / "process").write_text("4711")
    return folder


RUN_FILES = ("settings.json", "events.jsonl", "samples.json", "outcome.json", "process")


@fuzzed
@given(name=st.sampled_from(RUN_FILES), data=st.data())
def test_a_damaged_run_is_shown_or_refused_in_a_sentence(
    name: str, data: st.DataObject, run_folder: Path
) -> None:
    path = run_folder / name
    sound = path.read_bytes()
    path.write_bytes(data.draw(damaged((sound,))))
    try:
        paths = AppPaths(run_folder.parent.parent, None)
        run, sentence = refusal(load_run, run_folder.name, paths, by=ModelError)
    finally:
        path.write_bytes(sound)
    assert is_sentence(sentence) if run is None else 0 <= run.progress <= 1
