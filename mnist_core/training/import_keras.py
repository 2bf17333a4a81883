""".keras files from strangers' hands: configuration and weights are checked as data before Keras loads them.

Keras' own safe mode refuses code in a file; here only layers known to be harmless are let through to it.
"""

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import h5py
import keras
import numpy as np
from numpy.typing import NDArray

from mnist_core.config import CELL_SIZE, DIGIT_CLASSES, AppPaths
from mnist_core.errors import ModelError
from mnist_core.json_files import require_shallow
from mnist_core.training.import_archive import MAX_UNPACKED_BYTES, unpack
from mnist_core.training.import_trial import SCALINGS, Trial, try_network
from mnist_core.training.network import PROBABILITIES
from mnist_core.training.onnx_conversion import export_onnx

_FILES = ("config.json", "metadata.json", "model.weights.h5")
_LEVELS = 60
"""Of lists and objects within each other in a configuration."""
_MODULES = ("keras", "keras.layers", "keras.initializers", "keras.regularizers", "keras.constraints")
_OURS = ("keras.src.ops.numpy", "keras.src.models.functional", "keras.models", "keras.src.models.sequential")
_LAYERS = """
    InputLayer Dense Conv2D DepthwiseConv2D SeparableConv2D MaxPooling2D AveragePooling2D
    GlobalAveragePooling2D GlobalMaxPooling2D Flatten Reshape Permute Dropout SpatialDropout2D GaussianNoise
    GaussianDropout BatchNormalization LayerNormalization GroupNormalization Activation ReLU LeakyReLU PReLU
    ELU Softmax Identity Add Multiply Average Maximum Concatenate ZeroPadding2D Cropping2D Rescaling
    RandomRotation RandomZoom RandomTranslation
"""
_CLASSES = frozenset([*_LAYERS.split(), "Functional", "Sequential", "Model", "GetItem", "DTypePolicy"])
"""Layers, and what Keras writes around them."""
_ARGUMENTS = ("__keras_tensor__", "__tensor__", "__slice__", "__ellipsis__")
"""Kinds of arguments between layers."""
_SHAPES = ((CELL_SIZE, CELL_SIZE, 1), (1, CELL_SIZE, CELL_SIZE), (CELL_SIZE, CELL_SIZE), (CELL_SIZE**2,))


def import_keras(content: bytes, keras_path: Path, onnx_path: Path, paths: AppPaths) -> tuple[Trial, int]:
    """Check a network, try it, and write it as .keras and as ONNX, from `cells` to `probabilities`.

    Args:
        content: of the file.
        keras_path: of the file to write.
        onnx_path: of the other one.
        paths: where MNIST may lie, for the trial.
    Returns:
        What came of the trial, and how many parameters it has.
    Raises:
        ModelError: it can't be read here; the message says why.
    """
    files = unpack(content)
    if missing := [name for name in _FILES if name not in files]:
        raise ModelError(f"It is no .keras file: {missing[0]} is missing in it. (A .h5 file is not taken.)")
    _require_known_layers(files["config.json"])
    _require_plain_weights(files["model.weights.h5"])
    network = _load(content, keras_path)
    shape = tuple(network.input_shape[1:]) if isinstance(network.input_shape, tuple) else ()
    if shape not in _SHAPES:
        words = "×".join(str(side or "?") for side in shape) or "several images"
        raise ModelError(f"Its input is {words}, not 28×28 pixels in grey.")
    answers = network.output
    is_ours = isinstance(answers, dict) and PROBABILITIES in answers
    if not is_ours and (not hasattr(answers, "shape") or answers.shape[1:] != (DIGIT_CLASSES,)):
        raise ModelError("It does not answer with ten values, one for each digit.")

    def predict(batch: NDArray[np.float32]) -> NDArray[np.float32]:
        values = network(batch.reshape((-1, *shape)), training=False)
        return np.asarray(values[PROBABILITIES] if is_ours else values, np.float32)

    trial = try_network(predict, paths)
    if not (is_ours and trial.scaling is SCALINGS[0] and not trial.is_logits):
        network = _wrapped(network, shape, trial, is_ours)
    network.save(keras_path)
    export_onnx(network, onnx_path)
    return trial, int(network.count_params())


def _require_known_layers(content: bytes) -> None:
    try:
        config = json.loads(content)
        require_shallow(config, _LEVELS)
    except (ValueError, RecursionError) as error:
        raise ModelError("Its configuration is damaged.") from error
    for part in _objects(config):
        name, module = part.get("class_name"), part.get("module")
        if name is None or name in _ARGUMENTS:
            continue
        if part.get("registered_name") not in (None, "", name) or not _is_known(name, module):
            raise ModelError(f"It has a layer {str(name)[:60]!r}, which is not taken from elsewhere.")


def _is_known(name: object, module: object) -> bool:
    if module in ("keras.initializers", "keras.regularizers", "keras.constraints"):
        return True  # they make or bound weights, which the file's own replace
    return name in _CLASSES and (module is None or module in (*_MODULES, *_OURS))


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    """Yield every object in a configuration, the outer ones first."""
    if isinstance(value, dict):
        yield value
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _objects(part)


def _require_plain_weights(content: bytes) -> None:
    """Refuse weights that are in other files, that are too many, or that are no finite numbers."""
    try:
        with h5py.File(io.BytesIO(content), "r") as file:
            left = MAX_UNPACKED_BYTES
            for dataset in _datasets(file):
                if dataset.external or dataset.is_virtual:
                    raise ModelError("Some of its weights are in other files, which are never opened.")
                left -= dataset.size * dataset.dtype.itemsize
                if left < 0:
                    raise ModelError(f"Its weights take more than {MAX_UNPACKED_BYTES // 1_000_000} MB.")
                if dataset.dtype.kind == "f" and not np.isfinite(dataset[()]).all():
                    raise ModelError("Some of its weights are no finite numbers.")
    except (OSError, ValueError, KeyError, TypeError, RuntimeError) as error:
        raise ModelError("Its weights are damaged.") from error


def _datasets(group: h5py.Group) -> Iterator[h5py.Dataset]:
    for name in group:
        if not isinstance(group.get(name, getlink=True), h5py.HardLink):
            raise ModelError("Some of its weights are in other files, which are never opened.")
        part = group[name]
        if isinstance(part, h5py.Group):
            yield from _datasets(part)
        elif isinstance(part, h5py.Dataset):
            yield part


def _load(content: bytes, path: Path) -> keras.Model:
    path.write_bytes(content)
    try:
        return keras.models.load_model(path, compile=False, safe_mode=True)
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RuntimeError) as error:
        raise ModelError("Keras can't load it: it is damaged, or of a newer version.") from error


def _wrapped(network: keras.Model, shape: tuple[int, ...], trial: Trial, is_ours: bool) -> keras.Model:
    """Return the network with what its input needs in front, and a softmax behind where it has none."""
    cells = keras.Input((CELL_SIZE, CELL_SIZE, 1), name="cells")
    scaled = keras.layers.Rescaling(trial.scaling.factor, trial.scaling.offset)(cells)
    answers = network(keras.layers.Reshape(shape)(scaled))
    values = answers[PROBABILITIES] if is_ours else answers
    layer = keras.layers.Softmax if trial.is_logits else keras.layers.Identity
    return keras.Model(cells, {PROBABILITIES: layer(name=PROBABILITIES, dtype="float32")(values)})
