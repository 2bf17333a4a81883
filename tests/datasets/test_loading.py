import pytest

from mnist_core.datasets.loading import load_dataset
from mnist_core.errors import DataError
from tests.datasets.small_sets import places_with


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
