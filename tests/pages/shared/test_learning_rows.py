"""What the learning curves are given."""

import pytest

from mnist_core.runs.run_files import BatchPoint
from mnist_core.storage.model_card import CurvePoint
from pages.shared.learning_rows import AUGMENTED, PLAIN, VALIDATION, learning_rows, live_rows

POINT = CurvePoint(1, 0.4, 0.9, 0.2, 0.95, 2.0, 0.1, 0.97)


def batches(count: int, digits: int, accuracy: float = 0.5, epochs: int = 2) -> tuple[BatchPoint, ...]:
    return tuple(
        BatchPoint(1, step, epochs * step / count, 1.0, accuracy, 900.0, 1.0, digits)
        for step in range(1, count + 1)
    )


def test_live_line_keeps_its_points_while_it_grows() -> None:
    points = batches(1000, digits=256)
    early, late = live_rows(points[:500], epochs=2), live_rows(points, epochs=2)
    assert late[: len(early) - 1] == early[:-1]
    assert 100 < len(late) <= 245


def test_a_mean_over_few_digits_is_no_point() -> None:
    """A hundred digits are often read without a mistake: that would be a spike to the top."""
    right, wrong = batches(40, digits=50, accuracy=1.0), batches(40, digits=50, accuracy=0.9)
    mixed = tuple(pair[index % 2] for index, pair in enumerate(zip(right, wrong, strict=True)))
    assert {round(float(row["accuracy"]), 3) for row in live_rows(mixed, epochs=2)} == {0.95}


def test_means_are_weighted_by_digits() -> None:
    points = (BatchPoint(1, 1, 0.5, 2.0, 0.0, 1.0, 1.0, 100), BatchPoint(1, 2, 1.0, 1.0, 1.0, 1.0, 1.0, 900))
    (row,) = live_rows(points, epochs=1)
    assert (row["accuracy"], row["loss"]) == pytest.approx((0.9, 1.1))


def test_a_small_table_has_a_point_an_epoch() -> None:
    assert len(live_rows(batches(20, digits=57), epochs=2)) == 2


def test_a_record_of_an_older_version_has_points() -> None:
    assert len(live_rows(batches(20, digits=0), epochs=2)) == 20


def test_training_images_as_they_are_stand_beside_validation() -> None:
    rows = {row["set"]: row for row in learning_rows((POINT,))}
    assert (rows[AUGMENTED]["loss"], rows[PLAIN]["loss"], rows[VALIDATION]["loss"]) == (0.4, 0.1, 0.2)
    assert rows[PLAIN]["accuracy"] == 0.97


def test_a_card_of_an_older_version_has_two_lines() -> None:
    old = CurvePoint(1, 0.4, 0.9, 0.2, 0.95, 2.0)
    assert {row["set"] for row in learning_rows((old,))} == {AUGMENTED, VALIDATION}


@pytest.mark.parametrize(
    ("accuracy", "loss", "edges"),
    [
        pytest.param(1.0, 0.0, ("top", "bottom"), id="no mistake"),
        pytest.param(0.0, 9.0, ("bottom", "top"), id="all wrong"),
        pytest.param(0.9, 0.3, ("", ""), id="within"),
    ],
)
def test_what_lies_beyond_a_scale_says_so_and_keeps_its_value(
    accuracy: float, loss: float, edges: tuple[str, str]
) -> None:
    row = learning_rows((CurvePoint(1, loss, accuracy, 0.2, 0.95, 2.0),))[0]
    assert (row["error_edge"], row["loss_edge"]) == edges
    assert (row["accuracy"], row["loss"]) == (accuracy, loss)
    assert 0.0005 <= float(row["error_drawn"]) <= 0.95
