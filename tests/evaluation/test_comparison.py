import numpy as np
import pytest

from mnist_core.config import AppPaths
from mnist_core.evaluation.comparison import compare_models, mcnemar
from tests.shelved_models import bars, shelve, write_network


@pytest.fixture
def paths(tmp_path):
    return AppPaths(home=tmp_path / "home", mnist=None)


def test_models_are_compared_on_the_same_cells(paths):
    shelve("ours", paths)
    other = shelve("theirs", paths, bars(30, seed=1))
    write_network(other.onnx)  # reads a 0 in everything
    comparison = compare_models("ours", "theirs", paths)
    assert comparison.second.name == "theirs"
    np.testing.assert_array_equal(comparison.first.cells, comparison.second.cells)
    assert comparison.only_second.tolist() == []
    assert len(comparison.only_first) == comparison.first.report.right
    assert len(comparison.only_first) + len(comparison.neither) == 60
    assert comparison.p_value < 0.001
    assert "ours is better" in comparison.summary


def test_a_model_is_no_better_than_itself(paths):
    shelve("ours", paths)
    comparison = compare_models("ours", "ours", paths)
    assert comparison.p_value == 1
    assert "no difference" in comparison.summary


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [(0, 0, 1), (5, 5, 1), (10, 2, 0.0385742), (2, 10, 0.0385742), (20, 5, 0.0040773), (6, 0, 0.03125)],
)
def test_mcnemars_test_is_exact(first, second, expected):
    assert mcnemar(first, second) == pytest.approx(expected, abs=1e-6)


def test_mcnemars_test_takes_thousands():
    assert 0 < mcnemar(5200, 4800) < 0.001
