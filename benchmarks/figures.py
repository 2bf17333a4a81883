"""The pictures of docs/reading.md: how a picture is read, and what is misread, all in our own hand.

python -m benchmarks.figures FOLDER
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import cv2
import numpy as np
import typer
from numpy.typing import NDArray

from benchmarks.photos import Conditions, photograph
from benchmarks.scoring import Mistake, sheet
from mnist_core import Recognizer
from mnist_core.datasets.glyphs import glyph_digit_cells, sign_cells
from mnist_core.reading.cuts import cut_crop
from mnist_core.reading.ink import grey_from_picture, ink_from_rgba
from mnist_core.reading.normalization import normalization_steps
from mnist_core.reading.pictures import ink_picture, png_bytes, shrink
from mnist_core.reading.views import Paper, views
from mnist_core.results import Reading
from tests.drawings import drawing, strokes_of, strokes_of_number
from tests.geometry import find_digits

_SIDE = 150
_WIDE = 420
_GAP = 14
_CAPTION = 26
_SEED = 20_261_122
_DRAWN = 4000
_SHOWN = 30
_READ_RGB = (0, 95, 160)

Picture = NDArray[np.uint8]


def steps_of_a_digit() -> Picture:
    """Show the way of three digits from the ink to the cell."""
    rows = []
    for name, how in (
        ("5 with its bar apart", {"pen": 22}),
        ("7 crossed", {"pen": 5}),
        ("2", {"height": 60}),
    ):
        strokes = strokes_of(name, **{"pen": 10, **how})
        paper = drawing(*strokes)
        ink = find_digits(ink_from_rgba(paper))[0].ink
        steps = normalization_steps(ink)
        inks = (steps.crop, steps.even, steps.boxed, steps.cell)
        pictures = [paper[..., 0], *(ink_picture(each) for each in inks)]
        names = ("on the canvas", "cut out", "even pen", "20 x 20", "28 x 28")
        rows.append(_row([_tile(each, name) for each, name in zip(pictures, names, strict=True)]))
    return _column(rows)


def steps_of_a_page(recognizer: Recognizer) -> Picture:
    """Show the way of a page from the photo to its boxes."""
    lines = [
        stroke
        for number, (text, left) in enumerate((("2026", 220), ("31415", 180), ("907", 420)))
        for stroke in strokes_of_number(text, height=150, left=left, top=150 + 330 * number, pen=11, gap=0.45)
    ]
    conditions = Conditions("squared", pencil=False, shadow=True, blur=1.0, grain=4, tilt=2, jpeg=75)
    photo = photograph(lines, conditions, np.random.default_rng(3))
    page = [view.ink for view in views(grey_from_picture(photo)) if view.paper is Paper.FINE]
    marked = _boxed(photo, recognizer.read_photo(photo))
    pictures = (photo, ink_picture(page[-1]), ink_picture(page[0]), marked)
    names = ("the photo", "light and shadow divided out", "printed lines taken off", "what was read")
    tiles = [_tile(shrink(each, _WIDE), name, _WIDE) for each, name in zip(pictures, names, strict=True)]
    return _column([_row(tiles[:2]), _row(tiles[2:])])


def touching(recognizer: Recognizer) -> Picture:
    """Show where two digits that touch may be cut, and what was read."""
    paper = drawing(*strokes_of_number("35", height=150, gap=-0.04, pen=14), width=280)
    crop = find_digits(ink_from_rgba(paper))[0]
    tiles = [_tile(paper[..., 0], "one mark")]
    for left, right in cut_crop(crop)[::2][:4]:
        parts = np.full((*crop.ink.shape, 3), 255, np.uint8)
        for part, colour in ((left, (0, 95, 160)), (right, (176, 74, 0))):
            y, x = part.box.y - crop.box.y, part.box.x - crop.box.x
            window = parts[y : y + part.box.height, x : x + part.box.width]
            window[part.ink > 0.5] = colour
        tiles.append(_tile(parts, "a cut"))
    return _row([*tiles, _tile(_boxed(paper[..., :3], recognizer.read_drawing(paper)), "what was read")])


def misread(recognizer: Recognizer) -> Picture:
    """Draw digits in many ways of writing and show some that are read wrongly or refused."""
    cells, labels = glyph_digit_cells(_DRAWN, np.random.default_rng(_SEED))
    return _mistakes(recognizer, cells, [str(label) for label in labels])


def taken_for_digits(recognizer: Recognizer) -> Picture:
    """Draw letters and signs and show some that are taken for digits."""
    cells = sign_cells(_DRAWN, np.random.default_rng(_SEED))
    return _mistakes(recognizer, cells, [""] * len(cells))


def _mistakes(recognizer: Recognizer, cells: Picture, truths: Sequence[str]) -> Picture:
    shares = (cells / np.float32(255)).astype(np.float32)
    accepted = recognizer.digit_probability(shares) >= recognizer.digit_threshold
    labels = recognizer.probabilities(shares).argmax(axis=1)
    read = [str(label) if taken else "" for label, taken in zip(labels, accepted, strict=True)]
    wrong = [k for k, truth in enumerate(truths) if read[k] != truth]
    typer.echo(f"{len(wrong)} of {len(cells)} are misread")
    return sheet([Mistake(255 - cells[k], truths[k] or "-", read[k]) for k in wrong[:_SHOWN]])


def _boxed(picture: Picture, reading: Reading) -> Picture:
    """Draw each mark's box and digit on a copy of its picture: uint8 (H, W, 3)."""
    marked = np.dstack([picture] * 3) if picture.ndim == 2 else picture[..., :3].copy()
    pen = max(2, round(max(marked.shape[:2]) / 400))
    for digit in reading.digits:
        left, top = digit.box.x - 2 * pen, digit.box.y - 2 * pen
        end = digit.box.x + digit.box.width + 2 * pen, digit.box.y + digit.box.height + 2 * pen
        cv2.rectangle(marked, (left, top), end, _READ_RGB, pen, cv2.LINE_AA)
        sign = str(digit.label) if digit.is_digit else "not a digit"
        place = left, max(top - 2 * pen, 10 * pen)
        cv2.putText(marked, sign, place, cv2.FONT_HERSHEY_SIMPLEX, 0.35 * pen, _READ_RGB, pen, cv2.LINE_AA)
    return marked


