"""What a photo shows beside the writing, told by its place and shape: fingers, neighbours cut off, holes."""

from mnist_core.reading.normalization import stroke_thickness
from mnist_core.reading.pieces import Piece, distances, typical_height
from mnist_core.results import Box

GIANT = 1.8
"""What reaches in from the picture's edge, higher than this many times the writing, is none of it."""
_SCRAP = 0.6
"""What reaches in and is lower than this share of the writing's height is what is left of something."""
_AWAY = 0.15
"""Both are farther than this share of the height from the writing, or they are a part of it."""
_ALONG = 0.5
"""What lies along the picture's edge with more than this share of its length is no stroke that reaches it."""
_LINE = 3.0
"""A pen's line is at least so many times as long as thick; what is shorter is a speck or a blot."""
_BLOT = 2.5
"""A hole or a blot is so many times as thick as the writing's strokes."""


def remove_artifacts(pieces: list[Piece], height: int, width: int) -> list[Piece]:
    """Leave out what is likely no writing on a photo: what reaches into it and is of another size, and holes.

    Args:
        pieces: of the whole photo, in any order.
        height: of the photo, in pixels.
        width: of the photo, likewise.
    """
    pieces = [piece for piece in pieces if not _lies_along(piece, height, width)]
    reaching = [piece for piece in pieces if reaches_in(piece.box, height, width)]
    inside = [piece for piece in pieces if not reaches_in(piece.box, height, width)]
    thicknesses = {id(piece): stroke_thickness(piece.ink) for piece in inside}
    written = [p for p in inside if max(p.box.height, p.box.width) > _LINE * thicknesses[id(p)]]
    if not written:
        return pieces
    typical = typical_height(written)
    pen = sorted(thicknesses[id(piece)] for piece in written)[len(written) // 2]
    kept = [piece for piece in inside if thicknesses[id(piece)] <= _BLOT * pen]
    tall = [piece for piece in written if piece.box.height > _SCRAP * typical]
    for piece, away in zip(reaching, distances(reaching, tall).min(axis=1), strict=True):
        share = piece.box.height / typical
        if _SCRAP <= share <= GIANT or away <= _AWAY * typical:
            kept.append(piece)
    return kept


def reaches_in(box: Box, height: int, width: int) -> bool:
    """Return whether a box goes up to the edge of a picture of this height and width."""
    return sides_reached(box, height, width) > 0


def sides_reached(box: Box, height: int, width: int) -> int:
    """Count the picture's sides that a box reaches."""
    right, bottom = box.x + box.width, box.y + box.height
    return (box.x <= 1) + (box.y <= 1) + (right >= width - 1) + (bottom >= height - 1)


def _lies_along(piece: Piece, height: int, width: int) -> bool:
    """Return whether a piece lies along the picture's edge."""
    box, mask = piece.box, piece.ink > 0.5
    ends = (
        (box.x == 0, mask[:, :2]),
        (piece.right == width, mask[:, -2:]),
        (box.y == 0, mask[:2].T),
        (piece.bottom == height, mask[-2:].T),
    )
    contact = sum(int(rim.any(axis=1).sum()) for at_edge, rim in ends if at_edge)
    return contact > _ALONG * max(box.height, box.width)
