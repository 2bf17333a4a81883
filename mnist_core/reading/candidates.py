"""Candidate readings of a photo: what is read in a view, how much that explains, what other views confirm."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from mnist_core.reading.artifacts import remove_artifacts, sides_reached
from mnist_core.reading.implausible import refuse_bars, refuse_pattern, refuse_strangers
from mnist_core.reading.marks import Mark, MarkReader
from mnist_core.reading.pieces import pieces_from_ink
from mnist_core.reading.turning import turn_clockwise
from mnist_core.reading.views import Paper, View
from mnist_core.results import Box

_CLEAR = 0.9
"""A view that explains so much of its picture needs no other beside it."""
_SIGN_WEIGHT = 0.8
"""So well explains a whole sign its ink, where a sure digit explains all of it..."""
_ALIKE = 2.0
"""...if it is no more than so many times as large or as small as the digits are."""
_SAME_PLACE = 0.5
"""Boxes in two views are of one mark where they share this much of the area that both cover."""
_ALONE = 0.75
"""Where a view explains less than this, only those digits count that another view confirms."""
_LEAST_READ = 0.5
"""Where less than this is explained then, the picture shows something else than writing."""
_ONE = 1
_SMOOTH = (Paper.EVEN, Paper.DRY)
"""Kinds of paper on which a shadow's edge looks like ink."""


@dataclass(frozen=True, slots=True, eq=False)  # eq=False: comparing arrays has no single answer
class Candidate:
    """What the network reads in one view.

    A mark weighs by its longer side, squared: parts of a digit are less than the whole, and a thick pen is
    no more than a thin one.

    Attributes:
        view: the photo's ink.
        turn: degrees clockwise by which it was turned to be read.
        marks: in reading order; boxes are in pixels of the ink, turned.
        is_digit: bool (marks,).
        beside: what all weighs that was left out as no writing.
    """

    view: View
    turn: int
    marks: tuple[Mark, ...]
    is_digit: NDArray[np.bool_]
    beside: float

    @property
    def read(self) -> float:
        """What the digits weigh, each by how surely it is one."""
        return float((self._weights() * self._digit_scores())[self.is_digit].sum())

    @property
    def clearness(self) -> float:
        """The share of all marks that is explained, in [0, 1]; 0 without a digit."""
        if not self.read:
            return 0.0
        weights = self._weights()
        typical = float(np.median(weights[self.is_digit]))
        alike = (weights > typical / _ALIKE**2) & (weights < typical * _ALIKE**2)
        signs = np.array([_SIGN_WEIGHT * mark.sign for mark in self.marks]) * alike
        explained = np.where(self.is_digit, self._digit_scores(), signs)
        return self.read / (self.read + float((weights * (1 - explained)).sum()))

    @property
    def is_clear(self) -> bool:
        """Whether so much is explained that nothing else is likely to be written there.

        A digit that reaches two sides of the picture may be a shadow that falls across it.
        """
        size = self.view.ink.shape if self.turn in (0, 180) else self.view.ink.shape[::-1]
        return self.clearness > _CLEAR and all(
            sides_reached(mark.crop.box, *size) < 2 for mark in self._digits()
        )

    @property
    def is_certain(self) -> bool:
        """Whether no other view is needed: it is clear, and no shadow hides writing or looks like a 1."""
        if self.view.paper not in _SMOOTH or not self.is_clear:
            return self.is_clear
        return not self.is_ones and self.read > _CLEAR * (self.read / self.clearness + self.beside)

    @property
    def is_ones(self) -> bool:
        """Whether all digits are ones: so is a shadow's edge, seen at a small size."""
        return all(mark.probabilities.argmax() == _ONE for mark in self._digits())

    def boxes(self) -> NDArray[np.float64]:
        """Return the marks' left, top, right and bottom as shares of the longer side: (marks, 4)."""
        boxes = [mark.crop.box for mark in self.marks]
        corners = [(box.x, box.y, box.x + box.width, box.y + box.height) for box in boxes]
        shares: NDArray[np.float64] = np.array(corners, np.float64).reshape(-1, 4) / max(self.view.ink.shape)
        return shares

    def labels(self) -> NDArray[np.intp]:
        """Return the marks' likeliest digits: (marks,)."""
        return np.array([mark.probabilities.argmax() for mark in self.marks], np.intp)

    def accepted(self) -> tuple[Mark, ...]:
        """Return the marks, those refused that are not counted as digits."""
        return tuple(
            mark if counts else replace(mark, digit=0.0)
            for mark, counts in zip(self.marks, self.is_digit, strict=True)
        )

    def _digits(self) -> list[Mark]:
        return [mark for mark, counts in zip(self.marks, self.is_digit, strict=True) if counts]

    def _weights(self) -> NDArray[np.float64]:
        return np.array([_weight(mark.crop.box, self.view) for mark in self.marks], np.float64)

    def _digit_scores(self) -> NDArray[np.float64]:
        return np.array([mark.digit_score for mark in self.marks], np.float64)


