"""After the last epoch: calibrate the network, write it, measure what was written, and write its card."""

import platform
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import metadata

import numpy as np

from mnist_core.config import ModelFiles
from mnist_core.evaluation.evaluation import Evaluation, save_evaluation
from mnist_core.evaluation.metrics import EvaluationReport
from mnist_core.reading.normalization import to_batch
from mnist_core.storage.model_card import CurvePoint, ModelCard, Score, save_card
from mnist_core.training.calibration import choose_threshold, fit_temperature
from mnist_core.training.fitting import Fitter
from mnist_core.training.layers import count_multiply_adds
from mnist_core.training.mixture import Measure, TrainingSet
from mnist_core.training.network import DIGITNESS, PROBABILITIES, count_outputs, fold_temperature
from mnist_core.training.onnx_conversion import export_onnx, run_onnx
from mnist_core.training.recipes import TrainConfig

_LIBRARIES = ("tensorflow", "keras", "numpy", "opencv-python-headless", "onnx", "onnxruntime", "tf2onnx")


@dataclass(frozen=True, slots=True)
class _Calibration:
    temperature: float
    digitness_threshold: float | None


def finish(
    fitter: Fitter,
    config: TrainConfig,
    training_set: TrainingSet,
    files: ModelFiles,
    name: str,
    curves: tuple[CurvePoint, ...],
    seconds: float,
) -> ModelCard:
    """Calibrate, write and measure the kept network, and write its card.

    Args:
        fitter: holds the network; its last layer is changed.
        config: what was chosen.
        training_set: what it was trained on, and what it is measured by.
        files: where to write.
        name: of the model, for the card.
        curves: of the run.
        seconds: from the first step to the last.
    Raises:
        ModelError: the exported network answers differently.
        OSError: the disk won't have it.
    """
    calibration = _calibrate(fitter, training_set)
    fold_temperature(fitter.kept, calibration.temperature)
    fitter.kept.save(files.keras)
    export_onnx(fitter.kept, files.onnx)
    scores, evaluation = _measure(files, training_set.measure, calibration.digitness_threshold)
    if config.output is None:  # a folder that was asked for may be given away; its test cells are not ours
        save_evaluation(evaluation, files.evaluation)
    matrix = tuple(tuple(int(count) for count in row) for row in evaluation.report.confusion_matrix)
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
        multiply_adds=count_multiply_adds(config.chosen_recipe.layers, count_outputs(fitter.kept)),
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
) -> tuple[tuple[Score, ...], Evaluation]:
    """Score the exported network on what it never saw; what it made of the first measure is kept."""
    scores: list[Score] = []
    evaluations: list[Evaluation] = []
    names = [PROBABILITIES] if threshold is None else [PROBABILITIES, DIGITNESS]
    for measure in measures:
        outputs = run_onnx(files.onnx, to_batch(measure.cells), names)
        total = len(measure.labels)
        accepted = total if threshold is None else int((outputs[1] >= threshold).sum())
        if (measure.labels < 0).all():
            scores.append(Score(f"{measure.name}: refused", total - accepted, total))
            continue
        report = EvaluationReport(measure.labels, outputs[0])
        scores.append(Score(f"{measure.name}: read right", report.right, total))
        if threshold is not None:
            scores.append(Score(f"{measure.name}: accepted as digits", accepted, total))
        evaluations.append(Evaluation(files.name, measure.name, measure.cells, report))
    return tuple(scores), evaluations[0]
