import io
import json
import subprocess
import sys
import zipfile
import zlib

import numpy as np
import pytest

from mnist_core.config import PROJECT_FOLDER
from mnist_core.datasets import npz_archive
from mnist_core.datasets.npz_archive import load_npz
from mnist_core.errors import DataError
from tests.datasets.small_sets import PEAK_MB

DAMAGED = 600


def small_arrays(**changes):
    return {
        "x_train": np.arange(3 * 784).reshape(3, 28, 28).astype(np.uint8),
        "y_train": np.array([1, 2, 3], np.uint8),
        "x_test": np.zeros((2, 28, 28), np.uint8),
        "y_test": np.array([0, 9], np.uint8),
    } | changes


@pytest.fixture
def npz_with(tmp_path):
    def write(save=np.savez, **changes):
        path = tmp_path / "cells.npz"
        arrays = small_arrays(**changes)
        save(path, **{name: array for name, array in arrays.items() if array is not None})
        return path

    return write


@pytest.fixture
def archive_with(tmp_path):
    """Write an archive from raw entries; one that is not given is a sound array."""

    def write(compression=zipfile.ZIP_DEFLATED, **entries):
        path = tmp_path / "cells.npz"
        with zipfile.ZipFile(path, "w", compression) as archive:
            for name, array in small_arrays().items():
                content = io.BytesIO()
                np.save(content, array)
                archive.writestr(f"{name}.npy", entries.get(name, content.getvalue()))
        return path

    return write


def header(text, version=1):
    length = len(text).to_bytes(2 if version == 1 else 4, "little")
    return b"\x93NUMPY" + bytes((version, 0)) + length + text.encode()


def test_both_parts_are_loaded(npz_with):
    train, test = load_npz(npz_with())
    assert train.labels.tolist() == [1, 2, 3]
    assert train.cells[0, 0, 5] == 5
    assert test.labels.tolist() == [0, 9]


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed], ids=["stored", "deflated"])
@pytest.mark.parametrize("dtype", ["u1", "<i8", ">u4", "<i2"])
def test_every_kind_of_whole_numbers_is_loaded(npz_with, monkeypatch, save, dtype):
    monkeypatch.setattr(npz_archive, "_PIECE_BYTES", 2000)  # several pieces, one of them short
    cells = small_arrays()["x_train"]
    train, _ = load_npz(npz_with(save, x_train=cells.astype(dtype)))
    np.testing.assert_array_equal(train.cells, cells)


def test_an_array_in_fortran_order_is_the_same(npz_with, monkeypatch):
    monkeypatch.setattr(npz_archive, "_PIECE_BYTES", 200)
    cells = small_arrays()["x_train"]
    train, _ = load_npz(npz_with(x_train=np.asfortranarray(cells)))
    np.testing.assert_array_equal(train.cells, cells)


def test_a_part_without_cells_is_loaded(npz_with):
    nothing = {"x_test": np.zeros((0, 28, 28), np.uint8), "y_test": np.zeros(0, np.uint8)}
    assert len(load_npz(npz_with(**nothing))[1]) == 0


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        pytest.param({"y_test": None}, "holds no array y_test", id="array missing"),
        pytest.param({"x_train": np.zeros((3, 14, 28), np.uint8)}, r"\(3, 14, 28\)", id="wrong shape"),
        pytest.param({"x_train": np.zeros((3, 28, 28), np.float32)}, "fractions", id="fractions"),
        pytest.param({"x_train": np.full((3, 28, 28), 256)}, "outside 0 to 255", id="over 255"),
        pytest.param({"x_train": np.full((3, 28, 28), -1)}, "outside 0 to 255", id="below zero"),
        pytest.param({"y_train": np.array([1, 2, 10])}, "Label 3", id="label over nine"),
        pytest.param({"y_train": np.array([1, 2])}, "3 cells but y_train 2", id="too few labels"),
        pytest.param({"y_train": np.eye(3, 10, dtype=np.uint8)}, "one label a cell", id="one-hot"),
        pytest.param({"y_train": np.array([1, None, 2])}, "objects", id="objects are not unpickled"),
    ],
)
def test_the_complaint_says_what_is_wrong(npz_with, changes, complaint):
    with pytest.raises(DataError, match=complaint):
        load_npz(npz_with(**changes))


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(header("{'descr': '|u1', 'shape': (((((((", 1), id="brackets never closed"),
        pytest.param(
            header("{'descr': '|u1', 'fortran_order': False, 'shape': (3, -28, 28), }"), id="below 0"
        ),
        pytest.param(header("{'descr': '<u3', 'fortran_order': False, 'shape': (3, 28, 28), }"), id="u3"),
        pytest.param(header("x" * 60_000), id="a long header"),
        pytest.param(header("{'descr': '|u1'", 9), id="a version to come"),
        pytest.param(b"\x93NUMPY\x01", id="cut in its header"),
        pytest.param(b"", id="empty"),
        pytest.param(
            header("{'descr': '|u1', 'fortran_order': False, 'shape': (3, 28, 28), }") + bytes(100),
            id="fewer values than its header says",
        ),
    ],
)
def test_an_unsound_array_is_refused(archive_with, content):
    with pytest.raises(DataError, match=r"cells\.npz"):
        load_npz(archive_with(x_train=content))


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA], ids=["bzip2", "lzma"])
def test_other_compressions_are_refused_unread(archive_with, method):
    with pytest.raises(DataError, match="compressed in a way"):
        load_npz(archive_with(method))


