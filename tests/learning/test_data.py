import gzip
import io
import urllib.error
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest

from mnist_core.config import Places
from mnist_core.errors import DataError
from mnist_core.learning import data
from mnist_core.learning.data import (
    MNIST_SHA256,
    describe_dataset,
    download_mnist,
    keep_table,
    load_dataset,
    load_mnist,
    split_stratified,
    where_mnist,
)
from mnist_core.learning.tables import LabelledCells

NAMES = (
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
)


def cells_of(count, seed=0):
    rng = np.random.default_rng(seed)
    return LabelledCells(rng.integers(0, 256, (count, 28, 28), np.uint8), np.arange(count) % 10)


def write_idx(path, array):
    magic = 0x800 + array.ndim
    header = b"".join(number.to_bytes(4, "big") for number in (magic, *array.shape))
    path.write_bytes(gzip.compress(header + array.astype(np.uint8).tobytes()))


@pytest.fixture
def small_mnist(tmp_path, monkeypatch):
    """A folder of idx files that passes for MNIST."""
    train, test = cells_of(40), cells_of(20, seed=1)
    for name, array in zip(NAMES, (train.cells, train.labels, test.cells, test.labels), strict=True):
        write_idx(tmp_path / f"{name}.gz", array)
    monkeypatch.setattr(data, "MNIST_SHA256", data._fingerprint(train, test))
    return tmp_path, train, test


def places_with(mnist):
    return Places(home=Path("unused"), mnist=mnist)


def test_idx_files_are_read(small_mnist):
    folder, train, test = small_mnist
    mnist = load_mnist(places_with(folder))
    np.testing.assert_array_equal(mnist.train.cells, train.cells)
    np.testing.assert_array_equal(mnist.test.labels, test.labels)
    assert mnist.to_evaluate is mnist.test


def test_npz_of_the_same_cells_has_the_same_fingerprint(small_mnist, tmp_path_factory):
    folder, train, test = small_mnist
    other = tmp_path_factory.mktemp("npz")
    np.savez(
        other / "mnist.npz",
        x_train=train.cells,
        y_train=train.labels.astype(np.uint8),
        x_test=test.cells,
        y_test=test.labels.astype(np.uint8),
    )
    assert load_mnist(places_with(other)).sha256 == load_mnist(places_with(folder)).sha256


def test_other_cells_under_mnists_name_are_refused(small_mnist):
    folder, train, _ = small_mnist
    write_idx(folder / f"{NAMES[0]}.gz", 255 - train.cells)
    with pytest.raises(DataError, match="not MNIST's cells"):
        load_mnist(places_with(folder))


def test_cut_off_file_is_named(small_mnist):
    folder, train, _ = small_mnist
    path = folder / f"{NAMES[0]}.gz"
    write_idx(path, train.cells[:-1])
    content = gzip.decompress(path.read_bytes())
    path.write_bytes(gzip.compress(content[:-5]))
    with pytest.raises(DataError, match=r"train-images.*cut off"):
        load_mnist(places_with(folder))
    path.write_bytes(b"no gzip")
    with pytest.raises(DataError, match="train-images"):
        load_mnist(places_with(folder))


def test_empty_folder_names_the_three_ways(tmp_path):
    with pytest.raises(DataError, match="three ways"):
        load_mnist(places_with(tmp_path))


def test_without_internet_the_three_ways_are_named(tmp_path, monkeypatch):
    def unreachable(*args, **kwargs):
        raise urllib.error.URLError("no route to host")

    monkeypatch.setattr(data.urllib.request, "urlopen", unreachable)
    monkeypatch.setattr(data.Path, "home", lambda: tmp_path)
    with pytest.raises(DataError, match=r"no route to host.*three ways"):
        load_mnist(places_with(None))
    assert not list(tmp_path.iterdir())


def test_a_table_is_measured_by_all_of_it(tmp_path):
    path = tmp_path / "mine.csv"
    header = ",".join(["label", *(f"pixel{number}" for number in range(784))])
    path.write_text(header + "\n" + ",".join(["3"] + ["7"] * 784) + "\n")
    dataset = load_dataset(str(path), places_with(None))
    assert dataset.name == "mine.csv"
    assert dataset.to_evaluate.labels.tolist() == [3]


def test_other_kinds_of_files_are_refused():
    with pytest.raises(DataError, match=r"neither mnist nor a \.csv"):
        load_dataset("train.xlsx", places_with(None))


def test_split_takes_the_same_share_of_each_digit():
    left, off = split_stratified(cells_of(400), 0.1, seed=3)
    assert np.bincount(off.labels).tolist() == [4] * 10
    assert np.bincount(left.labels).tolist() == [36] * 10


