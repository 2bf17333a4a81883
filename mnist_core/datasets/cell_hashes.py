"""Which cells a network learned from, as 64-bit hashes beside it: enough to know one again, not to see it."""

from contextlib import suppress
from hashlib import blake2b
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

MOST_HASHES = 250_000
"""As many as a table may have rows; 2 MB. Of more cells, a sample is kept."""
_HASH_BYTES = 8
_STORED = np.dtype("<u8")


def hash_cells(cells: NDArray[np.uint8]) -> NDArray[np.uint64]:
    """Compute a hash of each cell's pixels.

    Args:
        cells: uint8 (n, 28, 28).
    Returns:
        uint64 (n,). Two cells that differ share one by chance once in 10^19 pairs.
    """
    digests = b"".join(blake2b(cell.tobytes(), digest_size=_HASH_BYTES).digest() for cell in cells)
    return np.frombuffer(digests, _STORED).astype(np.uint64)


def save_hashes(hashes: NDArray[np.uint64], path: Path) -> None:
    """Save hashes, each once and in ascending order, as plain 8-byte numbers.

    Raises:
        OSError: the disk is full or can't be written to.
    """
    unique = np.unique(hashes)
    if len(unique) > MOST_HASHES:
        unique = np.sort(np.random.default_rng(0).choice(unique, MOST_HASHES, replace=False))
    path.write_bytes(unique.astype(_STORED).tobytes())


def load_hashes(path: Path) -> NDArray[np.uint64] | None:
    """Load what `save_hashes` wrote: uint64 (n,), ascending; None where it is missing or damaged."""
    with suppress(OSError):
        with path.open("rb") as file:
            content = file.read(MOST_HASHES * _HASH_BYTES + 1)
        hashes = np.frombuffer(content[: len(content) // _HASH_BYTES * _HASH_BYTES], _STORED)
        is_whole = len(content) == hashes.nbytes <= MOST_HASHES * _HASH_BYTES
        if is_whole and bool((hashes[1:] > hashes[:-1]).all()):
            return hashes.astype(np.uint64)
    return None


def find_seen(cells: NDArray[np.uint8], hashes: NDArray[np.uint64]) -> NDArray[np.bool_]:
    """Find the cells whose hashes are among others.

    Args:
        cells: uint8 (n, 28, 28).
        hashes: uint64 (k,), ascending.
    Returns:
        bool (n,).
    """
    own = hash_cells(cells)
    if not len(hashes):
        return np.zeros(len(own), np.bool_)
    return np.asarray(hashes[np.minimum(np.searchsorted(hashes, own), len(hashes) - 1)] == own)