def test_an_encrypted_archive_is_refused(archive_with):
    path = archive_with()
    content = bytearray(path.read_bytes())
    for place in range(len(content) - 4):
        if content[place : place + 4] == b"PK\x01\x02":  # an entry of the directory; its flags are 8 bytes on
            content[place + 8] |= 1
    path.write_bytes(content)
    with pytest.raises(DataError, match="encrypted"):
        load_npz(path)


def test_an_archive_of_very_many_files_is_refused_by_its_directory_alone(tmp_path, monkeypatch):
    path = tmp_path / "cells.npz"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(2000):
            archive.writestr(f"file-{number}", b"")
    monkeypatch.setattr(zipfile, "ZipFile", lambda file: pytest.fail("the directory was read"))
    with pytest.raises(DataError, match="far more files"):
        load_npz(path)


@pytest.mark.parametrize("name", ["gone.npz", "a\0b.npz", "."])
def test_what_is_no_file_is_refused_in_one_sentence(tmp_path, name):
    with pytest.raises(DataError, match="no such file, or it may not be opened"):
        load_npz(tmp_path / name)


def test_text_named_npz_is_refused(tmp_path):
    path = tmp_path / "cells.npz"
    path.write_text("no cells here")
    with pytest.raises(DataError, match=r"no \.npz"):
        load_npz(path)


def test_damaged_archives_are_refused_or_loaded_as_they_were(tmp_path):
    path = tmp_path / "cells.npz"
    rng = np.random.default_rng(12)
    sound = small_arrays()
    contents = []
    for save in (np.savez, np.savez_compressed):
        content = io.BytesIO()
        save(content, **sound)
        contents.append(content.getvalue())
    loaded = refused = 0
    for number in range(DAMAGED):
        damaged = bytearray(contents[number % 2])
        for place in rng.integers(0, len(damaged), rng.integers(1, 5)):
            damaged[place] ^= 1 << rng.integers(8)
        if number % 5 == 0:
            del damaged[rng.integers(len(damaged)) :]
        path.write_bytes(damaged)
        try:
            train, test = load_npz(path)
        except DataError:
            refused += 1
            continue
        loaded += 1
        np.testing.assert_array_equal(train.cells, sound["x_train"])
        np.testing.assert_array_equal(test.cells, sound["x_test"])
    assert refused > DAMAGED / 2
    assert loaded  # what nobody reads may be damaged


def test_small_file_of_gigabytes_is_refused_in_two_seconds_and_400_mb(tmp_path):
    path = tmp_path / "bomb.npz"
    start = header("{'descr': '<u8', 'fortran_order': False, 'shape': (250000, 28, 28), }")
    deflate = zlib.compressobj(wbits=-15)
    first = deflate.compress(start) + deflate.flush(zlib.Z_FULL_FLUSH)
    zeros = deflate.compress(bytes(8 * 784 * 2500)) + deflate.flush(zlib.Z_FULL_FLUSH)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("x_train.npy", first + 100 * zeros + deflate.flush())
        entry = archive.getinfo("x_train.npy")
        entry.compress_type, entry.file_size = zipfile.ZIP_DEFLATED, len(start) + 250_000 * 8 * 784
        for name, array in small_arrays(y_train=np.zeros(250_000, np.uint8)).items():
            content = io.BytesIO()
            np.save(content, array)
            if name != "x_train":
                archive.writestr(f"{name}.npy", content.getvalue())
    assert path.stat().st_size < 2_000_000
    seconds, peak_mb, sentence = refusal(path)
    assert "1,568 MB" in sentence
    assert seconds < 2
    assert peak_mb < 400


def refusal(path):
    """Load a file in a process of its own: CPU seconds, its peak in MB, and the sentence."""
    code = (
        "import json, sys, time\n"
        "from pathlib import Path\n"
        "from mnist_core.datasets.npz_archive import load_npz\n"
        "from mnist_core.errors import DataError\n"
        "start = time.process_time()\n"
        "try:\n    load_npz(Path(sys.argv[1]))\n"
        "except DataError as error:\n    sentence = str(error)\n"
        f"print(json.dumps([time.process_time() - start, {PEAK_MB}, sentence]))"
    )
    finished = subprocess.run(
        [sys.executable, "-c", code, str(path)],
        cwd=PROJECT_FOLDER,
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(finished.stdout)
