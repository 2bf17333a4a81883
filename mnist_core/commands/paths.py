"""Files named on the command line: themselves, and the pictures within folders in natural order."""

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path


def find_pictures(paths: Iterable[Path], suffixes: frozenset[str]) -> Iterator[Path]:
    """Yield every picture: files as they were named, folders with all that is below them.

    Args:
        paths: files and folders.
        suffixes: how pictures' names end, in small letters with the dot; asked within folders only.
    Yields:
        Paths, in natural order within a folder (2.png before 10.png), hidden ones left out. A folder
        that holds none stands for itself, so that it isn't passed over in silence.
    """
    for path in paths:
        if path.is_dir():
            found = sorted(_below(path, suffixes), key=natural_key)
            yield from found or [path]
        else:
            yield path


def natural_key(path: Path) -> list[tuple[tuple[int, int | str], ...]]:
    """Return what sorts numbers in names by their value: 2.png before 10.png."""
    return [tuple(map(_worth, re.split(r"(\d+)", part.casefold()))) for part in path.parts]


def _worth(piece: str) -> tuple[int, int | str]:
    return (0, int(piece)) if piece.isdecimal() else (1, piece)


def _below(folder: Path, suffixes: frozenset[str]) -> Iterator[Path]:
    for parent, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            path = Path(parent, name)
            if not name.startswith(".") and path.suffix.lower() in suffixes and path.is_file():
                yield path
