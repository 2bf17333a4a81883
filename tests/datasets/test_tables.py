import io
import zipfile

import numpy as np
import pytest

from mnist_core.datasets import tables
from mnist_core.datasets.labelled_cells import LabelledCells
from mnist_core.datasets.tables import read_csv, read_npz
from mnist_core.errors import DataError

HEADER = ",".join(["label", *(f"pixel{number}" for number in range(784))])


def row(label="7", **pixels):
    return ",".join([label, *(pixels.get(f"pixel{number}", "0") for number in range(784))])


@pytest.fixture
def csv_with(tmp_path):
    def write(*lines, header=HEADER):
        path = tmp_path / "train.csv"
        path.write_text("\n".join([header, *lines]) + "\n")
        return path

    return write


@pytest.fixture
def npz_with(tmp_path):
    def write(**changes):
        arrays = {
            "x_train": np.arange(3 * 784).reshape(3, 28, 28).astype(np.uint8),
            "y_train": np.array([1, 2, 3], np.uint8),
            "x_test": np.zeros((2, 28, 28), np.uint8),
            "y_test": np.array([0, 9], np.uint8),
        } | changes
        path = tmp_path / "cells.npz"
        np.savez(path, **{name: array for name, array in arrays.items() if array is not None})
        return path

    return write


def test_csv_gives_its_cells_in_order(csv_with):
    cells = read_csv(csv_with(row("7", pixel0="255"), row("0", pixel783="12")))
    assert cells.labels.tolist() == [7, 0]
    assert cells.cells.shape == (2, 28, 28)
    assert cells.cells[0, 0, 0] == 255
    assert cells.cells[1, 27, 27] == 12


def test_csv_from_a_spreadsheet_with_byte_order_mark_is_read(csv_with):
    path = csv_with(row())
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert len(read_csv(path)) == 1


@pytest.mark.parametrize(
    ("lines", "complaint"),
    [
        pytest.param([row(), row("10")], "row 3: label is 10", id="label over nine"),
        pytest.param([row(pixel5="256")], "row 2: pixel5 is 256", id="pixel over 255"),
        pytest.param([row(pixel5="-1")], "row 2: pixel5 is -1", id="negative"),
        pytest.param([row(pixel5="0.5")], "row 2: pixel5 is 0.5", id="shares instead of bytes"),
        pytest.param([row(pixel5="nan")], "row 2: pixel5 is nan", id="not a number"),
        pytest.param([row(), row(pixel5="")], "row 3: pixel5 is missing", id="missing"),
        pytest.param([row(pixel5="dark")], "row 2: pixel5 is 'dark'", id="word"),
        pytest.param([row(), row() + ",0"], "row 3: 786 values", id="too wide"),
        pytest.param([row(), "7,0,0"], "row 3: 3 values", id="too narrow"),
        pytest.param([row(), "", row()], "row 3: 0 values", id="empty line"),
        pytest.param([], "no rows", id="header alone"),
    ],
)
def test_csv_complaint_names_the_row(csv_with, lines, complaint):
    with pytest.raises(DataError, match=complaint):
        read_csv(csv_with(*lines))


def test_csv_complaint_counts_rows_over_its_pieces(csv_with, monkeypatch):
    monkeypatch.setattr(tables, "_ROWS_AT_ONCE", 2)
    with pytest.raises(DataError, match="row 6: label is 11"):
        read_csv(csv_with(row(), row(), row(), row(), row("11")))


def test_csv_without_header_is_refused(csv_with):
    with pytest.raises(DataError, match="header"):
        read_csv(csv_with(row(), header=row()))


def test_csv_with_too_many_rows_is_refused(csv_with, monkeypatch):
    monkeypatch.setattr(tables, "MAX_ROWS", 2)
    assert len(read_csv(csv_with(row(), row()))) == 2
    with pytest.raises(DataError, match="more than 2 rows"):
        read_csv(csv_with(row(), row(), row()))


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"\x89PNG\r\n\x1a\n\xff\xfe", id="picture"),
        pytest.param(b"0" * 100_000, id="one long line"),
    ],
)
def test_what_is_no_csv_is_refused(tmp_path, content):
    path = tmp_path / "train.csv"
    path.write_bytes(content)
    with pytest.raises(DataError):
        read_csv(path)


def test_missing_files_are_refused(tmp_path):
    with pytest.raises(DataError, match=r"gone\.csv"):
        read_csv(tmp_path / "gone.csv")
    with pytest.raises(DataError, match=r"gone\.npz"):
        read_npz(tmp_path / "gone.npz")


def test_npz_gives_both_parts(npz_with):
    train, test = read_npz(npz_with())
    assert train.labels.tolist() == [1, 2, 3]
    assert train.cells[0, 0, 5] == 5
    assert test.labels.tolist() == [0, 9]


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        pytest.param({"y_test": None}, "holds no array y_test", id="array missing"),
        pytest.param({"x_train": np.zeros((3, 14, 28), np.uint8)}, r"\(3, 14, 28\)", id="wrong shape"),
        pytest.param({"x_train": np.zeros((3, 28, 28), np.float32)}, "float32", id="shares"),
        pytest.param({"x_train": np.full((3, 28, 28), 256)}, "outside 0 to 255", id="over 255"),
        pytest.param({"y_train": np.array([1, 2, 10])}, "Label 3 is 10", id="label over nine"),
        pytest.param({"y_train": np.array([1, 2])}, "3 cells", id="too few labels"),
        pytest.param({"y_train": np.eye(3, 10, dtype=np.uint8)}, "one label a cell", id="one-hot"),
        pytest.param({"y_train": np.array([1, None, 2])}, "object", id="objects are not unpickled"),
    ],
)
def test_npz_complaint_says_what_is_wrong(npz_with, changes, complaint):
    with pytest.raises(DataError, match=complaint):
        read_npz(npz_with(**changes))


def test_npz_that_unpacks_to_gigabytes_is_refused_unread(tmp_path):
    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(
        header, {"descr": "|u1", "fortran_order": False, "shape": (10**9, 28, 28)}
    )
    path = tmp_path / "bomb.npz"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("x_train.npy", header.getvalue())
    with pytest.raises(DataError, match="at most"):
        read_npz(path)


def test_text_named_npz_is_refused(tmp_path):
    path = tmp_path / "cells.npz"
    path.write_text("no cells here")
    with pytest.raises(DataError, match=r"no \.npz"):
        read_npz(path)


def test_selected_cells_are_a_copy():
    cells = LabelledCells(np.zeros((3, 28, 28), np.uint8), np.array([0, 1, 2]))
    selected = cells.select(np.array([2, 0]))
    selected.cells[...] = 9
    assert selected.labels.tolist() == [2, 0]
    assert not cells.cells.any()
