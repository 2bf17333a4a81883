"""Convert a model for LiteRT, once TF Lite: `python -m mnist_core.training.litert_conversion FOLDER FILE`.

A process of its own, so that a server never loads tensorflow. The last line it prints says what is wrong.
"""

import sys
import warnings
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from mnist_core.config import CELL_SIZE, ModelFiles
from mnist_core.errors import ModelError
from mnist_core.reading.recognizer import Recognizer
from mnist_core.training.network import PROBABILITIES

_CELLS = 64
_AGREEMENT = 1e-4


def main() -> None:
    """Exit with status 1 and a sentence where the network can't be converted."""
    try:
        convert_to_litert(ModelFiles(Path(sys.argv[1])), Path(sys.argv[2]))
    except ModelError as error:
        sys.exit(str(error))


def convert_to_litert(files: ModelFiles, path: Path) -> None:
    """Write a model as .tflite, with float32 weights, and check that it predicts what is read here.

    Args:
        files: of the model.
        path: of the file to write.
    Raises:
        ModelError: it can't be converted, or predicts something else.
    """
    try:
        network = keras.models.load_model(files.keras, compile=False, safe_mode=True)
        content: bytes = tf.lite.TFLiteConverter.from_keras_model(network).convert()
    except (OSError, ValueError, TypeError, KeyError, RuntimeError) as error:
        raise ModelError(f"{files.keras.name} can't be converted for LiteRT.") from error
    cells = np.random.default_rng(1).random((_CELLS, CELL_SIZE, CELL_SIZE), np.float32)
    expected = Recognizer.open(files).probabilities(cells)
    difference = float(np.abs(run_litert(content, cells[..., np.newaxis]) - expected).max())
    if not difference < _AGREEMENT:
        raise ModelError(f"The .tflite and the .onnx file differ in their predictions by {difference:.1e}.")
    path.write_bytes(content)


def run_litert(content: bytes, batch: NDArray[np.float32]) -> NDArray[np.float32]:
    """Compute a converted network's probabilities for a batch float32 (n, 28, 28, 1)."""
    with warnings.catch_warnings():
        # The interpreter moves to a package of its own, ai_edge_litert; tensorflow's fits its converter.
        warnings.filterwarnings("ignore", message="[\\s\\S]*tf.lite.Interpreter is deprecated")
        runner = tf.lite.Interpreter(model_content=content).get_signature_runner()
    (name,) = runner.get_input_details()
    probabilities: NDArray[np.float32] = runner(**{name: batch})[PROBABILITIES]
    return probabilities


if __name__ == "__main__":
    main()
