"""A class's digits as files."""

import json
from pathlib import Path

import numpy as np

from mnist_core.classroom.takeaway import to_csv, to_json_lines, to_npz
from mnist_core.config import AppPaths
from mnist_core.datasets.loading import load_dataset
from tests.classroom.made_drawings import made

DRAWINGS = [
    made(20 * member + number, member, asked=str(number), reading="7")
    for member in (1, 2, 3, 4)
    for number in range(10)
]


def load(tmp_path: Path, name: str, content: bytes):
    path = tmp_path / name
    path.write_bytes(content)
    return load_dataset(str(path), AppPaths(tmp_path, None))


def test_training_reads_the_csv(tmp_path: Path):
    loaded = load(tmp_path, "class.csv", to_csv(DRAWINGS))
    assert loaded.train.labels.tolist() == list(range(10)) * 4
    np.testing.assert_array_equal(loaded.train.cells[11], DRAWINGS[11].cells[0])


def test_training_reads_the_npz_whose_test_part_is_of_other_hands(tmp_path: Path):
    loaded = load(tmp_path, "class.npz", to_npz(DRAWINGS))
    assert (len(loaded.train), len(loaded.test)) == (30, 10)


def test_json_lines_hold_strokes_and_no_names():
    content = to_json_lines(DRAWINGS)
    lines = [json.loads(line) for line in content.decode().splitlines()]
    assert [line["hand"] for line in lines] == [0] * 10 + [1] * 10 + [2] * 10 + [3] * 10
    assert (lines[3]["asked"], lines[3]["reading"], lines[3]["corrected"]) == ("3", "7", None)
    points = DRAWINGS[3].strokes[0].points
    np.testing.assert_allclose(lines[3]["strokes"][0]["points"], points, atol=0.06)
    assert b"Otter" not in content


def test_a_class_without_digits_gives_files_all_the_same():
    assert to_csv([]).decode().splitlines()[0].startswith("label,pixel0,")
    assert to_json_lines([]) == b""
    assert to_npz([])
