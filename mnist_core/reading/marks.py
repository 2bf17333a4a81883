"""Marks: what of a picture's ink is one digit or one sign, as the network predicts; cut apart."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from mnist_core.reading.cuts import cut_crop, may_be_several
from mnist_core.reading.grouping import DigitCrop, Proposal, choose_marks, propose_marks
from mnist_core.reading.normalization import normalize_crop
from mnist_core.reading.onnx_model import Network
from mnist_core.reading.pieces import Piece
from mnist_core.reading.slashes import Neighbour, find_slashes

_SURE_CUT = 0.8
"""Parts of a cut mark must look like digits this much: nearly anything can be cut so that it might be."""
_SURE_CUT_ALONE = 0.99
"""The same for a mark with no digit beside it."""
_MOST_CUT_MARKS = 20
"""With more marks refused than this a picture shows something else, and cutting would take seconds."""
_MOST_CUTS = 2
"""Cuts within cuts: up to four digits in a row that touch."""
_DIGIT_ODDS = 10.0
"""Beside digits the odds of a digit are so many times those of a mark by itself: people write numbers."""
_LOWEST_DIGIT = 0.6
"""Digits of one number are at least this high, as a share of each other..."""
_LOW_DIGIT_ODDS = 0.1
"""...and what is lower is likelier a sign, such as an asterisk."""
_WHOLE_SIGN = 0.9
"""What is a whole sign with this probability is not cut: an N is no 111."""
_LOW_SIGN = 0.95
"""How likely a dot or a bar beside higher writing is a sign: else it is a part that broke off."""
_Prediction = tuple[NDArray[np.float32], NDArray[np.float32], float, float]
"""A mark's cell and probabilities, and how likely it is a whole digit, and a whole sign."""


@dataclass(frozen=True, slots=True, eq=False)  # eq=False: comparing arrays has no single answer
class Mark:
    """A crop, its cell (28, 28), and what the network predicts of it.

    Attributes:
        crop: the ink and where it stands.
        cell: float32 (28, 28) in [0, 1].
        probabilities: float32 (10,) of the digits.
        digit: how likely it is one whole digit, in [0, 1].
        sign: how likely it is one whole thing that is no digit, in [0, 1].
    """

    crop: DigitCrop
    cell: NDArray[np.float32]
    probabilities: NDArray[np.float32]
    digit: float
    sign: float

    @property
    def digit_score(self) -> float:
        """How likely it is one particular digit, in [0, 1]."""
        return float(self.digit * self.probabilities.max())

    @property
    def score(self) -> float:
        """How likely it is one whole thing, a particular digit or a sign, in [0, 1]."""
        return max(self.digit_score, self.sign)


@dataclass(frozen=True, slots=True, eq=False)
class MarkCache:
    """What a network predicted of a drawing's marks at its last reading, so that only new ones cost time.

    Attributes:
        network: the one that predicted; another one's predictions are of no use.
        predictions: by a digest of each mark's ink.
    """

    network: Network | None = None
    predictions: Mapping[bytes, _Prediction] = field(default_factory=dict)


