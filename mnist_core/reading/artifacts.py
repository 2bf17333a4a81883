"""What a photo shows beside the writing, told by its place and shape: fingers, neighbours cut off, holes."""

import cv2
import numpy as np

from mnist_core.reading.pieces import Piece, distances, typical_height

_PAGE_SIDE = 400
"""A smaller picture is cut out around a digit, which may well reach its edge."""
_LONELY = 0.8
"""What reaches in from the picture's edge, farther than this many heights from all writing, is none of it."""
_GIANT = 1.8
"""What reaches in and is higher than this many times the writing is none of it."""
_SCRAP = 0.6
"""What reaches in and is lower than this share of the writing's height is what is left of something."""
_SCRAP_AWAY = 0.15
"""...where it is farther than this share of the height from the writing, so that it is not a digit's bar."""
_FILLED = 0.66
"""A hole covers more than this share of its box: a disc covers 0.79."""
_ROUND = 0.6
"""A hole's shorter side is at least this share of its longer one."""
_LEAST_HOLE = 0.2
"""A hole is at least this high, as a share of the writing's height: what is lower may be a digit's end."""


def remove_artifacts(pieces: list[Piece], height: int, width: int) -> list[Piece]:
    """Leave out what is no writing on a photo; where nothing else is there, all stays.

    Args:
        pieces: of the whole photo, in any order.
        height: of the photo, in pixels.
        width: of the photo, likewise.
    Returns:
        The writing's pieces.
    """
    inside = [piece for piece in pieces if not _reaches_in(piece, height, width)]
    written = [piece for piece in inside if not _is_filled(piece)]
    if not written or len(written) == len(pieces):
        return pieces
    typical = typical_height(written)
    others = [piece for piece in pieces if _reaches_in(piece, height, width)]
    kept = [piece for piece in inside if piece.box.height < _LEAST_HOLE * typical or not _is_filled(piece)]
    tall = [piece for piece in written if piece.box.height > _SCRAP * typical]
    is_page = max(height, width) >= _PAGE_SIDE
    for piece, away in zip(others, distances(others, tall).min(axis=1), strict=True):
        share = piece.box.height / typical
        is_scrap = share < _SCRAP and away > _SCRAP_AWAY * typical
        if not (is_scrap or (is_page and (share > _GIANT or away > _LONELY * typical))):
            kept.append(piece)
    return kept


def _reaches_in(piece: Piece, height: int, width: int) -> bool:
    """Return whether a piece goes up to the picture's edge."""
    left, top = piece.box.x, piece.box.y
    return left <= 1 or top <= 1 or piece.right >= width - 1 or piece.bottom >= height - 1


def _is_filled(piece: Piece) -> bool:
    shorter, longer = sorted([piece.box.width, piece.box.height])
    area = cv2.countNonZero((piece.ink > 0.5).view(np.uint8))
    return shorter > _ROUND * longer and area > _FILLED * (shorter - 2) * (longer - 2)
