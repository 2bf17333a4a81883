import numpy as np
import pytest

from mnist_core.training.calibration import balance_threshold, choose_threshold, fit_temperature, softmax


@pytest.mark.parametrize("true_temperature", [0.5, 1.0, 2.0])
def test_temperature_is_found_again(true_temperature):
    rng = np.random.default_rng(0)
    logits = rng.normal(0, 2, (5_000, 10))
    chances = np.exp(logits)
    chances /= chances.sum(axis=1, keepdims=True)
    labels = (chances.cumsum(axis=1) > rng.random((len(logits), 1))).argmax(axis=1)
    assert fit_temperature(logits * true_temperature, labels) == pytest.approx(true_temperature, rel=0.08)


def test_temperature_stays_within_its_bounds():
    logits = np.eye(10) * 5
    assert fit_temperature(logits, np.arange(10)) == pytest.approx(0.25, rel=0.01)  # never wrong
    assert fit_temperature(logits, np.arange(10)[::-1]) == pytest.approx(4, rel=0.01)  # always wrong


def test_temperature_is_as_likely_as_any_other():
    """The fitted temperature's loss is lower than that of its neighbours."""
    rng = np.random.default_rng(0)
    logits, labels = rng.normal(0, 3, (400, 10)), rng.integers(10, size=400)
    labels[:300] = logits[:300].argmax(axis=1)
    fitted = fit_temperature(logits, labels)

    def loss(temperature):
        return -np.log(softmax(logits / temperature)[np.arange(400), labels]).mean()

    assert loss(fitted) < min(loss(fitted * 1.02), loss(fitted / 1.02))


def test_softmax_gives_probabilities_of_any_logits():
    np.testing.assert_allclose(
        softmax(np.log([[1.0, 3.0], [2.0, 2.0]])), [[0.25, 0.75], [0.5, 0.5]], atol=1e-7
    )
    extreme = softmax(np.array([[1e4, 0.0], [-1e4, -1e4]]))
    np.testing.assert_array_equal(extreme, [[1, 0], [0.5, 0.5]])
    assert extreme.dtype == np.float32


def test_threshold_accepts_the_share_of_every_kind():
    rng = np.random.default_rng(0)
    kinds = [rng.random(1000) ** 0.1, rng.random(2000) ** 0.3]
    threshold = choose_threshold(kinds)
    for digitness in kinds:
        assert (digitness >= threshold).mean() >= 0.995


def test_threshold_is_the_highest_that_accepts_the_share():
    kind = np.arange(1000) / 2500  # 0 to 0.3996, the five lowest of them below 0.002
    assert choose_threshold([kind]) == pytest.approx(0.0016)
    assert choose_threshold([np.full(9, 0.4), kind]) == choose_threshold([kind])


def test_threshold_is_rounded_down_so_that_digits_at_it_are_accepted():
    assert choose_threshold([np.array([0.1234567])]) == 0.123456


def test_threshold_is_never_over_even_odds():
    assert choose_threshold([np.full(100, 0.99)]) == 0.5


def test_threshold_lies_between_digits_and_signs():
    rng = np.random.default_rng(0)
    digits = [rng.uniform(0.35, 1, 500), rng.uniform(0.4, 1, 100)]
    threshold = balance_threshold(digits, rng.uniform(0, 0.25, 300))
    assert 0.25 <= threshold <= 0.35


def test_a_refused_digit_weighs_more_than_an_accepted_sign():
    """Of marks at 0.2 a tenth of the digits and a fifth of the signs: then digits are kept."""
    digits = np.r_[np.full(10, 0.2), np.full(90, 0.9)]
    signs = np.r_[np.full(20, 0.2), np.full(80, 0.01)]
    assert balance_threshold([digits], signs) <= 0.2
    assert balance_threshold([digits], np.r_[np.full(50, 0.2), np.full(50, 0.01)]) > 0.2
