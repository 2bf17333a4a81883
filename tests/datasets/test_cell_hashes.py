import numpy as np
import pytest

from mnist_core.datasets import cell_hashes
from mnist_core.datasets.cell_hashes import find_seen, hash_cells, load_hashes, save_hashes
from tests.datasets.small_sets import cells_of


@pytest.fixture
def cells():
    return cells_of(60).cells


def test_cells_that_were_learned_from_are_known_again(tmp_path, cells):
    path = tmp_path / "hashes"
    save_hashes(hash_cells(cells[:40]), path)
    hashes = load_hashes(path)
    assert find_seen(cells, hashes).tolist() == [True] * 40 + [False] * 20


def test_a_cell_that_differs_by_one_pixel_is_another(cells):
    hashes = np.sort(hash_cells(cells))
    cells[3, 5, 5] ^= 1
    assert np.flatnonzero(~find_seen(cells, hashes)).tolist() == [3]


def test_a_cell_is_known_however_it_lies_in_memory(cells):
    assert find_seen(np.asfortranarray(cells), np.sort(hash_cells(cells))).all()


def test_each_hash_is_stored_once_in_eight_bytes(tmp_path, cells):
    path = tmp_path / "hashes"
    save_hashes(hash_cells(np.concatenate([cells, cells])), path)
    assert path.stat().st_size == 8 * len(cells)


def test_of_very_many_cells_a_sample_is_stored(tmp_path, cells, monkeypatch):
    monkeypatch.setattr(cell_hashes, "MOST_HASHES", 20)
    path = tmp_path / "hashes"
    save_hashes(hash_cells(cells), path)
    assert find_seen(cells, load_hashes(path)).sum() == 20


@pytest.mark.parametrize("content", [b"1234567", bytes(16), None], ids=["cut", "not ascending", "missing"])
def test_damaged_hashes_are_none(tmp_path, content):
    path = tmp_path / "hashes"
    if content is not None:
        path.write_bytes(content)
    assert load_hashes(path) is None


def test_without_hashes_nothing_was_seen(cells):
    assert not find_seen(cells, np.zeros(0, np.uint64)).any()