class MarkReader:
    """Groups ink to marks with one network."""

    def __init__(self, network: Network) -> None:
        """Read with this network."""
        self._network = network

    def group_ink(self, pieces: list[Piece], *, deliberate: bool = False) -> list[Mark]:
        """Group connected ink to marks, and cut apart what may be digits that touch.

        Args:
            pieces: of the whole picture, in any order.
            deliberate: each piece was meant, as in a drawing; on paper there is dirt.
        Returns:
            Marks in reading order.
        """
        proposals = propose_marks(pieces, deliberate=deliberate)
        if not proposals:
            return []
        marks = self.predict([proposal.crop for proposal in proposals])
        return self._in_context(self._cut_touching(_best(proposals, marks)))

    def group_strokes(self, pieces: list[Piece], cache: MarkCache) -> tuple[list[Mark], MarkCache]:
        """Group a drawing's strokes to marks; a stroke is never cut.

        Args:
            pieces: one a stroke, in any order.
            cache: of the same drawing a stroke ago, most of which is as it was; left unchanged.
        Returns:
            Marks in reading order, and the cache for the next stroke.
        """
        proposals = propose_marks(pieces, deliberate=True)
        if not proposals:
            return [], MarkCache()
        marks, cache = self._predict_new([proposal.crop for proposal in proposals], cache)
        return self._in_context(_best(proposals, marks)), cache

    def predict(self, crops: Sequence[DigitCrop]) -> list[Mark]:
        """Predict crops, all in one batch."""
        cells = np.stack([normalize_crop(crop.ink) for crop in crops])
        found = self._network.run(cells)
        columns = crops, cells, found.probabilities, found.digit.tolist(), found.sign.tolist()
        return [Mark(*fields) for fields in zip(*columns, strict=True)]

    def _predict_new(self, crops: Sequence[DigitCrop], cache: MarkCache) -> tuple[list[Mark], MarkCache]:
        """Predict those crops that were not among the drawing's marks a stroke ago."""
        before = cache.predictions if cache.network is self._network else {}
        keys = [_digest(crop.ink) for crop in crops]
        now = {key: before[key] for key in keys if key in before}
        new = [k for k, key in enumerate(keys) if key not in now]
        if new:
            for k, mark in zip(new, self.predict([crops[k] for k in new]), strict=True):
                # Copies, or one row would keep a whole batch in memory.
                now[keys[k]] = mark.cell.copy(), mark.probabilities.copy(), mark.digit, mark.sign
        marks = [Mark(crop, *now[key]) for crop, key in zip(crops, keys, strict=True)]
        return marks, MarkCache(self._network, now)

    def _in_context(self, marks: list[Mark]) -> list[Mark]:
        """Weigh marks by the digits beside them, and make signs of ones that are slashes between these."""
        checked: list[Mark] = []
        for _, line in groupby(marks, key=lambda mark: mark.crop.line):
            in_line = list(line)
            heights = [mark.crop.box.height for mark in in_line if self.is_digit(mark)]
            if heights:
                typical = float(np.median(heights))
                in_line = [
                    replace(mark, digit=_beside_digits(mark.digit, mark.crop.box.height / typical))
                    for mark in in_line
                ]
            neighbours = [
                Neighbour(
                    mark.crop.box, mark.crop.ink, self.is_digit(mark) and mark.probabilities.argmax() == 1
                )
                for mark in in_line
            ]
            for index in find_slashes(neighbours):
                in_line[index] = replace(in_line[index], digit=0.0, sign=1.0)
            checked += in_line
        return checked

    def _cut_touching(self, marks: list[Mark]) -> list[Mark]:
        """Cut refused marks that stand in a line with digits: alone, a mark is likelier to be no digit."""
        refused = [mark for mark in marks if not self.is_digit(mark)]
        if len(refused) > _MOST_CUT_MARKS:
            return marks
        lines_with_digits = {mark.crop.line for mark in marks if self.is_digit(mark)}
        parts = []
        for mark in marks:
            sure = _SURE_CUT if mark.crop.line in lines_with_digits else _SURE_CUT_ALONE
            parts += [mark] if self.is_digit(mark) else self._cut_apart(mark, sure)
        return parts

    def _cut_apart(self, mark: Mark, sure: float, depth: int = 0) -> list[Mark]:
        """Cut a mark where digits, or a digit and a sign, touch; leave it whole where no cut is clear."""
        if mark.sign >= _WHOLE_SIGN or not may_be_several(mark.crop):
            return [mark]
        cuts = cut_crop(mark.crop)
        if not cuts:
            return [mark]
        parts = self.predict([crop for cut in cuts for crop in cut])
        pairs = list(zip(parts[::2], parts[1::2], strict=True))
        best = max(pairs, key=lambda pair: min(part.score for part in pair))
        if min(part.score for part in best) > max(sure, mark.sign) and any(map(self.is_digit, best)):
            return list(best)
        # Three in a row: take the one digit that comes off most clearly, and cut the rest again.
        left, right = max(pairs, key=lambda pair: max(part.digit_score for part in pair))
        if depth == _MOST_CUTS or max(left.digit_score, right.digit_score) < sure:
            return [mark]
        first_is_left = left.digit_score >= right.digit_score
        cut_left = [left] if first_is_left else self._cut_apart(left, sure, depth + 1)
        cut_right = self._cut_apart(right, sure, depth + 1) if first_is_left else [right]
        cut = cut_left + cut_right
        return cut if all(part.score > sure for part in cut) else [mark]

    def is_digit(self, mark: Mark) -> bool:
        return bool(mark.digit >= self._network.digit_threshold)


def _best(proposals: Sequence[Proposal], marks: Sequence[Mark]) -> list[Mark]:
    """Choose the marks of the likeliest grouping; what is low is a sign: no cell shows its size."""
    marks = [
        replace(mark, digit=0.0, sign=_LOW_SIGN) if proposal.is_low else mark
        for proposal, mark in zip(proposals, marks, strict=True)
    ]
    return [marks[k] for k in choose_marks(proposals, np.array([mark.score for mark in marks]))]


def _beside_digits(digit: float, height: float) -> float:
    """Compute a mark's digit probability, given that a digit stands in its line (Bayes' rule).

    Args:
        digit: its probability by itself.
        height: of the mark, as a share of the median of its line's digits.
    """
    odds = _DIGIT_ODDS if height >= _LOWEST_DIGIT else _LOW_DIGIT_ODDS
    return odds * digit / (odds * digit + 1 - digit)


def _digest(ink: NDArray[np.float32]) -> bytes:
    """Compute what identifies ink: its shape and a digest of its pixels."""
    digest: bytes = hashlib.blake2b(np.ascontiguousarray(ink).data, digest_size=16).digest()
    return digest + bytes(str(ink.shape), "ascii")
