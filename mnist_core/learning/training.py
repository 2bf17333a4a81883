"""One training run: gather, fit, calibrate, export, measure, write. Progress out, cancel in."""

import platform
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import metadata

import keras
import numpy as np

from mnist_core.config import ModelFiles, Places
from mnist_core.keeping.cards import CurvePoint, ModelCard, Score, save_card
from mnist_core.keeping.shelf import new_model_folder, require_free
from mnist_core.learning.augmentation import NO_AUGMENTATION
from mnist_core.learning.batches import cells_per_epoch, epoch_batches
from mnist_core.learning.calibration import choose_threshold, fit_temperature
from mnist_core.learning.evaluation import EvaluationReport
from mnist_core.learning.events import BatchProgress, Cancelled, EpochEnd, Finished, Prepared, TrainingEvent
from mnist_core.learning.export import export_onnx, run_onnx
from mnist_core.learning.fitting import Fitter, StepResult
from mnist_core.learning.network import DIGITNESS, PROBABILITIES, count_multiply_adds, fold_temperature
from mnist_core.learning.recipes import TrainConfig
from mnist_core.learning.sources import NO_DIGIT, Measure, TrainingSet, gather
from mnist_core.reading.cells import to_batch

_REPORT_SECONDS = 0.5
_LIBRARIES = ("tensorflow", "keras", "numpy", "opencv-python-headless", "onnx", "onnxruntime", "tf2onnx")

Listener = Callable[[TrainingEvent], None]


def train(
    config: TrainConfig,
    places: Places,
    *,
    on_event: Listener = lambda event: None,
    should_stop: Callable[[], bool] = lambda: False,
) -> Finished | Cancelled:
    """Train a model and put it on the shelf, or into the folder that was asked for.

    Args:
        config: what was chosen.
        places: where data and shelf are.
        on_event: told of everything that happens, the end included; called on this thread.
        should_stop: asked before every step.
    Returns:
        The last event. When cancelled, nothing was written.
    Raises:
        DataError: the data is missing or malformed.
        ModelError: the name is taken, the disk can't be written to, or the loss broke down.
    """
    target = places.model(config.name).folder if config.output is None else config.output
    require_free(target, replace=config.output is not None)
    keras.utils.set_random_seed(config.seed)
    training_set = gather(config, places)
    run = _Run(config, training_set, on_event, should_stop)
    started = time.monotonic()
    curves = tuple(run.epochs())
    end: Finished | Cancelled
    if len(curves) < config.chosen_epochs:
        end = Cancelled(curves)
    else:
        seconds = time.monotonic() - started
        with new_model_folder(target, replace=config.output is not None) as files:
            card = _finish(run.fitter, config, training_set, files, target.name, curves, seconds)
        end = Finished(ModelFiles(target), card)
    on_event(end)
    return end


