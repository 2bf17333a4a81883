import math
from dataclasses import replace

import numpy as np
import pytest

from mnist_core.errors import ModelError
from mnist_core.reading.normalization import to_batch
from mnist_core.training.batches import Batch
from mnist_core.training.calibration import softmax
from mnist_core.training.layers import Flatten
from mnist_core.training.mixture.training_set import PART, SIGN
from mnist_core.training.recipes import RECIPES
from tests.training.conftest import bars

pytestmark = pytest.mark.filterwarnings("ignore")  # libraries' own, while tensorflow starts

PEAK = 0.01
LINEAR = replace(RECIPES["linear"], learning_rate=PEAK)
BARS = bars(100)


def fitter_of(recipe, steps=20):
    """A fitter with the same first weights each time."""
    import keras

    from mnist_core.training.fitting import Fitter

    keras.utils.set_random_seed(0)
    return Fitter(recipe, steps)


def batch_of(cells=BARS.cells, labels=BARS.labels):
    return Batch(to_batch(cells), labels.astype(np.int32))


def logits_after(fitter, steps):
    for _ in range(steps):
        fitter.step(batch_of())
    return fitter.predict(BARS.cells).logits


def log_probabilities(logits):
    return np.log(softmax(logits.astype(np.float64)).astype(np.float64))


def former_one_cycle(step, peak, steps):
    """The rate as it was computed before Keras' own schedule did."""
    done = step / steps
    if done < 0.25:
        return peak * (0.04 + 0.96 * done / 0.25)
    return peak * (0.5 + 0.5 * math.cos(math.pi * min((done - 0.25) / 0.75, 1.0)))


@pytest.mark.parametrize("steps", [7, 100, 1003])
def test_the_rate_rises_once_and_falls_to_nothing_as_it_always_did(steps):
    from mnist_core.training.fitting import one_cycle

    schedule = one_cycle(PEAK, steps)
    some = np.linspace(0, steps + 1, 30).round().tolist()
    rates = [float(schedule(step)) for step in some]
    expected = [former_one_cycle(step, PEAK, steps) for step in some]
    np.testing.assert_allclose(rates, expected, atol=1e-6 * PEAK)


def test_a_one_cycle_run_has_learned_all_by_its_last_step():
    fitter = fitter_of(LINEAR, steps=20)
    last = logits_after(fitter, 20)
    np.testing.assert_allclose(logits_after(fitter, 1), last, atol=1e-5)


def test_a_one_cycle_run_begins_with_small_steps():
    one_cycle, constant = (fitter_of(replace(LINEAR, schedule=name)) for name in ("one_cycle", "constant"))
    first = one_cycle.predict(BARS.cells).logits
    small, large = (np.abs(logits_after(fitter, 1) - first).max() for fitter in (one_cycle, constant))
    assert small == pytest.approx(0.04 * large, rel=0.01)


def test_a_constant_rate_learns_beyond_the_last_step():
    fitter = fitter_of(replace(LINEAR, schedule="constant"), steps=20)
    last = logits_after(fitter, 20)
    assert np.abs(logits_after(fitter, 1) - last).max() > 0.01


@pytest.mark.parametrize("smoothing", [0.0, 0.2])
def test_the_loss_shown_is_cross_entropy_without_smoothing(smoothing):
    fitter = fitter_of(replace(LINEAR, label_smoothing=smoothing))
    logits = log_probabilities(fitter.predict(BARS.cells).logits)
    expected = -logits[np.arange(100), BARS.labels].mean()
    result = fitter.step(batch_of())
    assert result.loss == pytest.approx(expected, rel=1e-4)
    assert (result.digits, result.cells) == (100, 100)
    assert result.right == (logits.argmax(axis=1) == BARS.labels).sum()


def test_smoothed_labels_are_what_is_minimized():
    """With a fifth spread over all digits, the loss is lowest at 0.82 for the right one, and not at 1."""
    fitter = fitter_of(replace(LINEAR, schedule="constant", learning_rate=0.05, label_smoothing=0.2))
    confidence = softmax(logits_after(fitter, 150)).max(axis=1)
    np.testing.assert_allclose(confidence.mean(), 0.82, atol=0.03)


def test_weights_are_averaged_over_the_last_steps():
    """The network is linear in its weights, and so are its logits."""
    plain, averaging = fitter_of(LINEAR), fitter_of(replace(LINEAR, averaged_steps=12))
    averaged = plain.predict(BARS.cells).logits
    for share in (1 / 1.1, 1 / 1.2, 10 / 12):  # shorter at first: half would be random weights
        averaged += share * (logits_after(plain, 10) - averaged)
        np.testing.assert_allclose(logits_after(averaging, 10), averaged, atol=1e-4)


