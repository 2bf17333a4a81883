"""The real worker around a training loop that is none: `python -m tests.runs.fake_training FOLDER PARENT`.

FAKE_TRAINING in the environment says how the loop behaves.
"""

import errno
import os
import sys
import time
from types import ModuleType

import numpy as np

from mnist_core.config import AppPaths
from mnist_core.errors import DataError
from mnist_core.runs import worker
from mnist_core.storage.model_card import CurvePoint
from mnist_core.training.events import (
    BatchProgress,
    Cancelled,
    EpochEnd,
    Finished,
    Finishing,
    Prepared,
    WatchedCellsRead,
)
from mnist_core.training.train_config import TrainConfig
from tests.storage.sample_card import CARD


def train(config: TrainConfig, paths: AppPaths, *, on_event, should_stop, checkpoint, finishing_seconds):
    match os.environ["FAKE_TRAINING"]:
        case "events":
            on_event(Prepared(100, 20, 2, 10))
            on_event(BatchProgress(2, 2, 5, 10, 0.25, 0.75, 64, 123.456, 7.89))
            on_event(EpochEnd(CurvePoint(1, 0.5, 0.8, 0.4, 0.9, 2.0), 2))
            cells = np.zeros((1, 28, 28), np.uint8)
            on_event(WatchedCellsRead(cells, np.array([3]), np.full((1, 10), 0.1, np.float32)))
            on_event(Finishing(4.0, finishing_seconds))
            on_event(Finished(paths.model(config.name), CARD))
        case "priority":
            print("niceness", os.nice(0))
        case "refusal":
            raise DataError("There are 3 examples of the digit 4.")
        case "bug":
            raise ZeroDivisionError("by zero")
        case "memory":
            raise MemoryError
        case "disk":
            raise OSError(errno.ENOSPC, "No space left on device")
        case "missing":
            raise ModuleNotFoundError("No module named 'x'", name="x")
        case "stops":
            on_event(Prepared(100, 20, 2, 10))
            while not should_stop():
                time.sleep(0.01)
            return Cancelled(())
        case "stubborn":
            on_event(Prepared(100, 20, 2, 10))
            time.sleep(600)
    return Finished(paths.model(config.name), CARD)


if __name__ == "__main__":
    loop = ModuleType("mnist_core.training.loop")
    loop.train = train
    sys.modules["mnist_core.training.loop"] = loop
    worker.main()
