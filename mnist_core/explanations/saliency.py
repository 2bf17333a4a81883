"""Where a network looked: what each part of a cell does to the evidence for a digit.

The evidence is the digit's log-odds, its logit against all others together: 0 where it is as likely as not.
"""

import numpy as np
from numpy.typing import NDArray

from mnist_core.config import CELL_SIZE, DIGIT_CLASSES
from mnist_core.explanations.probe import Probe

COARSE, FINE = 7, 12
"""Places across and down that occlusion covers one after another: 49, or 144."""
_PATCH = 5
"""Pixels on a side of what occlusion covers: about two strokes."""
_STEPS = 32
"""Of integrated gradients, from bare paper to the cell."""


def evidence(logits: NDArray[np.float32], digit: int) -> NDArray[np.float32]:
    """Compute the log-odds of a digit, float32 (n,), from logits (n, 10)."""
    others = np.delete(logits, digit, axis=1)
    highest = others.max(axis=1)
    rest = highest + np.log(np.exp(others - highest[:, np.newaxis]).sum(axis=1))
    return np.asarray(logits[:, digit] - rest, np.float32)


def evidence_gradient(probe: Probe, cells: NDArray[np.float32], digit: int) -> NDArray[np.float32]:
    """Compute how the evidence for a digit changes with each pixel.

    Args:
        probe: of the network.
        cells: float32 (n, 28, 28).
        digit: 0 to 9.
    Returns:
        float32 (n, 28, 28).
    """
    return probe.gradient(cells, _evidence_weights(probe.logits(cells), digit))


def gradient_saliency(probe: Probe, cell: NDArray[np.float32], digit: int) -> NDArray[np.float32]:
    """Compute gradient times ink: what each inked pixel adds, were the network linear around this cell.

    Args:
        probe: of the network.
        cell: float32 (28, 28).
        digit: 0 to 9.
    Returns:
        float32 (28, 28); above 0 speaks for the digit, below against it; 0 where there is no ink.
    """
    saliency: NDArray[np.float32] = evidence_gradient(probe, cell[np.newaxis], digit)[0] * cell
    return saliency


def compare_saliency(probe: Probe, cell: NDArray[np.float32], one: int, other: int) -> NDArray[np.float32]:
    """Compute gradient times ink of the difference of two digits' logits, float32 (28, 28).

    Above 0 speaks for `one`, below 0 for `other`.
    """
    weights = np.zeros(DIGIT_CLASSES, np.float32)
    weights[one], weights[other] = 1, -1
    difference: NDArray[np.float32] = probe.gradient(cell[np.newaxis], weights)[0] * cell
    return difference


def integrated_gradients(probe: Probe, cell: NDArray[np.float32], digit: int) -> NDArray[np.float32]:
    """Compute what each pixel adds to the evidence on the way from bare paper to the cell.

    The sum over all pixels is the difference in evidence between the cell and bare paper (Sundararajan, Taly
    and Yan, 2017), but for the steps' length.

    Args:
        probe: of the network.
        cell: float32 (28, 28).
        digit: 0 to 9.
    Returns:
        float32 (28, 28); above 0 speaks for the digit, below against it.
    """
    shares = (np.arange(_STEPS, dtype=np.float32) + 0.5) / _STEPS
    path = np.asarray(shares[:, np.newaxis, np.newaxis] * cell, np.float32)
    saliency: NDArray[np.float32] = evidence_gradient(probe, path, digit).mean(axis=0) * cell
    return saliency


def occlusion(probe: Probe, cell: NDArray[np.float32], digit: int, places: int) -> NDArray[np.float32]:
    """Compute how much evidence is lost where a patch of the cell is covered with paper.

    Args:
        probe: of the network.
        cell: float32 (28, 28).
        digit: 0 to 9.
        places: across and down; COARSE or FINE.
    Returns:
        float32 (places, places); above 0 where covering takes evidence away, below 0 where it adds some.
    """
    covered = np.repeat(cell[np.newaxis], places * places + 1, axis=0)
    starts = np.linspace(0, CELL_SIZE - _PATCH, places).round().astype(int)
    for index, (top, left) in enumerate((top, left) for top in starts for left in starts):
        covered[index, top : top + _PATCH, left : left + _PATCH] = 0
    values = evidence(probe.logits(covered), digit)
    losses: NDArray[np.float32] = values[-1] - values[:-1]
    return losses.reshape(places, places)


def _evidence_weights(logits: NDArray[np.float32], digit: int) -> NDArray[np.float32]:
    """Compute the evidence's derivative by each logit, (n, 10)."""
    others = np.delete(np.arange(DIGIT_CLASSES), digit)
    powers = np.exp(logits[:, others] - logits[:, others].max(axis=1, keepdims=True))
    weights = np.empty_like(logits)
    weights[:, digit] = 1
    weights[:, others] = -powers / powers.sum(axis=1, keepdims=True)
    return weights
