"""Which ink is one digit: pieces of ink, the ways to group them, and the best of those ways.

Pieces are what can't be taken apart: connected ink, or on a canvas whole strokes. Neighbouring pieces
may be one digit (a 5 and its bar) or several, so every sensible group is proposed, the network scores
all proposals in one batch, and per line of writing the best chain of groups is chosen, much as in
segmentation by recognition (LeCun, Bottou, Bengio, Haffner 1998, "Gradient-based learning applied to
document recognition", section V).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import cv2
import numpy as np
from numpy.typing import NDArray

from mnist_core.reading.pieces import (
    Piece,
    box_around,
    join_pieces,
    typical_height,
)
from mnist_core.reading.writing_lines import lines_of_writing
from mnist_core.results import Box

_MOST_PIECES = 4
"""A digit has no more pieces than this: a 5 of body and bar, a 4 of three strokes, and one break."""
_WIDEST = 1.5
"""Pieces side by side that are wider than this many times their height are no single digit."""
_FARTHEST = 0.35
"""Pieces farther apart than this share of the writing's height are no single digit."""
_TALL = 0.7
"""Pieces higher than this share of the writing's height may each be a digit."""
_AIR_BETWEEN_TALL = 0.08
"""Tall pieces farther apart than this share of the height are two digits."""
_SHORT = 0.45
"""Pieces lower than this share of the writing's height are seldom digits..."""
_SHORT_ALONE = -2.0
"""...by these log odds: where a neighbour and they look like one digit, they are."""
_LOW = 0.33
"""A piece lower than this share of the writing's height is no digit of it."""
_DOT = 0.25
"""A stroke smaller than this share of the writing's height, both ways, is a dot."""
_DOT_JOINED = -3.0
"""Log odds of a dot being a part of the digit that it stands beside without touching it."""
_CERTAIN_OVERLAP = 0.7
"""Pieces that lie over each other by this share of the narrower one's width are one digit."""
_CLOSE_ABOVE = 0.2
"""Pieces with less air between them than this share of the lower one's height stand on each other."""
_MOST_STACKED = 60
"""With more pieces than this a picture is a page, where what stands on each other is two lines."""


@dataclass(frozen=True, slots=True, eq=False)  # eq=False: comparing arrays has no single answer
class DigitCrop:
    """One digit's ink, cut out.

    Attributes:
        box: where it stands in the picture.
        ink: float32 (box.height, box.width) in [0, 1]; neighbours' ink is left out.
        line: the line of writing it stands in; 0 is the topmost.
    """

    box: Box
    ink: NDArray[np.float32]
    line: int


@dataclass(frozen=True, slots=True, eq=False)
class Proposal:
    """Pieces `first` to `first + count - 1` of a line, which may be one digit.

    Attributes:
        crop: the pieces' ink together.
        first: the leftmost piece's index in its line.
        count: how many pieces.
        prior: log odds that geometry alone gives for these pieces being one digit; 0 for one tall piece.
        is_low: whether it is one piece much lower than the writing beside it, a dot or a bar: no digit,
            whatever its shape.
    """

    crop: DigitCrop
    first: int
    count: int
    prior: float
    is_low: bool = False


def propose_marks(pieces: list[Piece], *, deliberate: bool = False) -> list[Proposal]:
    """List every group of neighbouring pieces that may be one digit or sign, each single piece among them.

    Args:
        pieces: of the whole picture, in any order.
        deliberate: each piece was meant, as a pen's stroke is: then none is dirt, and a dot beside a digit is
            a sign, not a part of it.
    Returns:
        Proposals, line by line.
    """
    pieces = _join_stacked(pieces)
    proposals: list[Proposal] = []
    for number, line in enumerate(lines_of_writing(pieces, deliberate=deliberate)):
        height = typical_height(line)
        line = _join_certain(line, height)
        for first in range(len(line)):
            proposals += _proposals_from(line, first, number, height, deliberate)
    return proposals


def choose_marks(proposals: Sequence[Proposal], scores: NDArray[np.floating]) -> list[int]:
    """Choose per line the chain of proposals that covers every piece once and is likeliest.

    A proposal counts once for each of its pieces, so that chains of different lengths compare fairly.

    Args:
        proposals: as `propose_marks` gave them.
        scores: (n,) in [0, 1]; how much each proposal looks like one digit.
    Returns:
        Indexes into `proposals`, in reading order.
    """
    log_scores = np.log(np.clip(scores, 1e-6, 1))
    lines = groupby(range(len(proposals)), key=lambda k: proposals[k].crop.line)
    return [k for _, line in lines for k in _best_chain(proposals, log_scores, list(line))]


def _best_chain(
    proposals: Sequence[Proposal], log_scores: NDArray[np.floating], line: list[int]
) -> list[int]:
    """Find the likeliest chain through one line by dynamic programming over its pieces."""
    pieces = max(proposals[k].first + proposals[k].count for k in line)
    best = [0.0] + [-np.inf] * pieces
    came_by = [-1] * (pieces + 1)
    for k in sorted(line, key=lambda k: proposals[k].first):
        proposal = proposals[k]
        end = proposal.first + proposal.count
        value = best[proposal.first] + proposal.count * float(log_scores[k]) + proposal.prior
        if value > best[end]:
            best[end], came_by[end] = value, k
    chain: list[int] = []
    end = pieces
    while end:
        chain.append(came_by[end])
        end = proposals[came_by[end]].first
    return chain[::-1]


