"""The points of learning curves: what each line shows, averaged where needed, and where a scale ends."""

from math import ceil

from mnist_core.runs.run_files import BatchPoint
from mnist_core.storage.model_card import CurvePoint

Row = dict[str, float | str | bool]
AUGMENTED, PLAIN, VALIDATION = "augmented", "training", "validation"
LEAST_ERROR, MOST_ERROR = 0.0005, 0.95
LEAST_LOSS, MOST_LOSS = 0.01, 4.0
TOP, BOTTOM = "top", "bottom"
_MOST_POINTS = 240
"""Of a live line: as many as a screen can show; more would only make each update heavier."""
_LEAST_DIGITS = 1000
"""That a point of a live line is a mean over: among a hundred digits there is often no mistake at all."""


def learning_rows(
    curves: tuple[CurvePoint, ...], batches: tuple[BatchPoint, ...] = (), epochs: int | None = None
) -> list[Row]:
    """Return the points of all lines of one network.

    Args:
        curves: one point an epoch.
        batches: what was measured between the epochs' ends; with them the first line is as fine as they.
        epochs: that the run will have; None: as many as there are.
    """
    live = live_rows(batches, epochs or 1) if batches else [_augmented_row(point) for point in curves]
    plain = [
        _row(PLAIN, point.epoch, point.plain_accuracy, point.plain_loss)
        for point in curves
        if point.plain_accuracy is not None and point.plain_loss is not None
    ]
    return live + plain + [validation_row(point) for point in curves]


def validation_row(point: CurvePoint) -> Row:
    """Return an epoch's point of the line of what was held out."""
    return _row(VALIDATION, point.epoch, point.validation_accuracy, point.validation_loss)


def live_rows(batches: tuple[BatchPoint, ...], epochs: int) -> list[Row]:
    """Return a live line: means over equal stretches with enough digits, which stay as the line grows.

    Args:
        batches: as they were measured.
        epochs: that the run will have.
    """
    rows: list[Row] = []
    part: list[BatchPoint] = []
    for point, following in zip(batches, (*batches[1:], None), strict=True):
        part.append(point)
        is_enough = all(one.digits == 0 for one in part) or sum(one.digits for one in part) >= _LEAST_DIGITS
        is_stretch = following is None or _stretch(following, epochs) > _stretch(point, epochs)
        # At the end of an epoch whatever there is makes a point: a small table has no more digits.
        is_epoch = point.at.is_integer() or (following is not None and ceil(following.at) > ceil(point.at))
        if is_epoch or (is_stretch and is_enough):
            rows.append(_mean_row(part))
            part = []
    return rows


def _stretch(point: BatchPoint, epochs: int) -> int:
    return int(point.at * _MOST_POINTS / epochs)


def _mean_row(points: list[BatchPoint]) -> Row:
    weights = [point.digits or 1 for point in points]
    total = sum(weights)
    at, accuracy, loss = (
        sum(weight * value for weight, value in zip(weights, values, strict=True)) / total
        for values in zip(*((point.at, point.accuracy, point.loss) for point in points), strict=True)
    )
    return _row(AUGMENTED, at, accuracy, loss, point=False)


def _augmented_row(point: CurvePoint) -> Row:
    return _row(AUGMENTED, point.epoch, point.accuracy, point.loss)


def _row(name: str, epoch: float, accuracy: float, loss: float, point: bool = True) -> Row:
    """Return a point; what lies beyond a scale is drawn at its edge, and says so."""
    error = 1 - accuracy
    return {
        "set": name,
        "epoch": epoch,
        "accuracy": accuracy,
        "loss": loss,
        "error_drawn": min(max(error, LEAST_ERROR), MOST_ERROR),
        "error_edge": TOP if error < LEAST_ERROR else BOTTOM if error > MOST_ERROR else "",
        "loss_drawn": min(max(loss, LEAST_LOSS), MOST_LOSS),
        "loss_edge": BOTTOM if loss < LEAST_LOSS else TOP if loss > MOST_LOSS else "",
        "point": point,
    }
