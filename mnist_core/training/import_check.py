"""Check a network from elsewhere: `python -m mnist_core.training.import_check FILE FOLDER KIND`.

A process of its own, with limits on time, memory and what it writes, started by
`mnist_core.evaluation.model_import`. It writes a model's files into FOLDER, or ends with status 1 and a
sentence as its last line.
"""

import platform
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from mnist_core.config import DIGIT_CLASSES, AppPaths, ModelFiles
from mnist_core.errors import DataError, ModelError
from mnist_core.reading.recognizer import Recognizer
from mnist_core.storage.model_card import ModelCard, Score, load_card, save_card
from mnist_core.training.import_archive import unpack
from mnist_core.training.import_trial import Trial

CPU_SECONDS = 150
MEMORY_BYTES = 6_000_000_000
"""Of addresses, of which tensorflow reserves far more than it uses."""
FILE_BYTES = 300_000_000
"""Of a file that it writes."""
_AGREEMENT = 1e-3
_CELLS = 64


def main() -> None:
    """Exit with status 1 and a sentence where the file is refused."""
    source, files, kind = Path(sys.argv[1]), ModelFiles(Path(sys.argv[2])), sys.argv[3]
    paths = AppPaths(Path(sys.argv[2]), Path(mnist) if (mnist := sys.argv[4]) else None)
    _limit_resources()
    try:
        _import(source.read_bytes(), files, kind, paths)
    except (ModelError, DataError) as error:
        sys.exit(str(error))
    except MemoryError:
        sys.exit("It takes more memory than a network for digits may.")


def _limit_resources() -> None:
    """Bound what this process may use, whatever the file makes of it."""
    import resource  # not on Windows, where nothing is imported: see model_import

    for limit, value in (
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_FSIZE, FILE_BYTES),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(limit)
        bounded = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(limit, (bounded, bounded))


def _import(content: bytes, files: ModelFiles, kind: str, paths: AppPaths) -> None:
    match kind:
        case "keras":
            from mnist_core.training.import_keras import import_keras

            trial, parameters = import_keras(content, files.keras, files.onnx, paths)
            save_card(_new_card(kind, trial, parameters), files.card)
        case "onnx":
            from mnist_core.training.import_onnx import import_onnx

            trial, parameters = import_onnx(content, files.onnx, paths)
            save_card(_new_card(kind, trial, parameters), files.card)
        case _:
            _import_zip(content, files, paths)


def _import_zip(content: bytes, files: ModelFiles, paths: AppPaths) -> None:
    """Take an exported zip: its network in each form that is there, with its own card but our own score."""
    from mnist_core.training.import_onnx import import_onnx

    parts: dict[str, bytes] = {}
    for name, part in unpack(content).items():
        if name.count("/") > 1 or (short := name.rpartition("/")[2]) in parts:
            raise ModelError("It is no network that was exported here: it holds several.")
        parts[short] = part
    if "card.json" not in parts or "model.onnx" not in parts:
        raise ModelError("It is no network that was exported here: card.json or model.onnx is missing.")
    files.card.write_bytes(parts["card.json"])
    try:
        card = load_card(files.card)
    except ModelError as error:
        raise ModelError("Its card is damaged.") from error
    trial, _ = import_onnx(parts["model.onnx"], files.onnx, paths)
    if "model.keras" in parts:
        _take_keras(parts["model.keras"], files, paths)
    own = _new_card("zip" if "model.keras" in parts else "onnx", trial, card.parameters)
    settings = {**card.settings, **own.settings}
    scores, matrix = own.scores, own.confusion_matrix
    save_card(replace(card, settings=settings, scores=scores, confusion_matrix=matrix), files.card)


def _take_keras(content: bytes, files: ModelFiles, paths: AppPaths) -> None:
    """Take the Keras form of a network, if it is the same network as the ONNX form."""
    import keras

    from mnist_core.training.import_keras import import_keras

    converted = files.folder / "converted.onnx"
    import_keras(content, files.keras, converted, paths)
    converted.unlink()
    cells = np.random.default_rng(1).random((_CELLS, 28, 28), np.float32)
    network = keras.models.load_model(files.keras, compile=False, safe_mode=True)
    answers = np.asarray(network(cells[..., np.newaxis], training=False)["probabilities"])
    if np.abs(answers - Recognizer.open(files).probabilities(cells)).max() > _AGREEMENT:
        raise ModelError("Its Keras file and its ONNX file are two different networks.")


def _new_card(kind: str, trial: Trial, parameters: int) -> ModelCard:
    matrix = np.zeros((DIGIT_CLASSES, DIGIT_CLASSES), int)
    np.add.at(matrix, (trial.labels, trial.readings), 1)
    return ModelCard(
        name="imported",
        recipe="imported",
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        seed=0,
        settings={
            "imported": f".{kind}",
            "input_scale": trial.scaling.words,
            "answered_with": "logits" if trial.is_logits else "probabilities",
        },
        data=(),
        versions={"python": platform.python_version()},
        parameters=parameters,
        multiply_adds=0,
        scores=(Score(f"{trial.data}: read right", trial.right, len(trial.labels)),),
        confusion_matrix=tuple(tuple(row) for row in matrix.tolist()),
        curves=(),
        digitness_threshold=None,
        temperature=1.0,
        training_seconds=0.0,
    )


if __name__ == "__main__":
    main()
