import hashlib

import numpy as np
import pytest

from mnist_core.errors import DataError
from mnist_core.training.mixture import from_unipen
from mnist_core.training.mixture.from_unipen import unipen_contribution
from mnist_core.training.mixture.training_set import PART, SIGN
from tests.datasets.unipen_files import WRITERS, line, write_lines

DIGITS = [line(label, writer) for writer in WRITERS.values() for label in "0147"]
HELD_OUT = [line("1", WRITERS["train"], "gmd"), line("7", WRITERS["calibration"], "mot")]
CHARACTERS = [line(label, writer) for writer in (1, 2, 3) for label in "AE+~"]


@pytest.fixture(autouse=True)
def small(monkeypatch):
    monkeypatch.setattr(from_unipen, "_DECORATED_POOL", 12)
    monkeypatch.setattr(from_unipen, "_DECORATED_PER_EPOCH", 4)
    monkeypatch.setattr(from_unipen, "_FEWEST_OF_A_SIGN", 5)
    monkeypatch.setattr(from_unipen, "_MOST_OF_A_SIGN", 10)
    monkeypatch.setattr(from_unipen, "_PAIRS", 30)


@pytest.fixture
def folder(tmp_path):
    write_lines(tmp_path / "digits.jsonl.gz", DIGITS + HELD_OUT)
    write_lines(tmp_path / "characters.jsonl.gz", CHARACTERS)
    return tmp_path


def contribution(folder, seed=0):
    return unipen_contribution(folder, np.random.default_rng(seed))


def test_each_writers_digits_serve_one_end(folder):
    parts = contribution(folder)
    digits = parts.sources[0]
    assert (len(digits.cells), digits.per_epoch) == (12 * 4, 6 * 4)
    assert sorted(digits.labels.tolist()) == sorted([0, 1, 4, 7] * 12)
    (calibration,) = parts.calibration
    assert calibration.labels.tolist() == [0, 1, 4, 7]
    assert parts.test_sets[0].labels.tolist() == [0, 1, 4, 7, 1, 7]  # held-out institutions among them


def test_signs_and_wrong_groups_are_no_digits(folder):
    _, decorated, signs, wrong_groups = contribution(folder).sources
    assert set(decorated.labels.tolist()) <= {0, 1, 7}
    assert (len(decorated.cells), decorated.per_epoch) == (12, 4)
    assert set(signs.labels.tolist()) == {SIGN}
    assert len(signs.cells) == signs.per_epoch == 4 * 5  # the labels A, E, + and ~, each brought to five
    assert set(wrong_groups.labels.tolist()) == {PART}
    assert 30 <= len(wrong_groups.cells) <= 30 + 4  # pairs, and parts of two As and two Es


def test_an_epoch_asks_for_no_more_than_there_is(folder):
    for source in contribution(folder).sources:
        assert 0 < source.per_epoch <= len(source.cells) == len(source.labels)


def test_letters_and_signs_of_test_writers_are_tested_on(folder):
    characters = [line(label, 3) for label in "AAAAEEE+++~~~~"]
    write_lines(folder / "characters.jsonl.gz", CHARACTERS[:8] + characters)
    _, letters, signs = contribution(folder).test_sets
    assert (letters.name, signs.name) == (
        "UNIPEN letters of unseen writers",
        "UNIPEN signs of unseen writers",
    )
    assert (len(letters.cells), len(signs.cells)) == (3, 3)  # every third of seven
    assert {*letters.labels.tolist(), *signs.labels.tolist()} == {SIGN}


def test_what_is_tested_on_is_the_same_for_every_seed(folder):
    first, other = contribution(folder, 0), contribution(folder, 1)
    assert not np.array_equal(first.sources[0].cells, other.sources[0].cells)
    for one, two in zip(first.test_sets, other.test_sets, strict=True):
        np.testing.assert_array_equal(one.cells, two.cells)
    np.testing.assert_array_equal(first.calibration[0].cells, other.calibration[0].cells)


def test_calibrating_writers_letters_and_signs_help_to_choose_the_threshold(folder):
    (none,) = contribution(folder).calibration_signs
    write_lines(folder / "characters.jsonl.gz", [*CHARACTERS, *(line(label, 6) for label in "AE+")])
    first, other = contribution(folder, 0), contribution(folder, 1)
    assert (len(none), len(first.calibration_signs[0])) == (0, 3)
    np.testing.assert_array_equal(first.calibration_signs[0], other.calibration_signs[0])


def test_the_card_counts_what_was_trained_on(folder):
    (data,) = contribution(folder).data
    assert data.cells == 4 + 8  # the training writers' digits and characters
    files = [folder / f"{name}.jsonl.gz" for name in ("digits", "characters")]
    assert data.sha256 == hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()
    assert "CC BY 4.0" in data.name


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        pytest.param(
            "digits", [text for text in DIGITS if f'"writer": {WRITERS[split]}' not in text], id=split
        )
        for split in WRITERS
    ]
    + [pytest.param("characters", [line("A")], id="no neighbour")],
)
def test_a_folder_that_can_not_be_split_is_refused(folder, name, lines):
    write_lines(folder / f"{name}.jsonl.gz", lines)
    with pytest.raises(DataError, match="can't be split by writer"):
        contribution(folder)


def test_letters_among_the_digits_are_refused(folder):
    write_lines(folder / "digits.jsonl.gz", [*DIGITS, line("A")])
    with pytest.raises(DataError, match="none"):
        contribution(folder)
