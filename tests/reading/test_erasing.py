"""Which strokes an eraser touches."""

import numpy as np
import pytest

from mnist_core.reading.erasing import ERASER_RADIUS, erase_strokes
from mnist_core.reading.strokes import Stroke

UPRIGHT = Stroke(np.array([[100, 50], [100, 150]], np.float32), 20)
FLAT = Stroke(np.array([[150, 100], [200, 100], [250, 100]], np.float32), 6)
DOT = Stroke(np.array([[300, 100]], np.float32), 10)
STROKES = (UPRIGHT, FLAT, DOT)


@pytest.mark.parametrize(
    ("path", "left"),
    [
        pytest.param([(100, 100)], (FLAT, DOT), id="a touch between two points of a stroke"),
        pytest.param(
            [(100 + 10 + ERASER_RADIUS - 1, 90)], (FLAT, DOT), id="its edge touches the stroke's edge"
        ),
        pytest.param([(100 + 10 + ERASER_RADIUS + 1, 90)], STROKES, id="just beside"),
        pytest.param([(225, 40), (225, 160)], (UPRIGHT, DOT), id="across, with a place on either side only"),
        pytest.param([(50, 100), (400, 100)], (), id="through all"),
        pytest.param([(300, 110)], (UPRIGHT, FLAT), id="a dot"),
        pytest.param([(-500, -500)], STROKES, id="off the paper"),
        pytest.param([(225, 40), (225, 40)], STROKES, id="no way at all"),
    ],
)
def test_strokes_that_are_touched_are_erased(
    path: list[tuple[float, float]], left: tuple[Stroke, ...]
) -> None:
    assert erase_strokes(STROKES, np.array(path, np.float32)) == left
