import gzip
import io
import urllib.error
from typing import ClassVar

import numpy as np
import pytest

from mnist_core.config import AppPaths
from mnist_core.datasets import mnist
from mnist_core.datasets.labelled_cells import fingerprint
from mnist_core.datasets.mnist import MNIST_SHA256, download_mnist, load_mnist, locate_mnist
from mnist_core.errors import DataError
from tests.datasets.small_sets import NAMES, cells_of, places_with, write_idx


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

    monkeypatch.setattr(mnist.urllib.request, "urlopen", unreachable)
    monkeypatch.setattr(mnist.Path, "home", lambda: tmp_path)
    with pytest.raises(DataError, match=r"no route to host.*three ways"):
        load_mnist(places_with(None))
    assert not list(tmp_path.iterdir())


def test_the_known_fingerprint_is_of_mnist():
    paths = AppPaths.from_environment()
    if paths.mnist is None:
        pytest.skip("MNIST_DATA is not set")
    mnist = load_mnist(paths)
    assert mnist.sha256 == MNIST_SHA256
    assert (len(mnist.train), len(mnist.test)) == (60_000, 10_000)


class Answer(io.BytesIO):
    headers: ClassVar = {"Content-Length": "100"}


def test_a_download_is_checked_before_it_is_kept(tmp_path, monkeypatch):
    content = io.BytesIO()
    cells = cells_of(20)
    np.savez(content, x_train=cells.cells, y_train=cells.labels, x_test=cells.cells, y_test=cells.labels)
    monkeypatch.setattr(mnist.urllib.request, "urlopen", lambda url, timeout: Answer(content.getvalue()))
    monkeypatch.setattr(mnist.Path, "home", lambda: tmp_path)
    with pytest.raises(DataError, match="not MNIST's cells"):
        download_mnist()
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]
    monkeypatch.setattr(mnist, "MNIST_SHA256", fingerprint(cells, cells))
    shares = []
    download_mnist(shares.append)
    assert shares[-1] == 1
    assert locate_mnist(places_with(None)) == str(tmp_path / ".keras" / "datasets" / "mnist.npz")
    assert len(load_mnist(places_with(None)).train) == 20


def test_where_mnist_lies_is_told(small_mnist, tmp_path_factory):
    assert "MNIST's own files" in locate_mnist(places_with(small_mnist[0]))
    assert locate_mnist(places_with(tmp_path_factory.mktemp("empty"))) is None
