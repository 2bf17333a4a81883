import numpy as np
import pytest

from mnist_core.config import ModelFiles
from mnist_core.datasets.labelled_cells import LabelledCells
from mnist_core.evaluation.evaluation import load_evaluation_file
from mnist_core.reading.normalization import to_batch
from mnist_core.storage.model_card import CurvePoint, TrainingData, load_card
from mnist_core.training.calibration import softmax
from mnist_core.training.mixture.training_set import SIGN, Source, TestSet, TrainingSet
from mnist_core.training.recipes import RECIPES
from mnist_core.training.train_config import TrainConfig
from tests.training.conftest import bars

pytestmark = pytest.mark.filterwarnings("ignore")  # libraries' own, while tensorflow starts and converts

BARS = bars(60)
INK = np.full((20, 28, 28), 255, np.uint8)
CURVES = (CurvePoint(1, 0.5, 0.9, 0.4, 0.95, 12.0),)
TEMPERATURE, THRESHOLD = 2.0, 0.25
SIGNS = 5


def training_set():
    halves = (
        LabelledCells(BARS.cells[:20], BARS.labels[:20]),
        LabelledCells(BARS.cells[20:], BARS.labels[20:]),
    )
    return TrainingSet(
        sources=(Source(BARS.cells, BARS.labels, 60),),
        validation=BARS,
        calibration=halves,
        calibration_signs=INK[:SIGNS],
        test_sets=(TestSet("bars", BARS.cells, BARS.labels), TestSet("ink", INK, np.full(20, SIGN))),
        data=(TrainingData("bars", "0" * 64, 60),),
    )


def finish(recipe, folder, monkeypatch, **chosen):
    """Finish a network without training: its logits beforehand, what calibration was given, and the card."""
    import keras

    from mnist_core.training import finishing
    from mnist_core.training.fitting import Fitter

    given = {}

    def fit_temperature(logits, labels):
        given["logits"], given["labels"] = logits, labels
        return TEMPERATURE

    def balance_threshold(digit_probabilities_by_kind, of_signs):
        given["kinds"] = [len(probabilities) for probabilities in digit_probabilities_by_kind]
        given["signs"] = len(of_signs)
        return THRESHOLD

    monkeypatch.setattr(finishing, "fit_temperature", fit_temperature)
    monkeypatch.setattr(finishing, "balance_threshold", balance_threshold)
    keras.utils.set_random_seed(0)
    fitter = Fitter(RECIPES[recipe], 10)
    logits = fitter.predict(BARS.cells).logits
    config = TrainConfig(recipe=recipe, seed=7, **chosen)
    card = finishing.calibrate_and_export(
        fitter, config, training_set(), ModelFiles(folder), "bars", CURVES, 12.34
    )
    return logits, given, card


@pytest.fixture(scope="module")
def finished(tiny, tmp_path_factory):
    folder = tmp_path_factory.mktemp("finished")
    with pytest.MonkeyPatch.context() as patch:
        logits, given, card = finish(tiny, folder, patch)
    return logits, given, card, ModelFiles(folder)


def predictions_of(files, cells, output):
    from mnist_core.training.onnx_conversion import run_onnx

    return run_onnx(files.onnx, to_batch(cells), [output])[0]


def test_the_exported_network_is_calibrated(finished):
    logits, _, card, files = finished
    assert card.temperature == TEMPERATURE
    probabilities = predictions_of(files, BARS.cells, "probabilities")
    np.testing.assert_allclose(probabilities, softmax(logits / TEMPERATURE), atol=1e-5)


def test_the_saved_keras_network_is_the_same(finished):
    import keras

    _, _, _, files = finished
    network = keras.models.load_model(files.keras)
    expected = predictions_of(files, BARS.cells, "probabilities")
    np.testing.assert_allclose(network(to_batch(BARS.cells))["probabilities"], expected, atol=1e-5)


def test_calibration_uses_all_kinds_of_digits(finished):
    logits, given, _, _ = finished
    np.testing.assert_allclose(given["logits"], logits, atol=1e-5)
    np.testing.assert_array_equal(given["labels"], BARS.labels)
    assert (given["kinds"], given["signs"]) == ([20, 40], SIGNS)


def test_the_scores_are_those_of_the_exported_network(finished):
    _, _, card, files = finished
    right = int((predictions_of(files, BARS.cells, "probabilities").argmax(axis=1) == BARS.labels).sum())
    accepted = int((predictions_of(files, BARS.cells, "digitness") >= THRESHOLD).sum())
    refused = int((predictions_of(files, INK, "digitness") < THRESHOLD).sum())
    assert [(score.measure, score.right, score.total) for score in card.scores] == [
        ("bars: read right", right, 60),
        ("bars: accepted as digits", accepted, 60),
        ("ink: refused", refused, 20),
    ]


def test_the_card_tells_what_the_model_is(finished):
    _, _, card, files = finished
    assert load_card(files.card) == card
    assert (card.name, card.seed, card.digitness_threshold) == ("bars", 7, THRESHOLD)
    assert (card.curves, card.training_seconds) == (CURVES, 12.3)
    assert card.data == training_set().data
    assert sum(map(sum, card.confusion_matrix)) == 60
    assert {"python", "tensorflow", "onnxruntime"} <= set(card.versions)


def test_the_first_test_set_is_saved_with_its_predictions(finished):
    _, _, card, files = finished
    evaluation = load_evaluation_file(files.evaluation)
    assert evaluation.data == "bars"
    np.testing.assert_array_equal(evaluation.cells, BARS.cells)
    assert evaluation.report.right == card.scores[0].right


@pytest.fixture(scope="module")
def finished_plain(tmp_path_factory):
    """A network without a kind head, written to a folder that was asked for."""
    folder = tmp_path_factory.mktemp("plain")
    with pytest.MonkeyPatch.context() as patch:
        _, given, card = finish("linear", folder, patch, output=folder)
    return given, card, folder


def test_a_folder_to_give_away_has_no_test_cells(finished_plain):
    _, _, folder = finished_plain
    written = sorted(path.name for path in folder.iterdir())
    assert written == ["card.json", "gradient.onnx", "model.keras", "model.onnx", "probe.onnx"]


def test_without_a_kind_head_there_is_no_threshold_and_nothing_is_refused(finished_plain):
    given, card, _ = finished_plain
    assert card.digitness_threshold is None
    assert "kinds" not in given
    assert [(score.measure, score.total) for score in card.scores] == [
        ("bars: read right", 60),
        ("ink: refused", 20),
    ]
    assert card.scores[1].right == 0
