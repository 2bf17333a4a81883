"""Batches of one epoch after another, prepared in a thread beside training."""

import queue
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mnist_core.reading.normalization import to_batch
from mnist_core.training.augmentation import augment
from mnist_core.training.augmentation_config import AugmentationConfig
from mnist_core.training.mixture.training_set import Source

_READY_BATCHES = 16
"""At most so many are prepared ahead: enough that training never waits."""


@dataclass(frozen=True, slots=True, eq=False)  # eq=False: comparing arrays has no single answer
class Batch:
    """One step's cells.

    Attributes:
        cells: float32 (n, 28, 28, 1) in [0, 1].
        labels: int32 (n,), 0 to 9, or SIGN, or PART.
    """

    cells: NDArray[np.float32]
    labels: NDArray[np.int32]


_Item = Batch | BaseException | None
"""What the thread hands over: a batch, an exception, or None at the end."""


def cells_per_epoch(sources: Sequence[Source]) -> int:
    """Return how many cells one epoch has."""
    return sum(source.per_epoch for source in sources)


@contextmanager
def epoch_batches(
    sources: Sequence[Source], batch_size: int, config: AugmentationConfig, rng: np.random.Generator
) -> Iterator[Iterator[Batch]]:
    """Yield one epoch's batches in a new order; a thread prepares them while the block runs.

    Every cell chosen for the epoch is in exactly one batch; the last may be smaller.

    Args:
        sources: left unchanged.
        batch_size: cells in a batch.
        config: how far cells are changed.
        rng: decides choice, order and changes; not to be used elsewhere meanwhile.
    """
    ready: queue.Queue[_Item] = queue.Queue(_READY_BATCHES)
    abandoned = threading.Event()

    def prepare() -> None:
        try:
            for batch in _batches(sources, batch_size, config, rng):
                if not _put(ready, batch, abandoned):
                    return
            _put(ready, None, abandoned)
        except BaseException as error:  # raised again in the thread that waits
            _put(ready, error, abandoned)

    def received() -> Iterator[Batch]:
        while (item := ready.get()) is not None:
            if isinstance(item, BaseException):
                raise item
            yield item

    worker = threading.Thread(target=prepare, name="batches", daemon=True)
    worker.start()
    try:
        yield received()
    finally:
        abandoned.set()
        worker.join()


def _put(ready: queue.Queue[_Item], item: _Item, abandoned: threading.Event) -> bool:
    """Put an item into the queue; return False where no one waits for it any more."""
    while not abandoned.is_set():
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
        indices = chosen[first : first + batch_size]
        which = np.searchsorted(starts, indices, side="right") - 1
        pairs = list(zip(which, indices - starts[which], strict=True))  # (source, index within it)
        cells = [sources[source].cells[index] for source, index in pairs]
        labels = [sources[source].labels[index] for source, index in pairs]
        yield Batch(to_batch(augment(np.stack(cells), config, rng)), np.array(labels, np.int32))
