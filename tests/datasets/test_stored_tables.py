import numpy as np
import pytest

from mnist_core.config import AppPaths
from mnist_core.datasets import stored_tables
from mnist_core.datasets.labelled_cells import no_cells
from mnist_core.datasets.loading import load_dataset
from mnist_core.datasets.stored_tables import (
    StoredTable,
    list_tables,
    remove_table,
    store_cells,
    store_table,
)
from mnist_core.errors import DataError
from tests.datasets.small_sets import cells_of, csv_of


@pytest.fixture
def paths(tmp_path):
    return AppPaths(home=tmp_path / "home", mnist=None)


@pytest.fixture
def content():
    return csv_of(list(range(10)) * 12)


def test_an_uploaded_table_is_kept_once_it_is_checked(tmp_path):
    paths = AppPaths(home=tmp_path / "home", mnist=None)
    content = csv_of(list(range(10)) * 12)
    path = store_table("../class 7b.CSV", content, paths)
    assert path.parent == paths.home / "tables"
    assert path == store_table("../class 7b.CSV", content, paths)
    assert len(load_dataset(str(path), paths).train) == 120
    assert [kept.name for kept in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize(
    ("name", "content", "complaint"),
    [
        pytest.param("mine.csv", csv_of([1, 12]), "mine.csv, row 3: label is over 9", id="bad label"),
        pytest.param("mine.csv", csv_of([1, 2]), "0 examples of the digit 0", id="too few of a digit"),
        pytest.param("mine.npz", b"no archive", "no .npz of arrays", id="no archive"),
        pytest.param("mine.xlsx", b"", "neither a .csv nor an .npz", id="other kind"),
    ],
)
def test_an_unsound_table_is_not_kept(tmp_path, name, content, complaint):
    with pytest.raises(DataError, match=complaint) as caught:
        store_table(name, content, AppPaths(home=tmp_path, mnist=None))
    assert str(tmp_path) not in str(caught.value)
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_stored_tables_are_listed_with_their_size_and_removed(paths, content):
    assert list_tables(paths) == ()
    path = store_table("class 7b.csv", content, paths)
    (paths.tables / "notes.txt").write_text("not ours")
    (table,) = list_tables(paths)
    assert table == StoredTable(path, "class-7b.csv", len(content))
    remove_table(table, paths)
    remove_table(table, paths)
    assert list_tables(paths) == ()
    assert (paths.tables / "notes.txt").exists()


@pytest.mark.parametrize("name", ["../secret-0123456789ab.csv", "notes.txt"])
def test_nothing_but_a_stored_table_is_removed(paths, name):
    paths.tables.mkdir(parents=True)
    other = paths.tables / name
    other.write_text("stays")
    with pytest.raises(DataError, match="none of the tables"):
        remove_table(StoredTable(other, name, 5), paths)
    assert other.read_text() == "stays"


def test_tables_have_a_quota(paths, content, monkeypatch):
    monkeypatch.setattr(stored_tables, "MAX_STORED_TABLES_BYTES", len(content) + 10)
    store_table("first.csv", content, paths)
    assert store_table("first.csv", content, paths).is_file()  # it is there already
    with pytest.raises(DataError, match=r"no room for second\.csv.*Delete one"):
        store_table("second.csv", content, paths)
    remove_table(list_tables(paths)[0], paths)
    assert store_table("second.csv", content, paths).is_file()


def test_a_table_over_the_limit_is_refused(paths, content, monkeypatch):
    monkeypatch.setattr(stored_tables, "MAX_TABLE_BYTES", 100)
    with pytest.raises(DataError, match="limit for a table"):
        store_table("mine.csv", content, paths)


def test_cells_are_stored_as_a_table(paths):
    cells = cells_of(120)
    dataset = load_dataset(str(store_cells("mine-inverted", cells, no_cells(), paths)), paths)
    np.testing.assert_array_equal(dataset.train.cells, cells.cells)
    assert [table.name for table in list_tables(paths)] == ["mine-inverted.npz"]
