import pytest

from mnist_core.datasets.loading import load_dataset
from mnist_core.datasets.mnist import load_mnist
from mnist_core.datasets.summary import describe_dataset
from tests.datasets.small_sets import csv_of, places_with


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