class _Run:
    """The loop over epochs and batches, and its clock."""

    def __init__(
        self,
        config: TrainConfig,
        training_set: TrainingSet,
        on_event: Listener,
        should_stop: Callable[[], bool],
    ) -> None:
        self._config = config
        self._set = training_set
        self._on_event = on_event
        self._should_stop = should_stop
        cells = cells_per_epoch(training_set.learn)
        self._steps = -(-cells // config.chosen_batch_size)
        self._all_steps = self._steps * config.chosen_epochs
        self._done = 0
        self.fitter = Fitter(config.chosen_recipe, self._all_steps)
        on_event(Prepared(cells, len(training_set.validation), config.chosen_epochs, self._steps))
        self._started = time.monotonic()

    def epochs(self) -> Iterator[CurvePoint]:
        """Train; ends early when someone asks for it."""
        for epoch in range(1, self._config.chosen_epochs + 1):
            started = time.monotonic()
            results = self._one_epoch(epoch)
            if len(results) < self._steps:
                return
            loss, accuracy = _summary(results)
            validation_loss, validation_accuracy = self.fitter.validate(self._set.validation)
            seconds = time.monotonic() - started
            point = CurvePoint(epoch, loss, accuracy, validation_loss, validation_accuracy, seconds)
            self._on_event(EpochEnd(point, self._config.chosen_epochs, self._seconds_left()))
            yield point

    def _one_epoch(self, epoch: int) -> list[StepResult]:
        plain = epoch > self._config.chosen_epochs - self._config.plain_epochs
        changes = NO_AUGMENTATION if plain else self._config.chosen_recipe.augmentation
        rng = np.random.default_rng((self._config.seed, 2, epoch))
        results: list[StepResult] = []
        told, told_at = 0, time.monotonic()
        with epoch_batches(self._set.learn, self._config.chosen_batch_size, changes, rng) as batches:
            for batch in batches:
                if self._should_stop():
                    break
                results.append(self.fitter.step(batch))
                self._done += 1
                elapsed = time.monotonic() - told_at
                if elapsed >= _REPORT_SECONDS:
                    self._tell(epoch, len(results), results[told:], elapsed)
                    told, told_at = len(results), time.monotonic()
        return results

    def _tell(self, epoch: int, step: int, recent: list[StepResult], elapsed: float) -> None:
        loss, accuracy = _summary(recent)
        speed = sum(result.cells for result in recent) / elapsed
        epochs = self._config.chosen_epochs
        self._on_event(
            BatchProgress(epoch, epochs, step, self._steps, loss, accuracy, speed, self._seconds_left())
        )

    def _seconds_left(self) -> float:
        return (time.monotonic() - self._started) / self._done * (self._all_steps - self._done)


def _summary(results: list[StepResult]) -> tuple[float, float]:
    """Find mean loss and accuracy."""
    digits = sum(result.digits for result in results)
    loss = sum(result.loss * result.cells for result in results) / sum(result.cells for result in results)
    return loss, sum(result.right for result in results) / max(1, digits)


@dataclass(frozen=True, slots=True)
class _Calibration:
    temperature: float
    digitness_threshold: float | None


def _finish(
    fitter: Fitter,
    config: TrainConfig,
    training_set: TrainingSet,
    files: ModelFiles,
    name: str,
    curves: tuple[CurvePoint, ...],
    seconds: float,
) -> ModelCard:
    """Calibrate, write and measure the kept network, and write its card."""
    calibration = _calibrate(fitter, training_set)
    fold_temperature(fitter.kept, calibration.temperature)
    fitter.kept.save(files.keras)
    export_onnx(fitter.kept, files.onnx)
    scores, matrix = _measure(files, training_set.measure, calibration.digitness_threshold)
    card = ModelCard(
        name=name,
        recipe=config.recipe,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        seed=config.seed,
        settings=config.for_card(),
        data=training_set.data,
        versions={
            "python": platform.python_version(),
            **{name: metadata.version(name) for name in _LIBRARIES},
        },
        parameters=fitter.kept.count_params(),
        multiply_adds=count_multiply_adds(fitter.kept),
        scores=scores,
        confusion_matrix=matrix,
        curves=curves,
        digitness_threshold=calibration.digitness_threshold,
        temperature=calibration.temperature,
        training_seconds=round(seconds, 1),
    )
    save_card(card, files.card)
    return card


def _calibrate(fitter: Fitter, training_set: TrainingSet) -> _Calibration:
    answers = [fitter.answer(cells.cells) for cells in training_set.calibrate]
    logits = np.concatenate([answer.logits for answer in answers])
    labels = np.concatenate([cells.labels for cells in training_set.calibrate])
    digitness = [answer.digitness for answer in answers if answer.digitness is not None]
    return _Calibration(fit_temperature(logits, labels), choose_threshold(digitness) if digitness else None)


def _measure(
    files: ModelFiles, measures: tuple[Measure, ...], threshold: float | None
) -> tuple[tuple[Score, ...], tuple[tuple[int, ...], ...]]:
    """Score the exported network on what it never saw; the confusion matrix is of the first measure."""
    scores: list[Score] = []
    matrices: list[tuple[tuple[int, ...], ...]] = []
    names = [PROBABILITIES] if threshold is None else [PROBABILITIES, DIGITNESS]
    for measure in measures:
        outputs = run_onnx(files.onnx, to_batch(measure.cells), names)
        total = len(measure.labels)
        accepted = total if threshold is None else int((outputs[1] >= threshold).sum())
        if (measure.labels == NO_DIGIT).all():
            scores.append(Score(f"{measure.name}: refused", total - accepted, total))
            continue
        report = EvaluationReport(measure.labels, outputs[0])
        scores.append(Score(f"{measure.name}: read right", report.right, total))
        if threshold is not None:
            scores.append(Score(f"{measure.name}: accepted as digits", accepted, total))
        matrices.append(tuple(tuple(int(count) for count in row) for row in report.confusion_matrix))
    return tuple(scores), matrices[0]