def read_view(reader: MarkReader, view: View, turn: int = 0, keep_all: bool = False) -> Candidate:
    """Read a view.

    Args:
        reader: what reads.
        view: left unchanged.
        turn: degrees clockwise by which it is turned first.
        keep_all: what reaches into the picture is writing, too.
    """
    turned = turn_clockwise(view.ink, turn)
    pieces = pieces_from_ink(turned)
    writing = pieces if keep_all else remove_artifacts(pieces, *turned.shape)
    kept = {id(piece) for piece in writing}
    left_out = [piece.box for piece in pieces if id(piece) not in kept]
    beside = sum(box.height * box.width for box in left_out) / max(turned.shape) ** 2
    marks = refuse_bars(refuse_pattern(reader.group_ink(writing), reader), reader, turned.shape)
    marks = refuse_strangers(marks, reader, turned.shape)
    is_digit = np.array([reader.is_digit(mark) for mark in marks], np.bool_)
    return Candidate(view, turn, tuple(marks), is_digit, beside)


def choose_candidate(candidates: Sequence[Candidate]) -> Candidate:
    """Choose the candidate that explains its picture best, with those digits that count.

    By what another view confirms, where any does: in a room or a cloth each view shows other digits.

    Args:
        candidates: of one photo, one at least.
    """
    confirmed = [_confirmed(candidate, candidates) for candidate in candidates]
    values = np.array([_value(candidate) for candidate in candidates])
    by_others = np.array([_value(candidate) for candidate in confirmed])
    certain = [candidate for candidate in candidates if candidate.is_certain]
    if certain:
        values *= np.array(
            [
                one in certain or (one.is_clear and not one.is_ones) or _holds_all(one, certain)
                for one in candidates
            ]
        )
    elif by_others.any():
        values *= by_others
    best = int(values.argmax())
    enough = _CLEAR if candidates[best].is_ones else _ALONE
    found = candidates[best] if candidates[best].clearness > enough else confirmed[best]
    if found.clearness < _LEAST_READ or not values[best]:
        found = replace(found, is_digit=np.zeros(len(found.marks), np.bool_))
    return found


def _holds_all(candidate: Candidate, others: Sequence[Candidate]) -> bool:
    """Return whether what others take for writing is part of what this one does: it is no shadow then.

    Ones must be among what the others read, as they stand: a shadow that looks like a 1 may hold writing.
    That other ones are read says nothing: a long 1 that was taken for printed lines leaves short ones.
    """
    if candidate.clearness <= _CLEAR:
        return False
    if candidate.is_ones:
        return all(
            other.is_ones or _same(candidate, other)[:, other.is_digit].any(axis=0).all() for other in others
        )
    height, width = candidate.view.ink.shape
    for other in others:
        ink = cv2.resize(other.view.ink, (width, height), interpolation=cv2.INTER_AREA)
        if float((ink * candidate.view.ink).sum()) < _SAME_PLACE * float(ink.sum()):
            return False
    return True


def _value(candidate: Candidate) -> float:
    """Compute how well a candidate explains its picture: how much of it, and how clearly.

    A smooth surface of which more is left out than read is not this picture's paper.
    """
    if candidate.view.paper in _SMOOTH and candidate.beside > candidate.read:
        return 0.0
    return float(candidate.clearness * candidate.read ** (1 / 3))


def _confirmed(candidate: Candidate, candidates: Sequence[Candidate]) -> Candidate:
    """Count only those digits that are read in the same place on another kind of paper, too."""
    confirmed = np.zeros(len(candidate.marks), np.bool_)
    for other in candidates:
        if other.view.paper is candidate.view.paper or not other.is_digit.any():
            continue
        confirmed |= _same(candidate, other)[:, other.is_digit].any(axis=1)
    return replace(candidate, is_digit=candidate.is_digit & confirmed)


def _same(one: Candidate, other: Candidate) -> NDArray[np.bool_]:
    """Return which marks of two views are one digit in one place: bool (marks of one, marks of other)."""
    boxes, others = one.boxes()[:, np.newaxis], other.boxes()[np.newaxis]
    sides = np.minimum(boxes[..., 2:], others[..., 2:]) - np.maximum(boxes[..., :2], others[..., :2])
    shared = np.maximum(sides, 0).prod(axis=-1)
    both = (boxes[..., 2:] - boxes[..., :2]).prod(-1) + (others[..., 2:] - others[..., :2]).prod(-1) - shared
    alike = one.labels()[:, np.newaxis] == other.labels()
    return np.asarray((shared > _SAME_PLACE * both) & alike, np.bool_)


def _weight(box: Box, view: View) -> float:
    return float((max(box.height, box.width) / max(view.ink.shape)) ** 2)
