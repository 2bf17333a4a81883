"""An evaluation as CSV: learning curves, confusion matrix, precision and recall, readings, calibration."""

from collections.abc import Callable

from mnist_core.evaluation.evaluation import Evaluation
from mnist_core.evaluation.metrics import EvaluationReport
from mnist_core.spreadsheet import csv_file, csv_table
from mnist_core.storage.model_card import CurvePoint


def evaluation_files(
    evaluation: Evaluation, curves: tuple[CurvePoint, ...]
) -> dict[str, tuple[str, Callable[[], bytes]]]:
    """Return the files to download: by name, what a person calls the file, and what makes it."""
    report = evaluation.report
    return {
        "curves": ("Learning curves", lambda: csv_file(curves_csv(curves))),
        "confusion-matrix": ("Confusion matrix", lambda: csv_file(matrix_csv(report))),
        "digits": ("Precision and recall", lambda: csv_file(digits_csv(report))),
        "reliability": ("Calibration", lambda: csv_file(reliability_csv(report))),
        "all-readings": ("All readings", lambda: csv_file(readings_csv(evaluation))),
    }


def curves_csv(curves: tuple[CurvePoint, ...]) -> str:
    """Return the learning curves as CSV, a line an epoch."""
    header = ("epoch", "loss", "accuracy", "validation_loss", "validation_accuracy", "seconds")
    return csv_table(header, [tuple(getattr(point, name) for name in header) for point in curves])


def matrix_csv(report: EvaluationReport) -> str:
    """Return the confusion matrix as CSV, a line a true digit."""
    rows = [(true, *counts) for true, counts in enumerate(report.confusion_matrix.tolist())]
    return csv_table(("was", *(f"read_as_{read}" for read in range(len(rows)))), rows)


def digits_csv(report: EvaluationReport) -> str:
    """Return each digit's precision, recall and F1 as CSV."""
    header = ("digit", "precision", "recall", "f1", "count")
    return csv_table(header, [tuple(getattr(score, name) for name in header) for score in report.per_digit])


def readings_csv(evaluation: Evaluation) -> str:
    """Return what every image is and was read as, a line an image."""
    report = evaluation.report
    columns = zip(report.labels.tolist(), report.readings.tolist(), report.confidences.tolist(), strict=True)
    rows = [(index, was, read, round(sure, 6)) for index, (was, read, sure) in enumerate(columns)]
    return csv_table(("cell", "was", "read_as", "confidence"), rows)


def reliability_csv(report: EvaluationReport) -> str:
    """Return the accuracy by confidence as CSV, with its 95 % interval."""
    rows = [
        (group.confidence, group.accuracy, *group.interval, group.count) for group in report.reliability()
    ]
    return csv_table(("confidence", "right", "low", "high", "cells"), rows)
