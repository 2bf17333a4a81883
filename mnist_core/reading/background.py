"""Paper in light that falls evenly: a smooth surface, which a pen that fills the picture does not bend."""

import numpy as np
from numpy.typing import NDArray

from mnist_core.reading.contrast import outstanding
from mnist_core.reading.paper import Page

_REACHES = (90.0, 60.0, 40.0, 30.0, 30.0)
"""Grey levels from the paper within which a pixel may still be paper, round by round."""
_DESIGN_SIDE = 40
"""The surface is fitted to no more pixels than this many each way."""
_LEAST_PAPER = 0.3
"""With less of the picture near the surface there is too little to say how the light bends."""


def fit_even_page(brightness: NDArray[np.uint8]) -> Page:
    """Find the paper of a picture whose light changes little by little, and whose edge is mostly bare.

    Args:
        brightness: uint8 (H, W); left unchanged.
    Returns:
        The page, seen so that the pen is dark: the kind of pen of which more stands out.
    """
    edge = np.concatenate([brightness[0], brightness[-1], brightness[:, 0], brightness[:, -1]])
    paper = _fit_quadratic_background(brightness, float(np.median(edge)))
    pages = [
        Page(brightness, paper, None, dark_pen=True),
        Page(255 - brightness, 255 - paper, None, dark_pen=False),
    ]
    return max(pages, key=outstanding)


def _fit_quadratic_background(brightness: NDArray[np.uint8], start: float) -> NDArray[np.float32]:
    """Fit a surface of second degree to the paper, which is about this bright.

    Pixels far from the surface are ink, so each round weighs them less (iteratively reweighted least
    squares with Tukey's biweight). The first surface is flat.
    """
    rows, columns = np.mgrid[-1 : 1 : brightness.shape[0] * 1j, -1 : 1 : brightness.shape[1] * 1j]
    terms = np.stack([np.ones_like(rows), rows, columns, rows**2, columns**2, rows * columns], axis=-1)
    every = max(1, max(brightness.shape) // _DESIGN_SIDE)
    design = terms[::every, ::every].reshape(-1, 6)
    values = brightness[::every, ::every].reshape(-1).astype(np.float64)
    surface = np.full(values.shape, start)
    coefficients = np.array([start, 0, 0, 0, 0, 0])
    for reach in _REACHES:
        weights = np.maximum(1 - ((values - surface) / reach) ** 2, 0)
        if (weights > 0).mean() < _LEAST_PAPER:
            break
        scaled = design * weights[:, np.newaxis]
        # The small ridge keeps a picture one pixel wide or high solvable.
        coefficients = np.linalg.solve(scaled.T @ scaled + 1e-3 * np.eye(6), scaled.T @ (values * weights))
        surface = design @ coefficients
    paper: NDArray[np.float32] = np.clip(terms @ coefficients, 0, 255).astype(np.float32)
    return paper
