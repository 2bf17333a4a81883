import pytest

from mnist_core.datasets import tables
from mnist_core.datasets.tables import load_csv
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


def test_csv_gives_its_cells_in_order(csv_with):
    cells = load_csv(csv_with(row("7", pixel0="255"), row("0", pixel783="12")))
    assert cells.labels.tolist() == [7, 0]
    assert cells.cells.shape == (2, 28, 28)
    assert cells.cells[0, 0, 0] == 255
    assert cells.cells[1, 27, 27] == 12


def test_csv_from_a_spreadsheet_with_byte_order_mark_is_read(csv_with):
    path = csv_with(row())
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert len(load_csv(path)) == 1


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
        load_csv(csv_with(*lines))


def test_csv_complaint_counts_rows_over_its_pieces(csv_with, monkeypatch):
    monkeypatch.setattr(tables, "_ROWS_AT_ONCE", 2)
    with pytest.raises(DataError, match="row 6: label is 11"):
        load_csv(csv_with(row(), row(), row(), row(), row("11")))


def test_csv_without_header_is_refused(csv_with):
    with pytest.raises(DataError, match="header"):
        load_csv(csv_with(row(), header=row()))


def test_csv_with_too_many_rows_is_refused(csv_with, monkeypatch):
    monkeypatch.setattr(tables, "MAX_ROWS", 2)
    assert len(load_csv(csv_with(row(), row()))) == 2
    with pytest.raises(DataError, match="more than 2 rows"):
        load_csv(csv_with(row(), row(), row()))


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
        load_csv(path)


def test_missing_files_are_refused(tmp_path):
    with pytest.raises(DataError, match=r"gone\.csv"):
        load_csv(tmp_path / "gone.csv")
