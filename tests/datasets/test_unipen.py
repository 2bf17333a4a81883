import gzip
from collections import Counter

import numpy as np
import pytest

from mnist_core.datasets import unipen
from mnist_core.datasets.unipen import (
    HELD_OUT_SOURCES,
    SIGNS,
    TRAINING_LABELS,
    UNLIKE_DIGITS,
    PenCharacter,
    Split,
    as_pen_digits,
    balance_labels,
    draw_parts,
    load_unipen,
    place_beside,
    select_characters,
)
from mnist_core.errors import DataError
from tests.datasets.unipen_files import STROKES, line, write_lines


def character(label="A", source="kai", writer=1):
    strokes = tuple(np.array(flat, np.float32).reshape(-1, 2) for flat in STROKES[label])
    return PenCharacter(label, source, writer, strokes)


def box(strokes):
    points = np.concatenate(strokes)
    return points.min(axis=0), points.max(axis=0)


def test_characters_are_loaded_in_their_order(tmp_path):
    path = write_lines(tmp_path / "c.jsonl.gz", [line("A", 7, "abc"), line("+", 9, "gmd")])
    first, second = load_unipen(path)
    assert (first.label, first.source, first.writer) == ("A", "abc", 7)
    assert (second.label, second.source, second.writer) == ("+", "gmd", 9)
    assert [stroke.tolist() for stroke in first.strokes] == [
        [[0, 1000], [350, 0], [700, 1000]],
        [[150, 600], [550, 600]],
    ]
    assert first.strokes[0].dtype == np.float32


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("no json", id="text"),
        pytest.param("null", id="null"),
        pytest.param("[1, 2]", id="list"),
        pytest.param('{"label": "A", "source": "a", "writer": 1}', id="no strokes"),
        pytest.param('{"label": "A", "source": "a", "strokes": [[1, 2]]}', id="no writer"),
        pytest.param(line("A", strokes=[]), id="strokes empty"),
        pytest.param(line("A", strokes=[[]]), id="a stroke without points"),
        pytest.param(line("A", strokes=[[1, 2, 3]]), id="half a point"),
        pytest.param(line("A", strokes=[["x", "y"]]), id="words for numbers"),
        pytest.param(line("A", strokes=[[float("nan"), 1]]), id="no number"),
        pytest.param(line("A", strokes=[[1e300, 1]]), id="too large a number"),
        pytest.param(line("A", strokes=[[10**400, 1]]), id="far too large a number"),
        pytest.param(line("A", strokes=5), id="strokes a number"),
        pytest.param(line("A", strokes={"a": 1}), id="strokes a mapping"),
        pytest.param(
            '{"label": "A", "source": "a", "writer": 1e999, "strokes": [[1, 2]]}', id="endless writer"
        ),
        pytest.param("[" * 90_000, id="deeply nested"),
        pytest.param(line("A", strokes=[[1, 2] * 60_000]), id="one endless line"),
    ],
)
def test_hostile_lines_are_refused(tmp_path, text):
    path = write_lines(tmp_path / "c.jsonl.gz", [line("A"), text])
    with pytest.raises(DataError, match=r"c\.jsonl\.gz can't be read"):
        load_unipen(path)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"no gzip", id="other kind of file"),
        pytest.param(gzip.compress(line("A").encode() * 50)[:-20], id="cut off"),
        pytest.param(gzip.compress(line("A").encode())[:20] + bytes(40), id="damaged"),
        pytest.param(gzip.compress(b"\xff\xfe\xff"), id="no text"),
    ],
)
def test_hostile_files_are_refused(tmp_path, content):
    path = tmp_path / "c.jsonl.gz"
    path.write_bytes(content)
    with pytest.raises(DataError, match=r"c\.jsonl\.gz can't be read"):
        load_unipen(path)


def test_missing_and_empty_files_are_refused(tmp_path):
    with pytest.raises(DataError, match="gone"):
        load_unipen(tmp_path / "gone.jsonl.gz")
    with pytest.raises(DataError, match="holds no pen strokes"):
        load_unipen(write_lines(tmp_path / "empty.jsonl.gz", []))


def test_a_file_that_unpacks_to_too_much_is_refused(tmp_path, monkeypatch):
    path = write_lines(tmp_path / "c.jsonl.gz", [line("A")] * 10)
    monkeypatch.setattr(unipen, "_MAX_BYTES", 5 * len(line("A")))
    with pytest.raises(DataError, match="unpacks to more than"):
        load_unipen(path)


def test_no_writer_is_in_two_splits():
    for writer in range(80):
        of_writer = [character(label, writer=writer) for label in STROKES]
        chosen = [select_characters(of_writer, split) for split in Split]
        assert sorted(map(len, chosen)) == [0, 0, len(of_writer)]


