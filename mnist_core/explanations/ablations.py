"""A digit's cell with one step of its normalization left out: what each step is worth can be seen."""

from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from mnist_core.config import BOX_SIZE, CELL_SIZE
from mnist_core.reading.normalization import normalization_steps

Step = Literal["none", "thickness", "aspect", "size", "centre", "polarity"]
_SHIFT = 4
"""Pixels by which a digit that is not centred stands up and to the left: as far as its box leaves room."""


@dataclass(frozen=True, slots=True)
class Ablation:
    """One step left out.

    Attributes:
        step: which.
        title: in a few words.
        sentence: what the cell then is.
    """

    step: Step
    title: str
    sentence: str


ABLATIONS = (
    Ablation("none", "All steps", "All steps: the cell is what the network reads."),
    Ablation("thickness", "Pen as drawn", "The strokes stay as thick or thin as they were drawn."),
    Ablation("aspect", "Stretched", "The digit fills its box both ways: a 1 becomes as broad as it is high."),
    Ablation("size", "Half size", "The digit is scaled to 10 pixels in place of 20."),
    Ablation("centre", "Not centred", "The digit stands 4 pixels too far up and to the left."),
    Ablation("polarity", "Not inverted", "Paper counts as ink and ink as paper."),
)


def ablate(ink: NDArray[np.float32], cell: NDArray[np.float32], step: Step) -> NDArray[np.float32]:
    """Compute a cell with one step left out.

    Args:
        ink: float32 (h, w) in [0, 1]; the digit as it was cut out. Left unchanged.
        cell: float32 (28, 28); the same digit with all steps. Left unchanged.
        step: what to leave out; "none" gives the cell.
    Returns:
        float32 (28, 28) in [0, 1].
    """
    match step:
        case "none":
            return cell.copy()
        case "polarity":
            return 1 - cell
        case "centre":
            shifted = np.zeros_like(cell)
            shifted[:-_SHIFT, :-_SHIFT] = cell[_SHIFT:, _SHIFT:]
            return shifted
    crop = normalization_steps(ink).crop if step == "thickness" else _cut(cell)
    if not crop.size:
        return np.zeros_like(cell)
    height, width = crop.shape
    if step == "aspect":
        return _place(crop, BOX_SIZE, BOX_SIZE)
    side = BOX_SIZE if step == "thickness" else BOX_SIZE // 2
    scale = side / max(height, width)
    return _place(crop, max(1, round(height * scale)), max(1, round(width * scale)))


def _cut(cell: NDArray[np.float32]) -> NDArray[np.float32]:
    x, y, width, height = cv2.boundingRect((cell > 0.1).astype(np.uint8))
    return cell[y : y + height, x : x + width]


def _place(crop: NDArray[np.float32], height: int, width: int) -> NDArray[np.float32]:
    """Scale a digit to this size, and put its centre of mass into a cell's middle."""
    scaled = cv2.resize(crop, (width, height), interpolation=cv2.INTER_AREA)
    moments = cv2.moments(scaled)
    if not moments["m00"]:
        return np.zeros((CELL_SIZE, CELL_SIZE), np.float32)
    left = round(CELL_SIZE / 2 - moments["m10"] / moments["m00"] - 0.5)
    top = round(CELL_SIZE / 2 - moments["m01"] / moments["m00"] - 0.5)
    left, top = min(max(left, 0), CELL_SIZE - width), min(max(top, 0), CELL_SIZE - height)
    cell = np.zeros((CELL_SIZE, CELL_SIZE), np.float32)
    cell[top : top + height, left : left + width] = np.clip(scaled, 0, 1)
    return cell