def _tile(picture: Picture, caption: str, side: int = _SIDE) -> Picture:
    """Fit a picture into a tile with a caption under it: uint8 (h, w, 3)."""
    colour = np.dstack([picture] * 3) if picture.ndim == 2 else picture[..., :3]
    scale = side / max(colour.shape[:2])
    kind = cv2.INTER_AREA if scale < 1 else cv2.INTER_NEAREST
    fitted = cv2.resize(colour, None, fx=scale, fy=scale, interpolation=kind)
    height, width = fitted.shape[:2]
    tile = np.full((height + _CAPTION, width, 3), 255, np.uint8)
    tile[:height] = fitted
    cv2.rectangle(tile, (0, 0), (width - 1, height - 1), (200, 200, 200), 1)
    cv2.putText(tile, caption, (0, height + 17), cv2.FONT_HERSHEY_SIMPLEX, 0.45, (40, 40, 40), 1, cv2.LINE_AA)
    return tile


def _row(tiles: Sequence[Picture]) -> Picture:
    return _joined(tiles, axis=1)


def _column(rows: Sequence[Picture]) -> Picture:
    return _joined(rows, axis=0)


def _joined(pictures: Sequence[Picture], axis: int) -> Picture:
    """Lay pictures out in one direction with a gap between, on white."""
    other = 1 - axis
    longest = max(picture.shape[other] for picture in pictures)
    padded = []
    for picture in pictures:
        room = [(0, 0), (0, 0), (0, 0)]
        room[other], room[axis] = (0, longest - picture.shape[other]), (0, _GAP)
        padded.append(np.pad(picture, room, constant_values=255))
    return np.concatenate(padded, axis=axis)


def main(folder: Annotated[Path, typer.Argument(help="Where to write the pictures.")]) -> None:
    """Write the pictures of docs/reading.md, read by the shipped model."""
    recognizer = Recognizer.load("shipped")
    folder.mkdir(parents=True, exist_ok=True)
    pictures = {
        "digit": steps_of_a_digit(),
        "page": steps_of_a_page(recognizer),
        "touching": touching(recognizer),
        "misread": misread(recognizer),
        "taken_for_digits": taken_for_digits(recognizer),
    }
    for name, picture in pictures.items():
        (folder / f"{name}.png").write_bytes(png_bytes(picture))


if __name__ == "__main__":
    typer.run(main)