def _proposals_from(
    line: list[Piece], first: int, number: int, height: float, deliberate: bool
) -> list[Proposal]:
    """Propose the piece at `first` alone and together with its next neighbours to the right."""
    group = line[first]
    is_short = group.box.height < _SHORT * height and group.box.width < height
    is_dot = _is_dot(group, height)
    alone = _SHORT_ALONE if is_short and not (deliberate and is_dot) else 0.0
    proposals = [
        Proposal(DigitCrop(group.box, group.ink, number), first, 1, alone, group.box.height < _LOW * height)
    ]
    prior = 0.0
    for count in range(2, _MOST_PIECES + 1):
        if first + count > len(line):
            break
        added = line[first + count - 1]
        closeness = _closeness(group, added, height)
        prior += min(max(6 * (closeness - 0.1), -4), 4)
        if deliberate and closeness < 0 and (is_dot or _is_dot(added, height)):
            prior += _DOT_JOINED
        both_tall = min(group.box.height, added.box.height) > _TALL * height
        group = join_pieces([group, added])
        if closeness < -(_AIR_BETWEEN_TALL if both_tall else _FARTHEST) or group.box.width > _WIDEST * max(
            group.box.height, height
        ):
            break
        proposals.append(Proposal(DigitCrop(group.box, group.ink, number), first, count, prior))
    return proposals


def _is_dot(piece: Piece, height: float) -> bool:
    return max(piece.box.height, piece.box.width) < _DOT * height


def _closeness(one: Piece, other: Piece, height: float) -> float:
    """Compute how two pieces stand side by side.

    Returns:
        The share of the narrower one's width that lies over the other, in (0, 1]; or, where there is a
        gap between them, the gap as a share of the writing's height, negative.
    """
    overlap = min(one.right, other.right) - max(one.box.x, other.box.x)
    if overlap <= 0:
        return overlap / height
    return overlap / min(one.box.width, other.box.width)


def _join_certain(line: list[Piece], height: float) -> list[Piece]:
    """Join what is surely one digit, so that fewer groups are left to be judged."""
    joined: list[Piece] = []
    for piece in sorted(line, key=lambda piece: piece.box.x + piece.box.width / 2):
        if joined and _surely_one(joined[-1], piece, height):
            joined[-1] = join_pieces([joined[-1], piece])
        else:
            joined.append(piece)
    return joined


def _surely_one(one: Piece, other: Piece, height: float) -> bool:
    together = box_around([one, other])
    if max(one.box.y, other.box.y) - min(one.bottom, other.bottom) > _FARTHEST * height:
        return False
    if together.width > _WIDEST * max(together.height, height):
        return False
    closeness = _closeness(one, other, height)
    both_tall = min(one.box.height, other.box.height) > _TALL * height
    if both_tall and closeness < _CERTAIN_OVERLAP:
        return False
    return closeness >= _CERTAIN_OVERLAP or (closeness > 0.25 and _touch(one, other))


def _join_stacked(pieces: list[Piece]) -> list[Piece]:
    """Join what stands on or in each other, a broken 8, a crossed 4, unless it is two lines of writing."""
    if len(pieces) > _MOST_STACKED:
        return pieces
    pieces = sorted(pieces, key=lambda piece: piece.box.y)
    for upper in pieces:
        for lower in pieces:
            if upper is lower or upper.box.y > lower.box.y or not _stacked(upper, lower):
                continue
            rest = [piece for piece in pieces if piece is not upper and piece is not lower]
            if not rest or box_around([upper, lower]).height <= 1.3 * typical_height(rest):
                return _join_stacked([*rest, join_pieces([upper, lower])])
    return pieces


def _stacked(upper: Piece, lower: Piece) -> bool:
    """Return whether two pieces, the first no lower than the second, stand on each other or cross."""
    gap = lower.box.y - upper.bottom
    overlap = min(upper.right, lower.right) - max(upper.box.x, lower.box.x)
    narrower = min(upper.box.width, lower.box.width)
    smaller = min(upper.box.height, lower.box.height)
    if overlap <= 0.5 * narrower:
        return False
    return -0.5 * smaller < gap < _CLOSE_ABOVE * smaller or _touch(upper, lower)


def _touch(one: Piece, other: Piece) -> bool:
    """Return whether two pieces share ink, as crossing strokes do."""
    left, top = max(one.box.x, other.box.x), max(one.box.y, other.box.y)
    right, bottom = min(one.right, other.right), min(one.bottom, other.bottom)
    if right <= left or bottom <= top:
        return False
    windows = [
        piece.ink[top - piece.box.y : bottom - piece.box.y, left - piece.box.x : right - piece.box.x]
        for piece in (one, other)
    ]
    return bool(cv2.min(*windows).max() > 0.5)
