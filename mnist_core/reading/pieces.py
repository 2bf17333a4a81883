"""Pieces of ink: what can't be taken apart without cutting. Connected ink, or strokes as they were made."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from mnist_core.reading.strokes import Stroke, draw_strokes
from mnist_core.results import Box

_SPECK = 0.12
"""What is smaller than this share of the writing's height is dirt: even the dot of an i is larger."""
_FEW_PIXELS = 1 << 17
"""So many pixels hold fewer pieces than 16 bits can count."""
_MOST_PIECES = 2000
"""A page has no more digits than this; beyond it only the largest pieces are looked at."""


@dataclass(frozen=True, slots=True, eq=False)  # eq=False: comparing arrays has no single answer
class Piece:
    """Some ink and where it stands: float32 (box.height, box.width) in [0, 1]."""

    box: Box
    ink: NDArray[np.float32]

    @property
    def right(self) -> int:
        return self.box.x + self.box.width

    @property
    def bottom(self) -> int:
        return self.box.y + self.box.height


def pieces_from_ink(ink: NDArray[np.float32], smallest: float = _SPECK) -> list[Piece]:
    """Cut a picture into its connected pieces of ink, specks left out.

    Args:
        ink: float32 (H, W) in [0, 1]; 1 is ink. Left unchanged.
        smallest: share of the writing's height below which a piece is left out.
    Returns:
        The pieces, in no order.
    """
    inked_x, inked_y, width, height = cv2.boundingRect((ink > 0.5).view(np.uint8))
    x, y = max(inked_x - 1, 0), max(inked_y - 1, 0)  # with the soft edge around
    ink = ink[y : inked_y + height + 1, x : inked_x + width + 1]
    mask = (ink > 0.5).view(np.uint8)
    # Small labels are found twice as fast; no more pieces than a quarter of the pixels can lie apart.
    kind = cv2.CV_16U if mask.size < _FEW_PIXELS else cv2.CV_32S
    _, found, table, _ = cv2.connectedComponentsWithStats(mask, connectivity=8, ltype=kind)
    labels: NDArray[np.integer] = np.asarray(found)
    stats = np.asarray(table, np.int32)[1:]
    if not len(stats):
        return []
    sides = stats[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].max(axis=1)
    least = smallest * _writing_height(stats, *mask.shape)
    order = np.argsort(-sides, kind="stable")[:_MOST_PIECES]
    return [_piece(ink, labels, stats[k], int(k) + 1, (x, y)) for k in order if sides[k] >= least]


def _writing_height(stats: NDArray[np.int32], height: int, width: int) -> float:
    """Estimate the writing's height: of half of the ink, of that which does not reach the picture's edge."""
    left, top = stats[:, cv2.CC_STAT_LEFT], stats[:, cv2.CC_STAT_TOP]
    heights, areas = stats[:, cv2.CC_STAT_HEIGHT], stats[:, cv2.CC_STAT_AREA]
    inside = (left > 0) & (top > 0) & (left + stats[:, cv2.CC_STAT_WIDTH] < width) & (top + heights < height)
    return (
        _weighted_median(heights[inside], areas[inside]) if inside.any() else _weighted_median(heights, areas)
    )


def pieces_from_strokes(strokes: Sequence[Stroke], height: int, width: int) -> list[Piece]:
    """Draw each stroke as a piece of its own; touching strokes stay apart.

    Args:
        strokes: as they were made, in pixels of the picture.
        height: of the picture; what lies outside is cut off.
        width: of the picture, likewise.
    Returns:
        One piece for each stroke that left ink on the paper.
    """
    pieces = []
    for stroke in strokes:
        margin = stroke.width / 2 + 1
        left, top = np.maximum(np.floor(stroke.points.min(axis=0) - margin), 0).astype(int).tolist()
        right, bottom = np.ceil(stroke.points.max(axis=0) + margin).astype(int).tolist()
        right, bottom = min(right, width), min(bottom, height)
        if right <= left or bottom <= top:
            continue
        moved = Stroke(stroke.points - np.array([left, top], np.float32), stroke.width)
        paper = draw_strokes([moved], bottom - top, right - left)
        ink = (255 - paper[..., 0]).astype(np.float32) / np.float32(255)
        pieces.append(Piece(Box(left, top, right - left, bottom - top), ink))
    return [trimmed for piece in pieces if (trimmed := trim_piece(piece)) is not None]


def box_around(pieces: Sequence[Piece]) -> Box:
    """Return the smallest box that holds all pieces; at least one."""
    return Box.around(piece.box for piece in pieces)


def join_pieces(pieces: Sequence[Piece]) -> Piece:
    """Lay pieces over each other on one sheet, each where it stands; at least one."""
    box = box_around(pieces)
    ink = np.zeros((box.height, box.width), np.float32)
    for piece in pieces:
        y, x = piece.box.y - box.y, piece.box.x - box.x
        window = ink[y : y + piece.box.height, x : x + piece.box.width]
        np.maximum(window, piece.ink, out=window)
    return Piece(box, ink)


def typical_height(pieces: Sequence[Piece]) -> float:
    """Estimate the writing's height in pixels: half of the ink's boxes belong to pieces as tall or taller."""
    heights = np.array([piece.box.height for piece in pieces])
    weights = np.array([piece.box.height * piece.box.width for piece in pieces])
    return _weighted_median(heights, weights)


def distances(some: Sequence[Piece], others: Sequence[Piece]) -> NDArray[np.float64]:
    """Measure the gaps between boxes in pixels, 0 where they overlap: (len(some), len(others))."""
    left, top, right, bottom = _corners(some)[..., np.newaxis]
    other_left, other_top, other_right, other_bottom = _corners(others)
    x_gap = np.maximum(left, other_left) - np.minimum(right, other_right)
    y_gap = np.maximum(top, other_top) - np.minimum(bottom, other_bottom)
    gaps: NDArray[np.float64] = np.hypot(np.maximum(x_gap, 0), np.maximum(y_gap, 0))
    return gaps


def _corners(pieces: Sequence[Piece]) -> NDArray[np.float64]:
    """Return left, top, right and bottom of each box: (4, n)."""
    corners = [(piece.box.x, piece.box.y, piece.right, piece.bottom) for piece in pieces]
    return np.array(corners, np.float64).reshape(-1, 4).T


def _weighted_median(values: NDArray[np.integer], weights: NDArray[np.integer]) -> float:
    order = np.argsort(values)
    rising = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(rising, rising[-1] / 2)])


def _piece(
    ink: NDArray[np.float32],
    labels: NDArray[np.integer],
    stat: NDArray[np.int32],
    label: int,
    corner: tuple[int, int],
) -> Piece:
    """Cut one connected component out, with the soft edge that lies around its core.

    `corner` is where in the picture `ink` has its top left pixel, as (x, y).
    """
    left, top = max(stat[0] - 1, 0), max(stat[1] - 1, 0)
    right, bottom = stat[0] + stat[2] + 1, stat[1] + stat[3] + 1
    near = labels[top:bottom, left:right]
    others = (near != 0) & (near != label)
    own = np.where(others, np.float32(0), ink[top:bottom, left:right])
    height, width = own.shape
    return Piece(Box(int(left) + corner[0], int(top) + corner[1], width, height), own)


def trim_piece(piece: Piece) -> Piece | None:
    """Cut off the bare margin; None where there is no ink at all."""
    x, y, width, height = cv2.boundingRect((piece.ink > 0).astype(np.uint8))
    if not width:
        return None
    return Piece(
        Box(piece.box.x + x, piece.box.y + y, width, height), piece.ink[y : y + height, x : x + width]
    )
