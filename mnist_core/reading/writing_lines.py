"""Lines of writing: which pieces of ink stand beside each other, however the page was held."""

import numpy as np

from mnist_core.reading.pieces import Piece, distances, typical_height

_BESIDE = 0.4
"""Pieces that share more than this much of the lower one's height stand in one line."""
_NEAR = 2.0
"""Pieces with less between them than this many heights are neighbours, however the page was held."""
_FEWEST_PAIRS = 3
"""Fewer neighbours than this don't tell how a line rises."""
_LONELY = 0.5
"""What is small and farther than this share of the writing's height from all else belongs to none of it."""
_DIRT = 0.3
"""Such a thing is dirt where it is smaller than this share of the writing's height."""


def lines_of_writing(pieces: list[Piece], *, deliberate: bool = False) -> list[list[Piece]]:
    """Sort pieces into lines of writing, topmost first.

    Tall pieces make the lines: each joins the line whose nearest piece it stands beside. How much the
    lines rise is learned from near neighbours first, so that far columns of a table find their row.
    What is small, a bar or a dot, goes to the line of the piece nearest to it; far from all it is dirt,
    or a mark of its own.

    Args:
        pieces: of the whole picture, in any order.
        deliberate: each piece was meant, so that none is dirt.
    """
    if not pieces:
        return []
    height = typical_height(pieces)
    tall = [piece for piece in pieces if piece.box.height >= 0.5 * height]
    low = [piece for piece in pieces if piece.box.height < 0.5 * height]
    near, apart = [], []
    for piece, gaps in zip(low, distances(low, tall), strict=True):
        if gaps.min() <= _LONELY * height:
            near.append((piece, tall[int(gaps.argmin())]))
        elif deliberate or max(piece.box.height, piece.box.width) > _DIRT * height:
            apart.append(piece)
    rise = _rise(_rows(tall, 0.0, _NEAR * height))
    lines = _rows(tall + apart, rise, np.inf)
    lines.sort(key=lambda line: _depth(line, rise))
    line_of = {id(piece): line for line in lines for piece in line}
    for piece, neighbour in near:
        line_of[id(neighbour)].append(piece)
    return lines


def _rows(pieces: list[Piece], rise: float, farthest: float) -> list[list[Piece]]:
    """Chain pieces to rows from left to right, each to the row whose last piece it stands beside.

    `rise` is how much a line goes down on its way to the right; `farthest` how wide a gap may be, in pixels.
    """
    rows: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda piece: piece.box.x):
        beside = [
            row
            for row in rows
            if piece.box.x - row[-1].right < farthest and _shared_height(row[-1], piece, rise) > _BESIDE
        ]
        if beside:
            max(beside, key=lambda row: _shared_height(row[-1], piece, rise)).append(piece)
        else:
            rows.append([piece])
    return rows


def _rise(rows: list[list[Piece]]) -> float:
    """Fit one slope to all rows: pixels down for each pixel to the right; 0 where too little is written."""
    across = down = 0.0
    pairs = sum(len(row) - 1 for row in rows)
    for row in rows:
        middles = np.array([_middle(piece) for piece in row])
        x, y = (middles - middles.mean(axis=0)).T
        across, down = across + float(x @ x), down + float(x @ y)
    return down / across if pairs >= _FEWEST_PAIRS and across else 0.0


def _depth(line: list[Piece], rise: float) -> float:
    """Compute how far down a line stands where it meets the picture's left edge."""
    return float(np.mean([y - rise * x for x, y in map(_middle, line)]))


def _middle(piece: Piece) -> tuple[float, float]:
    return piece.box.x + piece.box.width / 2, piece.box.y + piece.box.height / 2


def _shared_height(one: Piece, other: Piece, rise: float = 0.0) -> float:
    """Compute how much of the lower one's height two pieces share, were their line level: at most 1."""
    shift = rise * (_middle(other)[0] - _middle(one)[0])
    shared = min(one.bottom, other.bottom - shift) - max(one.box.y, other.box.y - shift)
    return shared / min(one.box.height, other.box.height)
