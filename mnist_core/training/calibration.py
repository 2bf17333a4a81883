"""Temperature scaling, and the threshold of the digit probability below which a mark is no digit."""

import numpy as np
from numpy.typing import NDArray

ACCEPTED_SHARE = 0.995
"""Of real digits of any kind, at least so many must be accepted as digits, where no signs are at hand."""
_HIGHEST_THRESHOLD = 0.5
"""Even where all digits score higher, a mark at even odds is still accepted."""
_LOWEST_THRESHOLD = 0.05
_DIGIT_WEIGHT = 3.0
"""A digit that is refused counts as so many signs that are accepted: people write more digits here."""


def fit_temperature(logits: NDArray[np.floating], labels: NDArray[np.integer]) -> float:
    """Compute the temperature that makes the true labels likeliest.

    Args:
        logits: (n, 10), before softmax; n >= 1.
        labels: (n,), 0 to 9.
    Returns:
        The temperature, from 0.25 to 4.
    """
    low, high = np.log(0.25), np.log(4)
    while high - low > 0.005:  # the loss has one minimum: ternary search
        left, right = low + (high - low) / 3, high - (high - low) / 3
        losses = [_negative_log_likelihood(logits / np.exp(at), labels) for at in (left, right)]
        low, high = (low, right) if losses[0] < losses[1] else (left, high)
    return float(np.exp((low + high) / 2))


def choose_threshold(digit_probabilities_by_kind: list[NDArray[np.floating]]) -> float:
    """Compute the threshold of the digit probability: of each kind of real digits, 99.5 % are accepted.

    Args:
        digit_probabilities_by_kind: (n,) each, n >= 1; of real digits.
    Returns:
        The threshold, in [0, 0.5]: digits are accepted from it on.
    """
    # Rounded down, so that the share is reached in float32 too.
    quantiles = [
        np.quantile(probabilities, 1 - ACCEPTED_SHARE, method="lower")
        for probabilities in digit_probabilities_by_kind
    ]
    return float(np.floor(min(_HIGHEST_THRESHOLD, *quantiles) * 1e6) / 1e6)


def balance_threshold(
    digit_probabilities_by_kind: list[NDArray[np.floating]], of_signs: NDArray[np.floating]
) -> float:
    """Compute the threshold at which fewest digits are refused and fewest signs accepted.

    Args:
        digit_probabilities_by_kind: (n,) each, n >= 1; of real digits. Each kind counts alike.
        of_signs: (m,), m >= 1; the digit probabilities of letters and signs.
    Returns:
        The threshold, in [0.05, 0.5]; the middle of those that are equally good.
    """
    thresholds = np.arange(_LOWEST_THRESHOLD, _HIGHEST_THRESHOLD + 0.005, 0.01)
    refused = [
        np.mean([(kind < threshold).mean() for kind in digit_probabilities_by_kind])
        for threshold in thresholds
    ]
    accepted = [(of_signs >= threshold).mean() for threshold in thresholds]
    costs = np.round(_DIGIT_WEIGHT * np.array(refused) + np.array(accepted), 9)
    best = thresholds[costs == costs.min()]
    return float(round(best[len(best) // 2], 2))


def softmax(logits: NDArray[np.floating]) -> NDArray[np.float32]:
    """Compute probabilities float32 (n, k) from logits (n, k)."""
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True), np.float32)


def _negative_log_likelihood(logits: NDArray[np.floating], labels: NDArray[np.integer]) -> float:
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_sums = np.log(np.exp(shifted).sum(axis=1))
    return float(np.mean(log_sums - shifted[np.arange(len(labels)), labels]))
