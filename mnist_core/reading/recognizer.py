"""The recognizer: opens a model once, and reads drawings, photos and cells with it, from any thread."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from mnist_core.config import DIGIT_CLASSES, AppPaths, ModelFiles
from mnist_core.errors import ModelError
from mnist_core.reading.ink import ink_from_rgba, require_drawing, require_photo
from mnist_core.reading.marks import Mark, MarkCache, MarkReader
from mnist_core.reading.normalization import stroke_thickness
from mnist_core.reading.onnx_model import Network
from mnist_core.reading.photos import PhotoReader
from mnist_core.reading.pictures import shrink
from mnist_core.reading.pieces import pieces_from_ink, pieces_from_strokes
from mnist_core.reading.strokes import Stroke
from mnist_core.reading.turning import turn_box_back
from mnist_core.reading.views import FINE_SIDE
from mnist_core.results import Box, DigitReading, Reading

_FILLING, _FILLED = 0.35, 0.55
"""Thickness of a mark's strokes, as a share of its longer side, between which confidence falls to none.
Of the calibration writers' digits 95, 87, 59, 39 and 28 % were read right at 0.32, 0.37, 0.42, 0.47 and 0.55,
whatever the network's own confidence."""
_DOT_ON_CANVAS = 0.03
"""Ink in a drawing is a dot from this share of the writing's height on; on paper so little is dirt."""
_TRIES = 3
"""So often the active model may change its name while it is being opened."""


class Recognizer:
    """Reads digits with one model."""

    def __init__(self, network: Network, files: ModelFiles) -> None:
        """Wrap an open model; `Recognizer.load` and `Recognizer.open` are the ways to one.

        Args:
            network: what reads.
            files: where it came from.
        """
        self._network = network
        self._marks = MarkReader(network)
        self._photos = PhotoReader(self._marks)
        self.files = files

    @classmethod
    def load(cls, name: str | None = None) -> "Recognizer":
        """Open a model by its name, or the active one.

        Raises:
            ModelError: there is no such model, or its files are broken.
        """
        paths = AppPaths.from_environment()
        if name is not None:
            return cls.open(paths.model(name))
        for _ in range(_TRIES):
            files = paths.active_model()
            try:
                return cls.open(files)
            except ModelError:
                if paths.active_model() == files:
                    raise
                # Someone renamed or removed it just now: another one reads already.
        return cls.open(paths.active_model())

    @classmethod
    def open(cls, files: ModelFiles) -> "Recognizer":
        """Open a model's files.

        Raises:
            ModelError: a file is missing or broken; the message says which and how to get it back.
        """
        return cls(Network.open(files), files)

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
        small = shrink(rgba, FINE_SIDE)
        pieces = pieces_from_ink(ink_from_rgba(small), _DOT_ON_CANVAS)
        marks = self._marks.group_ink(pieces, deliberate=True)
        return self._reading(marks, [mark.crop.box for mark in marks], _scale(rgba, small.shape))

    def read_strokes(self, strokes: Sequence[Stroke], height: int, width: int) -> Reading:
        """Read the digits of a drawing whose pen strokes are known: neighbours that touch stay apart.

        Args:
            strokes: in pixels of the paper; what lies outside it is not read.
            height: of the paper, in pixels.
            width: of the paper, in pixels.
        Returns:
            All marks in reading order; none without strokes.
        """
        return self.read_strokes_cached(strokes, height, width, MarkCache())[0]

    def read_strokes_cached(
        self, strokes: Sequence[Stroke], height: int, width: int, cache: MarkCache
    ) -> tuple[Reading, MarkCache]:
        """Read a drawing that was read a stroke ago, so that only what is new costs time.

        Args:
            strokes: as for `read_strokes`.
            height: of the paper, in pixels.
            width: of the paper, in pixels.
            cache: from the last reading, or an empty one; left unchanged.
        Returns:
            The reading, and the cache for the next one.
        """
        pieces = pieces_from_strokes(strokes, height, width)
        marks, cache = self._marks.group_strokes(pieces, cache)
        return self._reading(marks, [mark.crop.box for mark in marks], (1.0, 1.0)), cache

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
        found = self._photos.read(picture, turn)
        boxes = [turn_box_back(mark.crop.box, found.size, found.turn) for mark in found.marks]
        return self._reading(found.marks, boxes, _scale(picture, found.size), found.turn)

    def read_one(self, picture: NDArray[np.uint8], box: Box) -> DigitReading | None:
        """Read what stands in a box of a photo, which a person says is one digit.

        Args:
            picture: as for `read_photo`.
            box: in pixels of `picture`, about around the digit.
        Returns:
            The digit, however little it looks like one; its box fits its ink. None where there is no ink.
        Raises:
            InvalidImageError: another dtype or shape, or empty.
        """
        require_photo(picture)
        mark = self._photos.read_one(picture, box)
        if mark is None:
            return None
        (reading,) = self._reading([mark], [mark.crop.box], (1.0, 1.0)).digits
        return replace(reading, is_digit=True)

    def probabilities(self, cells: NDArray[np.float32]) -> NDArray[np.float32]:
        """Compute for each cell how likely each digit is.

        Args:
            cells: float32 (n, 28, 28) in [0, 1], 1 is ink; n may be 0.
        Returns:
            float32 (n, 10); each row sums to 1.
        Raises:
            InvalidImageError: another shape or dtype, or numbers that are not finite.
        """
        return self._network.run(cells).probabilities

    def digit_probability(self, cells: NDArray[np.float32]) -> NDArray[np.float32]:
        """Compute for each cell how likely it shows one whole digit.

        Args:
            cells: float32 (n, 28, 28) in [0, 1], 1 is ink; n may be 0.
        Returns:
            float32 (n,) in [0, 1]; the largest probability where the model was never shown what is no digit.
        Raises:
            InvalidImageError: another shape or dtype, or numbers that are not finite.
        """
        return self._network.run(cells).digit

    @property
    def digit_threshold(self) -> float:
        """A mark is read as a digit where its digit probability is at least this."""
        return self._network.digit_threshold

    def _reading(
        self, marks: Sequence[Mark], boxes: Sequence[Box], scale: tuple[float, float], turn: int = 0
    ) -> Reading:
        """Hand marks over; `boxes` are theirs in the picture before it was turned."""
        thicknesses = [stroke_thickness(mark.crop.ink) / max(mark.crop.ink.shape) for mark in marks]
        digits = (
            DigitReading(
                box=box.scaled(*scale),
                line=mark.crop.line,
                ink=mark.crop.ink,
                cell=mark.cell,
                probabilities=_less_sure(mark.probabilities, thickness),
                is_digit=self._marks.is_digit(mark),
                thickness=thickness,
            )
            for mark, box, thickness in zip(marks, boxes, thicknesses, strict=True)
        )
        return Reading(tuple(digits), turn)


def _less_sure(probabilities: NDArray[np.float32], thickness: float) -> NDArray[np.float32]:
    """Mix probabilities with even ones where loops are filled: a cell doesn't show what they were."""
    share = np.float32(min(max((thickness - _FILLING) / (_FILLED - _FILLING), 0.0), 1.0))
    return (1 - share) * probabilities + share / np.float32(DIGIT_CLASSES)


def _scale(picture: NDArray[np.uint8], size: tuple[int, ...]) -> tuple[float, float]:
    """Compute by how much a picture was shrunk to be of this (height, width), across and down."""
    return picture.shape[1] / size[1], picture.shape[0] / size[0]