def test_one_writer_in_eight_tests_and_one_calibrates():
    counts = Counter(character(writer=writer).split for writer in range(800))
    assert counts == {Split.TRAIN: 600, Split.TEST: 100, Split.CALIBRATION: 100}


def test_held_out_institutions_are_for_testing_only():
    assert HELD_OUT_SOURCES
    splits = {
        character(source=source, writer=writer).split for source in HELD_OUT_SOURCES for writer in range(80)
    }
    assert splits == {Split.TEST}


def test_characters_are_selected_by_label_too():
    both = (character("A"), character("+"), character("+", writer=3))
    assert select_characters(both, Split.TRAIN, "+#") == (both[1],)


def test_no_label_that_looks_like_a_digit_is_trained_on_as_a_sign():
    assert not set(TRAINING_LABELS) & set("0123456789OoIlSsZzBbqgGUuDQaJjyY|.,`'")
    assert set(UNLIKE_DIGITS) < set(TRAINING_LABELS)
    assert set(SIGNS) < set(TRAINING_LABELS)


def test_characters_become_digits_with_their_own_label_or_another():
    (seven,) = as_pen_digits([character("7", writer=5)])
    (sign,) = as_pen_digits([character("A")], -1)
    assert (seven.label, seven.writer, sign.label) == (7, 5, -1)
    with pytest.raises(DataError, match="none"):
        as_pen_digits([character("A")])


def test_rare_labels_are_repeated_and_frequent_ones_thinned_out():
    characters = [character("A", writer=k) for k in range(100)] + [character("+", writer=k) for k in range(3)]
    chosen = balance_labels(characters, 10, 40, np.random.default_rng(0))
    counts = Counter(character.label for character in chosen)
    assert counts == {"A": 40, "+": 10}
    repeats = Counter(character.writer for character in chosen if character.label == "+")
    assert set(repeats.values()) <= {3, 4}
    frequent = [character.writer for character in chosen if character.label == "A"]
    assert len(set(frequent)) == 40


def test_labels_between_the_bounds_are_used_once_each():
    characters = [character("A", writer=k) for k in range(20)]
    chosen = balance_labels(characters, 10, 40, np.random.default_rng(0))
    assert sorted(character.writer for character in chosen) == list(range(20))


def test_a_part_lacks_strokes_and_is_no_straight_line():
    characters = [character("A"), character("E")] * 50
    parts = draw_parts(characters, np.random.default_rng(0))
    assert 20 < len(parts) < 100
    assert any(len(part) == 1 for part in parts)  # an A without its bar
    whole = [sorted(len(stroke) for stroke in STROKES[label]) for label in "AE"]
    for part in parts:
        assert sorted(2 * len(stroke) for stroke in part) not in whole
        if len(part) == 1:
            start, end = part[0][0], part[0][-1]
            length = np.hypot(*np.diff(part[0], axis=0).T).sum()
            assert np.hypot(*(end - start)) < 0.7 * length


def test_parts_come_only_of_characters_whose_parts_are_no_digits():
    rng = np.random.default_rng(0)
    assert draw_parts([character("4")] * 20, rng) == ()  # a 4 less a stroke may be a 1
    assert draw_parts([character("~")] * 20, rng) == ()  # of one stroke


def test_a_closed_curve_is_no_straight_line():
    turn = np.linspace(0, 2 * np.pi, 20)
    loop = np.stack([500 + 100 * np.cos(turn), 500 + 100 * np.sin(turn)], axis=1).astype(np.float32)
    line = np.array([[0, 0], [5, 500], [0, 1000]], np.float32)
    parts = draw_parts([PenCharacter("A", "kai", 1, (loop, line))] * 20, np.random.default_rng(0))
    assert 0 < len(parts) < 20
    for part in parts:
        np.testing.assert_array_equal(part[0], loop)


def test_characters_stand_side_by_side_at_one_height():
    left, right = character("E").strokes, [stroke + 300 for stroke in character("+").strokes]
    strokes = place_beside(left, right, gap=0.1, right_height=0.5)
    assert len(strokes) == len(left) + len(right)
    (left_low, left_high), (low, high) = box(strokes[:4]), box(strokes[4:])
    np.testing.assert_array_equal(np.concatenate(strokes[:4]), np.concatenate(left))
    assert low[0] == pytest.approx(left_high[0] + 0.1 * 1000)
    assert (high - low).max() == pytest.approx(0.5 * 1000)
    assert low[1] + high[1] == pytest.approx(left_low[1] + left_high[1])


def test_a_dot_can_stand_beside_something():
    dot = (np.array([[5, 5]], np.float32),)
    assert np.isfinite(np.concatenate(place_beside(dot, dot, 0.1, 1.0))).all()
