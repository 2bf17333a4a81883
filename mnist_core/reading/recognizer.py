"""The recognizer: opens a model once, and reads drawings, photos and cells with it, from any thread."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from onnxruntime.capi import onnxruntime_pybind11_state as runtime

from mnist_core.config import DIGIT_CLASSES, SHIPPED_MODEL, ModelFiles, Places
from mnist_core.errors import InvalidImageError, ModelError
from mnist_core.reading.cells import normalize_crop, to_batch
from mnist_core.reading.cuts import cut_crop, may_be_several
from mnist_core.reading.digits import DigitCrop, choose_digits, propose_digits
from mnist_core.reading.ink import ink_from_photo, ink_from_rgba, require_drawing, require_photo
from mnist_core.reading.pictures import shrink
from mnist_core.reading.pieces import Piece, pieces_from_ink, pieces_from_strokes
from mnist_core.reading.rules import without_rules
from mnist_core.reading.strays import without_strays
from mnist_core.reading.strokes import Stroke
from mnist_core.reading.turning import turn_box_back, turn_clockwise
from mnist_core.results import Box, DigitReading, Reading

_WORK_SIDE = 1600
"""Pictures are read at this many pixels on their longer side: enough for a page of digits."""
_CELLS_AT_ONCE = 256
"""Larger batches are no faster and take more memory."""
_LEAST_CONFIDENCE = 0.5
"""A model that was never shown what is no digit refuses where it can't make up its mind."""
_TRIES = 3
"""So often the active model may change its name while it is being opened."""
_SURE_CUT = 0.8
"""Parts of a cut mark must look like digits this much: nearly anything can be cut so that it might be."""
_SURE_CUT_ALONE = 0.99
"""The same for a mark with no digit beside it."""
_MOST_CUT_MARKS = 20
"""With more marks refused than this a picture shows something else, and cutting would take seconds."""
_CLEAR = 0.9
"""A page that reads as clearly as this is upright: one that lies on its side or its head seldom does."""
_CLEAR_TURNED = 0.95
"""It must read this clearly for being turned."""
_FEWEST_TURNED = 3
"""Fewer digits don't say which way up they are: 16 and 91 are one picture."""
_MOST_TURNED = 200
"""With more marks than this a picture shows something else, and turning it would take seconds."""
_MOST_CUTS = 2
"""Cuts within cuts: up to four digits in a row that touch."""


@dataclass(frozen=True, slots=True, eq=False)  # eq=False: comparing arrays has no single answer
class _Mark:
    """A crop, its cell (28, 28), and what the network thinks of it: probabilities (10,), digitness."""

    crop: DigitCrop
    cell: NDArray[np.float32]
    probabilities: NDArray[np.float32]
    digitness: float

    @property
    def score(self) -> float:
        """How much it looks like one particular digit, in [0, 1]."""
        return float(self.digitness * self.probabilities.max())


