import numpy as np
import pytest

from mnist_core.evaluation.metrics import EvaluationReport, wilson_interval


def report_of(labels, readings):
    return EvaluationReport(np.array(labels), np.eye(10, dtype=np.float32)[readings])


def test_every_cell_is_counted():
    report = report_of([3, 3, 3, 7, 7, 0], [3, 3, 8, 7, 3, 0])
    assert (report.right, report.total) == (4, 6)
    assert report.accuracy == pytest.approx(4 / 6)
    assert report.confusion_matrix.sum() == 6
    assert report.confusion_matrix[3].tolist() == [0, 0, 0, 2, 0, 0, 0, 0, 1, 0]


def test_each_digit_has_its_score():
    three = report_of([3, 3, 3, 7, 7, 0], [3, 3, 8, 7, 3, 0]).per_digit[3]
    assert (three.digit, three.count) == (3, 3)
    assert three.precision == pytest.approx(2 / 3)
    assert three.recall == pytest.approx(2 / 3)
    assert three.f1 == pytest.approx(2 / 3)


def test_digits_that_do_not_occur_score_nothing():
    nine = report_of([3], [3]).per_digit[9]
    assert (nine.precision, nine.recall, nine.f1, nine.count) == (0, 0, 0, 0)


def test_no_cells_give_an_empty_report():
    report = report_of([], np.zeros(0, int))
    assert (report.accuracy, report.total) == (0.0, 0)
    assert report.interval == (0.0, 1.0)


@pytest.mark.parametrize(
    ("right", "total", "expected"),
    [
        pytest.param(9958, 10000, (0.99433, 0.99689), id="as published for 99.58 %"),
        pytest.param(10, 10, (0.72247, 1.0), id="all right is not certainty"),
        pytest.param(0, 10, (0.0, 0.27753), id="all wrong"),
    ],
)
def test_interval_is_wilsons(right, total, expected):
    assert wilson_interval(right, total) == pytest.approx(expected, abs=2e-5)


def test_probabilities_must_fit_the_labels():
    with pytest.raises(ValueError, match="2 labels"):
        EvaluationReport(np.array([1, 2]), np.zeros((3, 10), np.float32))


def unsure_report(labels, readings, confidences):
    probabilities = np.zeros((len(labels), 10), np.float32)
    for row, reading, confidence in zip(probabilities, readings, confidences, strict=True):
        row[:] = (1 - confidence) / 9
        row[reading] = confidence
    return EvaluationReport(np.array(labels), probabilities)


def test_the_cells_of_a_field_come_by_confidence():
    report = unsure_report([3, 3, 3, 7], [8, 8, 3, 8], [0.5, 0.9, 0.9, 0.9])
    assert report.indices_of(3, 8).tolist() == [1, 0]
    assert report.indices_of(3, 3).tolist() == [2]
    assert report.indices_of(0, 0).tolist() == []


def test_the_most_confident_mistakes_come_first():
    report = unsure_report([3, 3, 3, 7], [8, 8, 3, 8], [0.5, 0.7, 0.99, 0.9])
    assert report.confident_mistakes().tolist() == [3, 1, 0]
    assert report.confident_mistakes(limit=1).tolist() == [3]


def test_reliability_compares_confidence_with_accuracy():
    report = unsure_report([1] * 4, [1, 1, 2, 1], [0.95, 1.0, 0.92, 0.55])
    low, high = report.reliability()
    assert (low.low, low.high, low.count, low.accuracy) == (0.5, 0.6, 1, 1.0)
    assert (high.low, high.high, high.count) == (0.9, 1.0, 3)
    assert high.confidence == pytest.approx((0.95 + 1 + 0.92) / 3)
    assert high.accuracy == pytest.approx(2 / 3)
    assert high.interval == wilson_interval(2, 3)
    assert report_of([], np.zeros(0, int)).reliability() == ()