def test_split_loses_no_cell_and_follows_its_seed():
    cells = cells_of(200)
    left, off = split_stratified(cells, 0.2, seed=3)
    together = np.concatenate([left.cells, off.cells]).reshape(200, -1)
    assert {row.tobytes() for row in together} == {row.tobytes() for row in cells.cells.reshape(200, -1)}
    again = split_stratified(cells, 0.2, seed=3)[1]
    np.testing.assert_array_equal(again.cells, off.cells)
    assert not np.array_equal(split_stratified(cells, 0.2, seed=4)[1].cells, off.cells)


def test_too_few_of_a_digit_are_refused():
    with pytest.raises(DataError, match="9 examples of the digit 9"):
        split_stratified(cells_of(99), 0.1, seed=0)


def test_the_known_fingerprint_is_of_mnist():
    places = Places.from_environment()
    if places.mnist is None:
        pytest.skip("MNIST_DATA is not set")
    mnist = load_mnist(places)
    assert mnist.sha256 == MNIST_SHA256
    assert (len(mnist.train), len(mnist.test)) == (60_000, 10_000)


def csv_of(labels):
    header = ",".join(["label", *(f"pixel{number}" for number in range(784))])
    rows = (",".join([str(label), *["51"] * 784]) for label in labels)
    return ("\n".join([header, *rows]) + "\n").encode()


def test_a_data_set_is_described_before_anything_learns_from_it(tmp_path):
    path = tmp_path / "mine.csv"
    path.write_bytes(csv_of([3, 3, 7]))
    summary = describe_dataset(load_dataset(str(path), places_with(None)))
    assert (summary.training_cells, summary.test_cells) == (3, 0)
    assert summary.counts == (0, 0, 0, 2, 0, 0, 0, 1, 0, 0)
    assert summary.mean == pytest.approx(0.2)
    assert summary.deviation == pytest.approx(0)
    assert [int(samples.any(axis=(1, 2)).sum()) for samples in summary.samples] == list(summary.counts)


def test_mean_and_deviation_are_those_of_the_pixels(small_mnist):
    folder, train, _ = small_mnist
    summary = describe_dataset(load_mnist(places_with(folder)))
    assert summary.mean == pytest.approx((train.cells / 255).mean())
    assert summary.deviation == pytest.approx((train.cells / 255).std())


def test_an_uploaded_table_is_kept_once_it_is_checked(tmp_path):
    places = Places(home=tmp_path / "home", mnist=None)
    content = csv_of(list(range(10)) * 12)
    path = keep_table("../class 7b.CSV", content, places)
    assert path.parent == places.home / "tables"
    assert path == keep_table("../class 7b.CSV", content, places)
    assert len(load_dataset(str(path), places).train) == 120
    assert [kept.name for kept in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize(
    ("name", "content", "complaint"),
    [
        pytest.param("mine.csv", csv_of([1, 12]), "mine.csv, row 3: label is 12", id="bad label"),
        pytest.param("mine.csv", csv_of([1, 2]), "0 examples of the digit 0", id="too few of a digit"),
        pytest.param("mine.npz", b"no archive", "no .npz of arrays", id="no archive"),
        pytest.param("mine.xlsx", b"", "neither a .csv nor an .npz", id="other kind"),
    ],
)
def test_an_unsound_table_is_not_kept(tmp_path, name, content, complaint):
    with pytest.raises(DataError, match=complaint) as caught:
        keep_table(name, content, Places(home=tmp_path, mnist=None))
    assert str(tmp_path) not in str(caught.value)
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


class Answer(io.BytesIO):
    headers: ClassVar = {"Content-Length": "100"}


def test_a_download_is_checked_before_it_is_kept(tmp_path, monkeypatch):
    content = io.BytesIO()
    cells = cells_of(20)
    np.savez(content, x_train=cells.cells, y_train=cells.labels, x_test=cells.cells, y_test=cells.labels)
    monkeypatch.setattr(data.urllib.request, "urlopen", lambda url, timeout: Answer(content.getvalue()))
    monkeypatch.setattr(data.Path, "home", lambda: tmp_path)
    with pytest.raises(DataError, match="not MNIST's cells"):
        download_mnist()
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]
    monkeypatch.setattr(data, "MNIST_SHA256", data._fingerprint(cells, cells))
    shares = []
    download_mnist(shares.append)
    assert shares[-1] == 1
    assert where_mnist(places_with(None)) == str(tmp_path / ".keras" / "datasets" / "mnist.npz")
    assert len(load_mnist(places_with(None)).train) == 20


def test_where_mnist_lies_is_told(small_mnist, tmp_path_factory):
    assert "MNIST's own files" in where_mnist(places_with(small_mnist[0]))
    assert where_mnist(places_with(tmp_path_factory.mktemp("empty"))) is None
