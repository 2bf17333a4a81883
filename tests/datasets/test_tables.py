import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from mnist_core.config import PROJECT_FOLDER
from mnist_core.datasets import tables
from mnist_core.datasets.tables import load_csv
from mnist_core.errors import DataError
from tests.datasets.small_sets import PEAK_MB

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
        pytest.param([row(), row("10")], "row 3: label is over 9", id="label over nine"),
        pytest.param([row(pixel5="256")], "row 2: pixel5 is over 255", id="pixel over 255"),
        pytest.param([row(pixel5="-1")], "row 2: pixel5 is below 0", id="negative"),
        pytest.param([row(pixel5="0.5")], "row 2: pixel5 is a fraction.*multiply", id="fractions"),
        pytest.param([row(pixel5="nan")], "row 2: pixel5 is no number", id="not a number"),
        pytest.param([row(), row(pixel5="")], "row 3: pixel5 is missing", id="missing"),
        pytest.param([row(pixel5="dark")], "row 2: pixel5 is no number", id="word"),
        pytest.param([row(), row() + ",0"], "row 3: 786 values", id="too wide"),
        pytest.param([row(), "7,0,0"], "row 3: 3 values", id="too narrow"),
        pytest.param([row(), "", row()], "row 3: 0 values", id="empty line between"),
        pytest.param([], "no rows", id="header alone"),
    ],
)
def test_csv_complaint_names_the_row(csv_with, lines, complaint):
    with pytest.raises(DataError, match=complaint):
        load_csv(csv_with(*lines))


def test_csv_complaint_counts_rows_over_its_pieces(csv_with, monkeypatch):
    monkeypatch.setattr(tables, "_ROWS_AT_ONCE", 2)
    with pytest.raises(DataError, match="row 6: label is over 9"):
        load_csv(csv_with(row(), row(), row(), row(), row("11")))


def quoted(line):
    return ",".join(f'"{value}"' for value in line.split(","))


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda text: text.partition("\n")[2], id="no header"),
        pytest.param(lambda text: text.replace(",", ";"), id="semicolons"),
        pytest.param(lambda text: text.replace(",", "\t"), id="tabs"),
        pytest.param(lambda text: "\n".join(map(quoted, text.splitlines())), id="every value quoted"),
        pytest.param(lambda text: "".join(f'"{line}"\n' for line in text.split()), id="every row quoted"),
        pytest.param(lambda text: text + "\n", id="an empty line at the end"),
        pytest.param(lambda text: text + "," * 784 + "\n\n", id="rows without values at the end"),
        pytest.param(lambda text: "\ufeff" + text, id="byte order mark"),
        pytest.param(lambda text: "\ufeff" + text.partition("\n")[2], id="byte order mark, no header"),
        pytest.param(lambda text: text.replace("label", "LABEL"), id="header in capitals"),
        pytest.param(lambda text: text.replace("pixel", "Pixel "), id="other names of pixels"),
        pytest.param(lambda text: text.rstrip("\n"), id="no line break at the end"),
        pytest.param(lambda text: text.replace(",0", ",0.0"), id="whole numbers written as fractions"),
        pytest.param(lambda text: text.replace(",", ", "), id="a space after each comma"),
    ],
)
def test_csv_is_read_however_it_is_written(tmp_path, change):
    path = tmp_path / "train.csv"
    path.write_text(change("\n".join([HEADER, row("4", pixel3="200"), row("0")]) + "\n"), encoding="utf-8")
    table = load_csv(path)
    assert table.labels.tolist() == [4, 0]
    assert np.flatnonzero(table.cells).tolist() == [3]


def test_csv_columns_are_taken_by_their_names(tmp_path):
    names, values = HEADER.split(","), row("4", pixel3="200").split(",")
    order = [*reversed(range(1, 785)), 0]  # the label last, the pixels backwards
    path = tmp_path / "train.csv"
    path.write_text("\n".join(",".join(line[index] for index in order) for line in (names, values)))
    table = load_csv(path)
    assert table.labels.tolist() == [4]
    assert np.flatnonzero(table.cells).tolist() == [3]


@pytest.mark.parametrize("first_row", [row("10"), row("digit"), row()[:-2], row() + ",0", "7;" + row()])
def test_csv_that_begins_neither_with_label_nor_with_a_digit_is_refused(csv_with, first_row):
    with pytest.raises(DataError, match="first row"):
        load_csv(csv_with(row(), header=first_row))


def test_csv_complaint_of_a_table_without_header_counts_from_its_first_row(csv_with):
    with pytest.raises(DataError, match="row 2: label is over 9"):
        load_csv(csv_with(row("11"), header=row()))


def test_no_complaint_quotes_the_file(tmp_path):
    path = tmp_path / "marks.csv"
    for content in ("secret,1,2\n", HEADER + "\n" + row(pixel5="secret") + "\n", "secret\n" * 9):
        path.write_text(content)
        with pytest.raises(DataError) as caught:
            load_csv(path)
        assert "secret" not in str(caught.value)


@pytest.mark.slow
def test_a_table_of_the_courses_size_is_loaded_within_400_mb(tmp_path):
    path = tmp_path / "train.csv"
    line = row(**{f"pixel{number}": "128" for number in range(520)}) + "\n"
    with path.open("w") as file:
        file.write(HEADER + "\n")
        for _ in range(42):
            file.write(1000 * line)
    assert path.stat().st_size > 76_000_000
    code = (
        "import sys\nfrom pathlib import Path\nfrom mnist_core.datasets.tables import load_csv\n"
        f"print(len(load_csv(Path(sys.argv[1]))), {PEAK_MB})"
    )
    command = [sys.executable, "-c", code, str(path)]
    finished = subprocess.run(command, cwd=PROJECT_FOLDER, capture_output=True, text=True, check=True)
    rows, peak_mb = map(float, finished.stdout.split())
    assert rows == 42_000
    assert peak_mb < 400


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


def test_missing_and_forbidden_files_are_told_alike(tmp_path, monkeypatch):
    secret = tmp_path / "secret.csv"
    secret.write_text("1")

    def refuse(path, *args):
        raise PermissionError(13, "Permission denied")

    sentences = []
    for path, opener in ((tmp_path / "gone.csv", Path.open), (tmp_path, Path.open), (secret, refuse)):
        monkeypatch.setattr(Path, "open", opener)
        with pytest.raises(DataError) as caught:
            load_csv(path)
        sentences.append(str(caught.value).replace(str(path), "FILE"))
    assert len(set(sentences)) == 1
