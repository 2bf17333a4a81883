import numpy as np
import pytest

from mnist_core.training.calibration import balance_threshold, choose_threshold, fit_temperature


@pytest.mark.parametrize("true_temperature", [0.5, 1.0, 2.0])
def test_temperature_is_found_again(true_temperature):
    rng = np.random.default_rng(0)
    logits = rng.normal(0, 2, (5_000, 10))
    chances = np.exp(logits)
    chances /= chances.sum(axis=1, keepdims=True)
    labels = (chances.cumsum(axis=1) > rng.random((len(logits), 1))).argmax(axis=1)
    assert fit_temperature(logits * true_temperature, labels) == pytest.approx(true_temperature, rel=0.08)


def test_threshold_accepts_the_share_of_every_kind():
    rng = np.random.default_rng(0)
    kinds = [rng.random(1000) ** 0.1, rng.random(2000) ** 0.3]
    threshold = choose_threshold(kinds)
    for digitness in kinds:
        assert (digitness >= threshold).mean() >= 0.995


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
