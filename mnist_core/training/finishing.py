"""After the last epoch: calibrate the network, export it, test what was exported, and write its card."""

import platform
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import metadata

import numpy as np

from mnist_core.config import ModelFiles
from mnist_core.datasets.cell_hashes import hash_cells, save_hashes
from mnist_core.evaluation.evaluation import Evaluation, save_evaluation
from mnist_core.evaluation.metrics import EvaluationReport
from mnist_core.reading.normalization import to_batch
from mnist_core.storage.model_card import CurvePoint, ModelCard, Score, save_card
from mnist_core.training.calibration import balance_threshold, choose_threshold, fit_temperature
from mnist_core.training.fitting import Fitter
from mnist_core.training.layers import count_multiply_adds
from mnist_core.training.mixture.training_set import TestSet, TrainingSet
from mnist_core.training.network import DIGIT_PROBABILITY, PROBABILITIES, count_outputs, fold_temperature
from mnist_core.training.onnx_conversion import export_onnx, run_onnx
from mnist_core.training.probe_graph import save_probe
from mnist_core.training.train_config import TrainConfig

_LIBRARIES = ("tensorflow", "keras", "numpy", "opencv-python-headless", "onnx", "onnxruntime", "tf2onnx")


@dataclass(frozen=True, slots=True)
class _Calibration:
    temperature: float
    digitness_threshold: float | None


def calibrate_and_export(
    fitter: Fitter,
    config: TrainConfig,
    training_set: TrainingSet,
    files: ModelFiles,
    name: str,
    curves: tuple[CurvePoint, ...],
    seconds: float,
) -> ModelCard:
    """Calibrate, write and test the averaged network, and write its card.

    Args:
        fitter: holds the network; its last layer is changed.
        config: what was chosen.
        training_set: what it was trained on and is tested on.
        files: where to write.
        name: of the model, for the card.
        curves: of the run.
        seconds: from the first step to the last.
    Raises:
        ModelError: the exported network's outputs differ.
        OSError: the disk is full or can't be written to.
    """
    calibration = _calibrate(fitter, training_set)
    fold_temperature(fitter.averaged, calibration.temperature)
    fitter.averaged.save(files.keras)
    export_onnx(fitter.averaged, files.onnx)
    save_probe(fitter.averaged, files)
    scores, evaluation = _score(files, training_set.test_sets, calibration.digitness_threshold)
    if config.output is None:  # a folder that was named may be given away, and the cells are not ours to give
        save_evaluation(evaluation, files.evaluation)
        save_hashes(hash_cells(training_set.cells_asked_for), files.training_hashes)
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
        parameters=fitter.averaged.count_params(),
        multiply_adds=count_multiply_adds(config.chosen_recipe.layers, count_outputs(fitter.averaged)),
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
    predictions = [fitter.predict(cells.cells) for cells in training_set.calibration]
    logits = np.concatenate([prediction.logits for prediction in predictions])
    labels = np.concatenate([cells.labels for cells in training_set.calibration])
    by_kind = [p.digit_probabilities for p in predictions if p.digit_probabilities is not None]
    temperature = fit_temperature(logits, labels)
    if not by_kind:
        return _Calibration(temperature, None)
    signs = training_set.calibration_signs
    of_signs = fitter.predict(signs).digit_probabilities if len(signs) else None
    if of_signs is None:
        return _Calibration(temperature, choose_threshold(by_kind))
    return _Calibration(temperature, balance_threshold(by_kind, of_signs))


def _score(
    files: ModelFiles, test_sets: tuple[TestSet, ...], threshold: float | None
) -> tuple[tuple[Score, ...], Evaluation]:
    """Return the exported network's scores on all test sets, and its evaluation on the first."""
    scores: list[Score] = []
    evaluations: list[Evaluation] = []
    names = [PROBABILITIES] if threshold is None else [PROBABILITIES, DIGIT_PROBABILITY]
    for test_set in test_sets:
        outputs = run_onnx(files.onnx, to_batch(test_set.cells), names)
        total = len(test_set.labels)
        accepted = total if threshold is None else int((outputs[1] >= threshold).sum())
        if (test_set.labels < 0).all():
            scores.append(Score(f"{test_set.name}: refused", total - accepted, total))
            continue
        report = EvaluationReport(test_set.labels, outputs[0])
        scores.append(Score(f"{test_set.name}: read right", report.right, total))
        if threshold is not None:
            scores.append(Score(f"{test_set.name}: accepted as digits", accepted, total))
        evaluations.append(Evaluation(files.name, test_set.name, test_set.cells, report))
    return tuple(scores), evaluations[0]