def test_between_two_updates_the_average_stays():
    fitter = fitter_of(replace(LINEAR, averaged_steps=12))
    first = fitter.predict(BARS.cells).logits
    np.testing.assert_array_equal(logits_after(fitter, 9), first)


def test_batch_norms_statistics_are_averaged_too(tiny):
    fitter = fitter_of(replace(RECIPES[tiny], averaged_steps=0))
    before = {variable.path: variable.numpy() for variable in fitter.averaged.non_trainable_variables}
    logits_after(fitter, 1)
    after = {variable.path: variable.numpy() for variable in fitter.averaged.non_trainable_variables}
    moved = [path for path in before if "moving" in path and not np.array_equal(before[path], after[path])]
    assert moved


def test_what_is_no_digit_has_no_part_in_the_digits_loss():
    fitter, mixed = fitter_of(LINEAR), fitter_of(LINEAR)
    labels = np.where(np.arange(100) < 50, BARS.labels, np.where(np.arange(100) < 75, SIGN, PART))
    alone = fitter.step(batch_of(BARS.cells[:50], BARS.labels[:50]))
    result = mixed.step(batch_of(labels=labels))
    assert result.loss == pytest.approx(alone.loss, rel=1e-5)
    assert (result.right, result.digits, result.cells) == (alone.right, 50, 100)
    np.testing.assert_allclose(mixed.predict(BARS.cells).logits, fitter.predict(BARS.cells).logits, atol=1e-5)


def test_a_batch_without_digits_is_no_error():
    result = fitter_of(LINEAR).step(batch_of(labels=np.full(100, SIGN)))
    assert (result.loss, result.right, result.digits) == (0, 0, 0)


@pytest.fixture(scope="module")
def kinds_fitter():
    """A network that learned to tell bars, whole pages of ink and bare paper apart: digit, sign and part."""
    recipe = replace(RECIPES["best"], layers=(Flatten(),), averaged_steps=0, mixed_precision=False)
    fitter = fitter_of(recipe, steps=60)
    cells = np.concatenate(
        [BARS.cells, np.full((50, 28, 28), 255, np.uint8), np.zeros((50, 28, 28), np.uint8)]
    )
    labels = np.concatenate([BARS.labels, np.full(50, SIGN), np.full(50, PART)])
    for _ in range(60):
        fitter.step(batch_of(cells, labels))
    return fitter


@pytest.mark.parametrize(
    ("cells", "likeliest"),
    [
        pytest.param(BARS.cells[:5], 0, id="digits"),
        pytest.param(np.full((5, 28, 28), 255, np.uint8), 1, id="signs"),
        pytest.param(np.zeros((5, 28, 28), np.uint8), 2, id="parts"),
    ],
)
def test_the_kind_head_tells_digits_signs_and_parts_apart(kinds_fitter, cells, likeliest):
    digit = kinds_fitter.predict(cells).digit_probabilities
    sign = kinds_fitter.averaged(to_batch(cells), training=False)["signness"].numpy()[:, 0]
    kinds = np.stack([digit, sign, 1 - digit - sign])
    assert (kinds.argmax(axis=0) == likeliest).all()


def test_without_a_kind_head_there_is_no_digit_probability():
    assert fitter_of(LINEAR).predict(BARS.cells).digit_probabilities is None


def test_predictions_are_the_same_in_any_number(monkeypatch):
    from mnist_core.training import fitting

    fitter = fitter_of(LINEAR)
    whole = fitter.predict(BARS.cells).logits
    monkeypatch.setattr(fitting, "_CELLS_AT_ONCE", 7)
    np.testing.assert_allclose(fitter.predict(BARS.cells).logits, whole, atol=1e-5)
    assert fitter.predict(BARS.cells[:0]).logits.shape == (0, 10)


def test_validation_is_plain_cross_entropy_and_accuracy():
    fitter = fitter_of(replace(LINEAR, label_smoothing=0.2))
    logits = log_probabilities(fitter.predict(BARS.cells).logits)
    loss, accuracy = fitter.validate(BARS)
    assert loss == pytest.approx(-logits[np.arange(100), BARS.labels].mean(), rel=1e-4)
    assert accuracy == pytest.approx((logits.argmax(axis=1) == BARS.labels).mean())


def test_a_loss_that_is_no_number_is_an_error_in_words():
    cells = to_batch(BARS.cells).copy()
    cells[0, 0, 0] = np.nan
    with pytest.raises(ModelError, match="lower learning rate"):
        fitter_of(LINEAR).step(Batch(cells, BARS.labels.astype(np.int32)))