class Recognizer:
    """Reads digits with one model.

    ONNX Runtime runs it: of the light runtimes it alone lets threads share one open model, and takes
    batches of any size.
    """

    def __init__(
        self, session: onnxruntime.InferenceSession, files: ModelFiles, digitness_threshold: float | None
    ) -> None:
        """Wrap an open model; `Recognizer.load` and `Recognizer.open` are the ways to one.

        Args:
            session: input `cells` float32 (n, 28, 28, 1); outputs `probabilities` (n, 10) and, where the
                model knows what is no digit, `digitness` (n, 1).
            files: where the model came from.
            digitness_threshold: a mark is a digit where `digitness` is at least this; None without it.
        """
        self._session = session
        self._digitness_threshold = digitness_threshold
        self.files = files

    @classmethod
    def load(cls, name: str | None = None) -> "Recognizer":
        """Open a model by its name, or the active one.

        Raises:
            ModelError: there is no such model, or its files are broken.
        """
        places = Places.from_environment()
        if name is not None:
            return cls.open(places.model(name))
        for _ in range(_TRIES):
            files = places.active_model()
            try:
                return cls.open(files)
            except ModelError:
                if places.active_model() == files:
                    raise
                # Someone renamed or removed it just now: another one reads already.
        return cls.open(places.active_model())

    @classmethod
    def open(cls, files: ModelFiles) -> "Recognizer":
        """Open a model's files.

        Raises:
            ModelError: a file is missing or broken; the message says which and how to get it back.
        """
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 4  # errors reach us as exceptions: nothing is to be printed besides
        # Threads that wait by spinning would take the cores from the web server's own.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        try:
            content = files.onnx.read_bytes()
            session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
            threshold = json.loads(files.card.read_text(encoding="utf-8")).get("digitness_threshold")
            if threshold is not None and not 0 <= float(threshold) <= 1:
                raise ValueError("the digitness threshold is a share")
        except FileNotFoundError as error:
            raise ModelError(_missing(files, str(error.filename))) from error
        except _BROKEN_FILE_ERRORS as error:
            raise ModelError(_broken(files)) from error
        outputs = [output.name for output in session.get_outputs()]
        if session.get_inputs()[0].name != "cells" or "probabilities" not in outputs:
            raise ModelError(_broken(files))
        return cls(session, files, threshold if "digitness" in outputs else None)

    def read_drawing(self, rgba: NDArray[np.uint8]) -> Reading:
        """Read the digits of a drawing.

        Args:
            rgba: uint8 (H, W, 4), what a canvas hands over: dark ink on light or clear paper, or light
                on dark. Left unchanged.
        Returns:
            All marks in reading order; none for a blank drawing.
        Raises:
            InvalidImageError: not uint8, not four channels, or empty.
        """
        require_drawing(rgba)
        small = shrink(rgba, _WORK_SIDE)
        return self._read_pieces(pieces_from_ink(ink_from_rgba(small)), _scale(rgba, small))

    def read_strokes(self, strokes: Sequence[Stroke], height: int, width: int) -> Reading:
        """Read the digits of a drawing whose pen strokes are known: neighbours that touch are told apart.

        Args:
            strokes: in pixels of the paper; what lies outside it is not read.
            height: of the paper, in pixels.
            width: of the paper, in pixels.
        Returns:
            All marks in reading order; none without strokes.
        """
        return self._read_pieces(pieces_from_strokes(strokes, height, width), may_cut=False)

    def read_photo(self, picture: NDArray[np.uint8], turn: int | None = None) -> Reading:
        """Read the digits of a photo, scan or screenshot; polarity, light and which way is up are found out.

        A picture is taken for upright unless it reads badly so, and well when it is turned.

        Args:
            picture: uint8 (H, W) grey, (H, W, 3) RGB or (H, W, 4) RGBA. Left unchanged.
            turn: degrees clockwise by which it is to be turned first, 0, 90, 180 or 270; None finds it out.
        Returns:
            All marks in reading order, boxes in pixels of `picture`; none for a blank picture.
        Raises:
            InvalidImageError: another dtype or shape, or empty.
            ValueError: another turn.
        """
        require_photo(picture)
        small = shrink(picture, _WORK_SIDE)
        ink = without_rules(ink_from_photo(small))
        marks = self._marks_on_page(ink, turn or 0)
        if turn is None:
            turn, marks = self._find_turn(ink, marks)
        boxes = [turn_box_back(mark.crop.box, ink.shape, turn) for mark in marks]
        return self._reading(marks, boxes, _scale(picture, small), turn)

    def probabilities(self, cells: NDArray[np.float32]) -> NDArray[np.float32]:
        """Tell for each cell how likely each digit is.

        Args:
            cells: float32 (n, 28, 28) in [0, 1], 1 is ink; n may be 0.
        Returns:
            float32 (n, 10); each row sums to 1.
        Raises:
            InvalidImageError: another shape or dtype, or numbers that are not finite.
        """
        return self._run(cells)[0]

    def digitness(self, cells: NDArray[np.float32]) -> NDArray[np.float32]:
        """Tell for each cell how much it looks like a digit at all.

        Args:
            cells: float32 (n, 28, 28) in [0, 1], 1 is ink; n may be 0.
        Returns:
            float32 (n,) in [0, 1]; the largest probability where the model was never shown what is no digit.
        Raises:
            InvalidImageError: another shape or dtype, or numbers that are not finite.
        """
        return self._run(cells)[1]

    @property
    def digitness_threshold(self) -> float:
        """A mark is read as a digit where its digitness is at least this."""
        return _LEAST_CONFIDENCE if self._digitness_threshold is None else self._digitness_threshold

    def _run(self, cells: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Run the network over cells (n, 28, 28): probabilities (n, 10) and digitness (n,)."""
        batch = to_batch(cells)
        if not np.isfinite(batch).all():
            raise InvalidImageError("Cells hold finite numbers only, from 0 to 1.")
        probabilities = np.empty((len(batch), DIGIT_CLASSES), np.float32)
        digitness = np.empty(len(batch), np.float32)
        names = ["probabilities"] if self._digitness_threshold is None else ["probabilities", "digitness"]
        for start in range(0, len(batch), _CELLS_AT_ONCE):
            part = slice(start, start + _CELLS_AT_ONCE)
            outputs = cast(list[NDArray[np.float32]], self._session.run(names, {"cells": batch[part]}))
            probabilities[part] = outputs[0]
            digitness[part] = outputs[1][:, 0] if len(outputs) > 1 else outputs[0].max(axis=1)
        return probabilities, digitness

    def _read_pieces(
        self, pieces: list[Piece], scale: tuple[float, float] = (1.0, 1.0), may_cut: bool = True
    ) -> Reading:
        """Read pieces of ink as digits; `scale` takes their pixels to those of the picture handed over."""
        marks = self._marks(pieces, may_cut)
        return self._reading(marks, [mark.crop.box for mark in marks], scale)

    def _marks(self, pieces: list[Piece], may_cut: bool = True) -> list[_Mark]:
        """Group pieces to marks, in reading order."""
        proposals = propose_digits(pieces)
        if not proposals:
            return []
        judged = self._judge([proposal.crop for proposal in proposals])
        chosen = choose_digits(proposals, np.array([mark.score for mark in judged]))
        marks = [judged[k] for k in chosen]
        return self._cut_touching(marks) if may_cut else marks

    def _marks_on_page(self, ink: NDArray[np.float32], turn: int) -> list[_Mark]:
        """Find the marks of a page's ink, turned clockwise first."""
        turned = turn_clockwise(ink, turn)
        return self._marks(without_strays(pieces_from_ink(turned), *turned.shape))

    def _find_turn(self, ink: NDArray[np.float32], upright: list[_Mark]) -> tuple[int, list[_Mark]]:
        """Say by how much a page is to be turned to be read, and give its marks read so."""
        best = 0, upright
        if self._clearness(upright) >= _CLEAR or not _FEWEST_TURNED <= len(upright) <= _MOST_TURNED:
            return best
        clear = _CLEAR_TURNED
        for turn in (90, 270, 180):
            marks = self._marks_on_page(ink, turn)
            if sum(map(self._is_digit, marks)) >= _FEWEST_TURNED and self._clearness(marks) > max(
                clear, _CLEAR
            ):
                best, clear = (turn, marks), self._clearness(marks)
        return best

    def _clearness(self, marks: Sequence[_Mark]) -> float:
        """Tell how surely marks are read, in [0, 1]: the mean confidence over what isn't small."""
        sizes = np.array([max(mark.crop.ink.shape) for mark in marks])
        accepted = np.array([self._is_digit(mark) for mark in marks], np.bool_)
        if not accepted.any():
            return 0.0
        large = sizes > 0.5 * np.median(sizes[accepted])
        sure = np.array([mark.probabilities.max() for mark in marks]) * accepted
        return float(sure[large].mean())

    def _judge(self, crops: Sequence[DigitCrop]) -> list[_Mark]:
        """Show crops to the network, all in one batch."""
        cells = np.stack([normalize_crop(crop.ink) for crop in crops])
        probabilities, digitness = self._run(cells)
        return [_Mark(*fields) for fields in zip(crops, cells, probabilities, digitness, strict=True)]

    def _cut_touching(self, marks: list[_Mark]) -> list[_Mark]:
        """Cut refused marks that stand in a line with digits: alone, a mark is likelier to be no digit."""
        refused = [mark for mark in marks if not self._is_digit(mark)]
        if len(refused) > _MOST_CUT_MARKS:
            return marks
        lines_with_digits = {mark.crop.line for mark in marks if self._is_digit(mark)}
        parts = []
        for mark in marks:
            sure = _SURE_CUT if mark.crop.line in lines_with_digits else _SURE_CUT_ALONE
            parts += [mark] if self._is_digit(mark) else self._cut_apart(mark, sure)
        return parts

    def _cut_apart(self, mark: _Mark, sure: float, depth: int = 0) -> list[_Mark]:
        """Read a mark as digits that touch; where no cut gives digits only, leave it whole."""
        cuts = cut_crop(mark.crop) if may_be_several(mark.crop) else []
        if not cuts:
            return [mark]
        parts = self._judge([crop for cut in cuts for crop in cut])
        pairs = list(zip(parts[::2], parts[1::2], strict=True))
        best = max(pairs, key=lambda pair: min(part.score for part in pair))
        if min(part.score for part in best) > sure:
            return list(best)
        # Three in a row: take the one digit that comes off most clearly, and cut the rest again.
        left, right = max(pairs, key=lambda pair: max(part.score for part in pair))
        if depth == _MOST_CUTS or max(left.score, right.score) < sure:
            return [mark]
        digits = [left] if left.score > right.score else self._cut_apart(left, sure, depth + 1)
        digits += [right] if right.score >= left.score else self._cut_apart(right, sure, depth + 1)
        return digits if all(part.score > sure for part in digits) else [mark]

    def _is_digit(self, mark: _Mark) -> bool:
        return bool(mark.digitness >= self.digitness_threshold)

    def _reading(
        self, marks: Sequence[_Mark], boxes: Sequence[Box], scale: tuple[float, float], turn: int = 0
    ) -> Reading:
        """Hand marks over; `boxes` are theirs in the picture before it was turned."""
        digits = (
            DigitReading(
                box=_scaled(box, scale),
                line=mark.crop.line,
                ink=mark.crop.ink,
                cell=mark.cell,
                probabilities=mark.probabilities,
                is_digit=self._is_digit(mark),
            )
            for mark, box in zip(marks, boxes, strict=True)
        )
        return Reading(tuple(digits), turn)


_BROKEN_FILE_ERRORS: tuple[type[Exception], ...] = (
    OSError,
    ValueError,
    TypeError,
    AttributeError,
    runtime.Fail,
    runtime.InvalidArgument,
    runtime.InvalidGraph,
    runtime.InvalidProtobuf,
    runtime.NotImplemented,
    runtime.RuntimeException,
)
"""On a file that is no sound model or card; those of ONNX Runtime share no base but Exception."""


def _scale(picture: NDArray[np.uint8], small: NDArray[np.uint8]) -> tuple[float, float]:
    """Tell by how much a picture was shrunk, across and down."""
    return picture.shape[1] / small.shape[1], picture.shape[0] / small.shape[0]


def _scaled(box: Box, scale: tuple[float, float]) -> Box:
    left, top = round(box.x * scale[0]), round(box.y * scale[1])
    right, bottom = round((box.x + box.width) * scale[0]), round((box.y + box.height) * scale[1])
    return Box(left, top, right - left, bottom - top)


def _remedy(files: ModelFiles) -> str:
    if files.name == SHIPPED_MODEL:
        return (
            "It comes with the project: `git checkout -- models` brings it back, `make train` makes it anew."
        )
    return "Train it again, or activate another model."


def _missing(files: ModelFiles, path: str) -> str:
    return f"The model {files.name!r} can't be opened: there is no file {path}. {_remedy(files)}"


def _broken(files: ModelFiles) -> str:
    damage = f"{files.onnx} or its card.json is damaged"
    return f"The model {files.name!r} can't be opened: {damage}. {_remedy(files)}"
