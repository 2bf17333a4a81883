"""Small changes to a cell that change a network's answer: towards a chosen digit, or to any other."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mnist_core.explanations.probe import Probe
from mnist_core.explanations.saliency import evidence_gradient

STRENGTHS = (0.05, 0.1, 0.15, 0.2, 0.3)
"""How far each pixel may be changed at most, of full ink: from hardly visible to plain."""
_STEPS = 12


@dataclass(frozen=True, slots=True, eq=False)  # eq=False: comparing arrays has no single answer
class Change:
    """A changed cell.

    Attributes:
        cell: float32 (28, 28) in [0, 1].
        strength: no pixel is changed by more.
        label: what the network reads in it.
    """

    cell: NDArray[np.float32]
    strength: float
    label: int


def change_towards(probe: Probe, cell: NDArray[np.float32], target: int, strength: float) -> Change:
    """Change a cell so that the evidence for a digit grows, a step at a time along its gradient.

    Args:
        probe: of the network.
        cell: float32 (28, 28) in [0, 1]; left unchanged.
        target: the digit that it should be read as.
        strength: the most that a pixel may be changed by.
    """
    return _descend(probe, cell, target, strength, 1)


def smallest_change(probe: Probe, cell: NDArray[np.float32], label: int) -> Change | None:
    """Find the smallest of a few strengths at which the cell is no longer read as its label.

    Args:
        probe: of the network.
        cell: float32 (28, 28) in [0, 1]; left unchanged.
        label: what the network reads in it.
    Returns:
        The changed cell; None where no strength is enough.
    """
    for strength in STRENGTHS:
        change = _descend(probe, cell, label, strength, -1)
        if change.label != label:
            return change
    return None


def _descend(probe: Probe, cell: NDArray[np.float32], digit: int, strength: float, sign: int) -> Change:
    """Take steps of equal length for every pixel, each along the gradient's sign (Madry et al., 2018)."""
    lowest, highest = np.clip(cell - strength, 0, 1), np.clip(cell + strength, 0, 1)
    step = np.float32(sign * 2.5 * strength / _STEPS)
    changed = cell
    for _ in range(_STEPS):
        gradient = evidence_gradient(probe, changed[np.newaxis], digit)[0]
        changed = np.clip(changed + step * np.sign(gradient), lowest, highest)
    label = int(probe.logits(changed[np.newaxis])[0].argmax())
    return Change(changed, strength, label)
