"""Paper in even light: a smooth surface, whatever fills the picture."""

import numpy as np
import pytest

from mnist_core.reading.background import fit_even_page


def falling_light(height: int = 120, width: int = 160) -> np.ndarray:
    rows, columns = np.mgrid[0 : 1 : height * 1j, 0 : 1 : width * 1j]
    return np.asarray(220 - 60 * columns + 20 * rows * rows)


def test_paper_under_falling_light_is_found_beneath_a_broad_pen() -> None:
    light = falling_light()
    photo = light.copy()
    photo[20:100, 60:100] *= 0.2
    page = fit_even_page(photo.astype(np.uint8))
    assert page.dark_pen
    assert np.abs(page.paper - light).max() < 6


def test_chalk_on_a_board_is_seen_as_a_dark_pen() -> None:
    board = np.full((80, 90), 40, np.uint8)
    board[20:60, 30:40] = 220
    page = fit_even_page(board)
    assert not page.dark_pen
    np.testing.assert_array_equal(page.brightness, 255 - board)
    assert np.abs(page.paper - 215).max() < 2


@pytest.mark.parametrize("size", [(1, 1), (1, 40), (40, 1)])
def test_a_picture_one_pixel_wide_has_paper(size: tuple[int, int]) -> None:
    page = fit_even_page(np.full(size, 200, np.uint8))
    assert page.paper.shape == size
    assert np.isfinite(page.paper).all()
