"""Letters and doodles from a folder of published sets: negatives to train on, and a part held out to test on.

The folder holds `notmnist/` (letters A-J in many fonts, idx files), `quickdraw/` (cats and trains, raw
bytes; CC BY 4.0) and `omniglot/` (letters of several alphabets, a zip of pictures; MIT). Any may be absent.
"""

import gzip
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from zlib import error as ZlibError

import cv2
import numpy as np
from numpy.typing import NDArray

from mnist_core.config import CELL_SIZE
from mnist_core.datasets.labelled_cells import BYTE_SCALE, as_bytes
from mnist_core.errors import DataError
from mnist_core.reading.normalization import normalize_crop

HELD_OUT_ALPHABET = "Greek"
"""Of omniglot, one whole alphabet is for testing only."""
HELD_OUT_SHARE = 0.2
"""Of the other sets, the last part in the file's order is for testing only."""

# Letters that are drawn like a digit (o, l, z, s, b, q ...) can't be told from one, so they are left out.
_NOTMNIST_UNLIKE_DIGITS = "ACEFH"
_OMNIGLOT_LIKE_DIGITS = {
    "Latin": {2, 4, 7, 9, 10, 12, 15, 17, 19, 20, 25, 26},
    "Greek": {2, 4, 6, 8, 9, 15, 17, 18},
    "Balinese": {5, 14},
    "Early_Aramaic": {2, 3, 4, 6, 10, 12, 13, 14, 16, 17, 20},
    "Korean": {21, 22, 24, 27, 33, 37},
}
"""The numbers of those characters, found by looking at one example of each."""
_MAX_PICTURE_BYTES = 100_000
_MAX_CELLS_BYTES = 100_000_000


@dataclass(frozen=True, slots=True, eq=False)  # eq=False: comparing arrays has no single answer
class NegativeSet:
    """Cells of one published set without digits, normalized as a digit would be.

    Attributes:
        name: of the set, with its licence, for the model's card.
        train: uint8 (n, 28, 28).
        held_out: uint8 (m, 28, 28); for testing only.
    """

    name: str
    train: NDArray[np.uint8]
    held_out: NDArray[np.uint8]


def load_negative_sets(folder: Path) -> tuple[NegativeSet, ...]:
    """Load all sets that a folder holds.

    Args:
        folder: with any of `notmnist/`, `quickdraw/`, `omniglot/`.
    Returns:
        The sets found, always in the same order.
    Raises:
        DataError: the folder holds none of them, or one is malformed.
    """
    sets = []
    if (folder / "notmnist").is_dir():
        train, held_out = _split_by_order(_notmnist_pictures(folder / "notmnist"))
        name = f"notMNIST letters {_NOTMNIST_UNLIKE_DIGITS} (free to use)"
        sets.append(NegativeSet(name, _as_cells(train), _as_cells(held_out)))
    if paths := sorted((folder / "quickdraw").glob("*.bin")):
        parts = [_split_by_order(_quickdraw_pictures(path)) for path in paths]
        train, held_out = (np.concatenate([part[side] for part in parts]) for side in (0, 1))
        name = "Quick, Draw! doodles (Google, CC BY 4.0)"
        sets.append(NegativeSet(name, _as_cells(train), _as_cells(held_out)))
    if (folder / "omniglot").is_dir():
        alphabets = _omniglot_pictures(folder / "omniglot")
        held_out_letters = alphabets.pop(HELD_OUT_ALPHABET, [])
        letters = [picture for name in sorted(alphabets) for picture in alphabets[name]]
        sets.append(NegativeSet("Omniglot letters (MIT)", _as_cells(letters), _as_cells(held_out_letters)))
    if not sets:
        raise DataError(f"{folder} holds none of notmnist, quickdraw and omniglot.")
    return tuple(sets)


def _as_cells(pictures: Iterable[NDArray[np.uint8]]) -> NDArray[np.uint8]:
    """Return pictures, light ink on dark, normalized to uint8 (n, 28, 28)."""
    cells = [normalize_crop(picture.astype(np.float32) * BYTE_SCALE) for picture in pictures]
    return as_bytes(np.array(cells, np.float32).reshape(-1, CELL_SIZE, CELL_SIZE))


def _split_by_order(pictures: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    first_held_out = round(len(pictures) * (1 - HELD_OUT_SHARE))
    return pictures[:first_held_out], pictures[first_held_out:]


def _notmnist_pictures(folder: Path) -> NDArray[np.uint8]:
    pictures = _unpack(folder / "t10k-images-idx3-ubyte.gz", header=16)
    labels = _unpack(folder / "t10k-labels-idx1-ubyte.gz", header=8)
    if pictures.size != len(labels) * CELL_SIZE * CELL_SIZE:
        raise DataError(f"{folder} has {len(labels)} labels but not as many pictures.")
    wanted = [ord(letter) - ord("A") for letter in _NOTMNIST_UNLIKE_DIGITS]
    return pictures.reshape(-1, CELL_SIZE, CELL_SIZE)[np.isin(labels, wanted)]


def _unpack(path: Path, header: int) -> NDArray[np.uint8]:
    try:
        with gzip.open(path) as file:
            return np.frombuffer(file.read(_MAX_CELLS_BYTES), np.uint8, offset=header)
    except (OSError, EOFError, ZlibError, ValueError) as error:
        raise DataError(f"{path} can't be read: {error}.") from error


def _quickdraw_pictures(path: Path) -> NDArray[np.uint8]:
    values = np.fromfile(path, np.uint8, count=_MAX_CELLS_BYTES)
    if values.size % (CELL_SIZE * CELL_SIZE):
        raise DataError(f"{path} does not hold whole pictures of {CELL_SIZE}x{CELL_SIZE} bytes.")
    return values.reshape(-1, CELL_SIZE, CELL_SIZE)


def _omniglot_pictures(folder: Path) -> dict[str, list[NDArray[np.uint8]]]:
    """Load the letters of each alphabet that are unlike digits, as light ink on dark."""
    alphabets: dict[str, list[NDArray[np.uint8]]] = {}
    for path in sorted(folder.glob("images_*.zip")):
        try:
            with zipfile.ZipFile(path) as archive:
                for entry in sorted(archive.infolist(), key=lambda entry: entry.filename):
                    parts = entry.filename.split("/")
                    is_picture = len(parts) == 4 and entry.filename.endswith(".png")
                    if not is_picture or entry.file_size > _MAX_PICTURE_BYTES:
                        continue
                    alphabet, character = parts[1], int(parts[2].removeprefix("character"))
                    if character not in _OMNIGLOT_LIKE_DIGITS.get(alphabet, ()):
                        alphabets.setdefault(alphabet, []).append(_decode(archive.read(entry), path))
        except (OSError, zipfile.BadZipFile, ValueError) as error:
            raise DataError(f"{path} can't be read: {error}.") from error
    return alphabets


def _decode(content: bytes, path: Path) -> NDArray[np.uint8]:
    picture = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_GRAYSCALE)
    if picture is None:
        raise DataError(f"{path} holds a picture that can't be decoded.")
    return (255 - picture).astype(np.uint8)
