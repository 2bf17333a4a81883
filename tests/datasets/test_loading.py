import pytest

from mnist_core.config import AppPaths
from mnist_core.datasets.loading import load_dataset, store_table
from mnist_core.errors import DataError
from tests.datasets.small_sets import csv_of, places_with


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
