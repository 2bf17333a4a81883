"""Batches for one epoch after another, made ready in a thread beside the training."""

import queue
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mnist_core.reading.normalization import to_batch
from mnist_core.training.augmentation import AugmentationConfig, augment
from mnist_core.training.mixture import Source

_READY_BATCHES = 16
"""So many wait at most: enough that training never does."""


@dataclass(frozen=True, slots=True, eq=False)  # eq=False: comparing arrays has no single answer
class Batch:
    """One step's cells.

    Attributes:
        cells: float32 (n, 28, 28, 1) in [0, 1].
        labels: int32 (n,), 0 to 9, or NO_DIGIT.
    """

    cells: NDArray[np.float32]
    labels: NDArray[np.int32]


_Item = Batch | BaseException | None
"""What the thread hands over: a batch, what went wrong, or the end."""


def cells_per_epoch(sources: Sequence[Source]) -> int:
    """Count the cells of one epoch."""
    return sum(source.per_epoch for source in sources)


@contextmanager
def epoch_batches(
    sources: Sequence[Source], batch_size: int, config: AugmentationConfig, rng: np.random.Generator
) -> Iterator[Iterator[Batch]]:
    """Give one epoch's batches in a new order; a thread makes them ready while the block runs.

    Every cell chosen for the epoch is in exactly one batch; the last may be smaller.

    Args:
        sources: left unchanged.
        batch_size: cells in a batch.
        config: how far cells are changed.
        rng: decides choice, order and changes; not to be used elsewhere meanwhile.
    """
    ready: queue.Queue[_Item] = queue.Queue(_READY_BATCHES)
    given_up = threading.Event()

    def work() -> None:
        try:
            for batch in _batches(sources, batch_size, config, rng):
                if not _put(ready, batch, given_up):
                    return
            _put(ready, None, given_up)
        except BaseException as error:  # carried over to the thread that waits, and raised there
            _put(ready, error, given_up)

    def taken() -> Iterator[Batch]:
        while (item := ready.get()) is not None:
            if isinstance(item, BaseException):
                raise item
            yield item

    worker = threading.Thread(target=work, name="batches", daemon=True)
    worker.start()
    try:
        yield taken()
    finally:
        given_up.set()
        worker.join()


def _put(ready: queue.Queue[_Item], item: _Item, given_up: threading.Event) -> bool:
    """Hand an item over, unless no one waits for it any more."""
    while not given_up.is_set():
        try:
            ready.put(item, timeout=0.1)
        except queue.Full:
            continue
        return True
    return False


def _batches(
    sources: Sequence[Source], batch_size: int, config: AugmentationConfig, rng: np.random.Generator
) -> Iterator[Batch]:
    starts = np.cumsum([0, *(len(source.labels) for source in sources)])
    chosen = np.concatenate(
        [
            start + rng.choice(len(source.labels), source.per_epoch, replace=False)
            for start, source in zip(starts, sources, strict=False)
        ]
    )
    rng.shuffle(chosen)
    for first in range(0, len(chosen), batch_size):
        places = chosen[first : first + batch_size]
        which = np.searchsorted(starts, places, side="right") - 1
        within = places - starts[which]
        cells = [sources[number].cells[place] for number, place in zip(which, within, strict=True)]
        labels = [sources[number].labels[place] for number, place in zip(which, within, strict=True)]
        yield Batch(to_batch(augment(np.stack(cells), config, rng)), np.array(labels, np.int32))
