"""Compare a model's .keras file with its .onnx: `python -m mnist_core.evaluation.keras_check FOLDER`.

A process of its own, so that a server never loads tensorflow. The last line it prints says what is wrong.
"""

import os
import sys
from pathlib import Path

import numpy as np

from mnist_core.config import CELL_SIZE, ModelFiles
from mnist_core.errors import ModelError
from mnist_core.reading.recognizer import Recognizer

_CELLS = 64
_AGREEMENT = 1e-4
_NICENESS = 10


def main() -> None:
    """Exit with status 1 and a sentence if the two don't agree."""
    os.nice(_NICENESS)  # whoever draws goes first
    files = ModelFiles(Path(sys.argv[1]))
    try:
        _compare(files)
    except ModelError as error:
        sys.exit(str(error))


def _compare(files: ModelFiles) -> None:
    try:
        import keras
    except ModuleNotFoundError as error:
        raise ModelError(
            f"To check a .keras file before it is exported, {error.name} is needed: "
            "`make install-train` installs it. Export it as .onnx meanwhile."
        ) from error
    cells = np.random.default_rng(1).random((_CELLS, CELL_SIZE, CELL_SIZE), np.float32)
    try:
        network = keras.models.load_model(files.keras, compile=False, safe_mode=True)
        predictions = network(cells[..., np.newaxis], training=False)
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise ModelError(f"Keras can't load {files.keras.name}: it is damaged.") from error
    expected = Recognizer.open(files).probabilities(cells)
    difference = float(np.abs(np.asarray(predictions["probabilities"]) - expected).max())
    if not difference < _AGREEMENT:
        raise ModelError(f"The .keras and the .onnx file differ in their predictions by {difference:.1e}.")


if __name__ == "__main__":
    main()
