"""Cells: size, place, thickness and range, whatever the pen and the paper were."""

import hypothesis.extra.numpy as arrays
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnist_core.errors import InvalidImageError
from mnist_core.reading.ink import ink_from_rgba
from mnist_core.reading.normalization import (
    STROKE_THICKNESS,
    normalization_steps,
    normalize_crop,
    stroke_thickness,
    to_batch,
)
from tests.drawings import drawing, strokes_of


def cell_of(shape: str, **how: float) -> np.ndarray:
    return normalize_crop(ink_from_rgba(drawing(*strokes_of(shape, **how))))


def side_of(cell: np.ndarray) -> tuple[int, int]:
    rows, columns = np.nonzero(cell > 0.3)
    return int(np.ptp(rows)) + 1, int(np.ptp(columns)) + 1


@pytest.mark.parametrize("digit", "0123456789")
def test_longer_side_fills_the_box(digit: str) -> None:
    assert max(side_of(cell_of(digit))) == pytest.approx(20, abs=1)


@pytest.mark.parametrize("digit", "0123456789")
def test_mass_is_centred(digit: str) -> None:
    cell = cell_of(digit)
    rows, columns = np.indices(cell.shape)
    assert (rows * cell).sum() / cell.sum() == pytest.approx(13.5, abs=0.5)
    assert (columns * cell).sum() / cell.sum() == pytest.approx(13.5, abs=0.5)


def test_aspect_is_kept() -> None:
    bar = np.zeros((200, 60), np.float32)
    bar[10:190, 20:40] = 1
    height, width = side_of(normalize_crop(bar))
    assert height >= 19
    assert width <= 4


@pytest.mark.parametrize("digit", "0123456789")
@pytest.mark.parametrize("pen", [5, 9, 20, 25])
def test_thin_and_thick_pens_give_nearly_the_same_cell(digit: str, pen: int) -> None:
    usual, other = cell_of(digit, pen=14), cell_of(digit, pen=pen)
    assert np.corrcoef(usual.ravel(), other.ravel())[0, 1] > 0.85


@pytest.mark.parametrize("digit", "0123456789")
def test_strokes_get_mnists_thickness(digit: str) -> None:
    steps = normalization_steps(ink_from_rgba(drawing(*strokes_of(digit, pen=6))))
    scale = max(steps.even.shape) / 20
    assert stroke_thickness(steps.even) / scale == pytest.approx(STROKE_THICKNESS, abs=0.5)


@pytest.mark.parametrize(
    "how",
    [
        pytest.param({"left": 0, "top": 10}, id="moved to the edge"),
        pytest.param({"height": 60, "pen": 6}, id="small"),
        pytest.param({"height": 240, "left": 10, "top": 20, "pen": 20}, id="large"),
    ],
)
def test_place_and_size_hardly_matter(how: dict[str, float]) -> None:
    usual, other = cell_of("3"), cell_of("3", **how)
    assert np.corrcoef(usual.ravel(), other.ravel())[0, 1] > 0.9


@pytest.mark.parametrize("digit", "0123456789")
def test_hairline_on_a_large_picture_reads_like_a_pen(digit: str) -> None:
    hairline = drawing(*strokes_of(digit, height=900, left=50, top=50, pen=1), height=1000, width=1000)
    other = normalize_crop(ink_from_rgba(hairline))
    assert np.corrcoef(cell_of(digit).ravel(), other.ravel())[0, 1] > 0.85


def test_bare_crop_gives_a_bare_cell() -> None:
    assert not normalize_crop(np.zeros((40, 30), np.float32)).any()


@pytest.mark.parametrize(
    "crop",
    [
        pytest.param(np.zeros((4, 4, 4), np.float32), id="three dimensions"),
        pytest.param(np.zeros((4, 4), np.float64), id="float64"),
        pytest.param(np.zeros((4, 4), np.uint8), id="bytes"),
    ],
)
def test_what_is_no_crop_is_refused(crop: np.ndarray) -> None:
    with pytest.raises(InvalidImageError, match="crop"):
        normalize_crop(crop)


@given(
    arrays.arrays(
        np.float32,
        arrays.array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=40),
        elements=st.floats(0, 1, width=32),
    )
)
def test_any_crop_gives_a_cell_in_range_and_is_left_alone(crop: np.ndarray) -> None:
    before = crop.copy()
    cell = normalize_crop(crop)
    assert cell.shape == (28, 28)
    assert cell.dtype == np.float32
    assert cell.min() >= 0
    assert cell.max() <= 1
    np.testing.assert_array_equal(crop, before)


def test_batch_of_bytes_equals_batch_of_shares() -> None:
    cells = np.arange(2 * 28 * 28, dtype=np.uint8).reshape(2, 28, 28)
    np.testing.assert_array_equal(to_batch(cells), to_batch((cells / np.float32(255)).astype(np.float32)))
    assert to_batch(cells).shape == (2, 28, 28, 1)


def test_empty_batch_is_a_batch() -> None:
    assert to_batch(np.empty((0, 28, 28), np.float32)).shape == (0, 28, 28, 1)


@pytest.mark.parametrize(
    "cells",
    [
        pytest.param(np.zeros((28, 28), np.float32), id="one cell without its batch"),
        pytest.param(np.zeros((1, 20, 20), np.float32), id="another size"),
        pytest.param(np.zeros((1, 28, 28), np.float64), id="float64"),
    ],
)
def test_what_are_no_cells_is_refused(cells: np.ndarray) -> None:
    with pytest.raises(InvalidImageError, match="Cells"):
        to_batch(cells)
