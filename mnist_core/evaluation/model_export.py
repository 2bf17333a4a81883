"""Exports models as .keras, .onnx, .tflite, or a zip of the first two with the card; loaded and compared."""

import hashlib
import io
import os
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from mnist_core.config import PROJECT_FOLDER, AppPaths, ModelFiles
from mnist_core.errors import ModelError
from mnist_core.evaluation.activation import require_sound
from mnist_core.evaluation.job_queue import JobQueue
from mnist_core.storage.atomic import write_whole
from mnist_core.storage.model_card import card_json, load_card
from mnist_core.storage.shelf import show_model

EXPORTS = ("keras", "onnx", "tflite", "zip")
_CHECK = "mnist_core.evaluation.keras_check"
_CONVERSION = "mnist_core.training.litert_conversion"
_CHECK_SECONDS = 120
_QUEUE = JobQueue()
_DATE = (1980, 1, 1, 0, 0, 0)
"""Of the files in a zip: the same model gives the same zip."""


def export_bytes(
    name: str, kind: str, paths: AppPaths, on_wait: Callable[[int], None] = lambda ahead: None
) -> bytes:
    """Return a model as one file's content, after it was loaded and compared with what reads here.

    A .keras file is loaded by Keras in a process of its own, which takes some ten seconds and 700 MB: once
    for each model, by its hash, and one at a time.

    Args:
        name: of the model on the shelf.
        kind: one of EXPORTS.
        paths: where the shelf is.
        on_wait: called every half second with how many are ahead, as long as there are any; what it raises
            ends the waiting.
    Raises:
        ModelError: there is no such model or kind, it is damaged, it does not answer as it should, or too
            many wait already.
    """
    if kind not in EXPORTS:
        raise ModelError(f"A model can be exported as {', '.join(EXPORTS)}, not as {kind}.")
    entry = show_model(name, paths)
    if entry.problem is not None:
        raise ModelError(f"{name} was not exported. {entry.problem}")
    if kind in ("keras", "tflite") and not entry.files.keras.is_file():
        raise ModelError(f"{name} was imported as ONNX: there is no Keras file of it.")
    try:
        content = _content_hash(entry.files)
    except OSError as error:
        raise ModelError(f"{name} was not exported: {error.strerror}.") from error
    _require_sound_once(entry.files, content)
    if kind != "onnx" and entry.files.keras.is_file():
        _require_keras_agrees(entry.files, paths, on_wait)
    try:
        match kind:
            case "keras":
                return entry.files.keras.read_bytes()
            case "onnx":
                return entry.files.onnx.read_bytes()
            case "tflite":
                return _converted_for_litert(entry.files, on_wait)
            case _:
                return _zipped(entry.files)
    except OSError as error:
        raise ModelError(f"{name} was not exported: {error.strerror}.") from error


def export_model(name: str, path: Path, paths: AppPaths) -> None:
    """Write a model to a file; its ending says what kind. What is there is replaced, whole or not at all.

    Raises:
        ModelError: as `export_bytes`, or the file can't be written.
    """
    content = export_bytes(name, path.suffix.lower().removeprefix("."), paths)
    try:
        write_whole(path, content)
    except OSError as error:
        raise ModelError(f"{path} can't be written: {(error.strerror or str(error)).lower()}.") from error


def _content_hash(files: ModelFiles) -> str:
    """Return a hash of all that a check of the model looks at."""
    parts = (files.onnx, files.keras, files.card, files.evaluation)
    return hashlib.sha256(b"".join(path.read_bytes() for path in parts if path.is_file())).hexdigest()


@lru_cache(maxsize=32)
def _require_sound_once(files: ModelFiles, content: str) -> None:
    """Check a model once for what its files hold: a page asks with every run. No refusal is stored."""
    require_sound(files)


def _zipped(files: ModelFiles) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        # Under the model's own name: whoever was killed while renaming it has left the old one in the card.
        card = card_json(replace(load_card(files.card), name=files.name))
        archive.writestr(zipfile.ZipInfo(f"{files.name}/{files.card.name}", _DATE), card)
        for path in (files.onnx, files.keras, files.note):
            if path.is_file():
                archive.writestr(zipfile.ZipInfo(f"{files.name}/{path.name}", _DATE), path.read_bytes())
    with zipfile.ZipFile(io.BytesIO(content.getvalue())) as archive:
        broken = archive.testzip()
        if broken is not None:
            raise ModelError(f"The zip came out damaged at {broken}.")
    return content.getvalue()


def _require_keras_agrees(files: ModelFiles, paths: AppPaths, on_wait: Callable[[int], None]) -> None:
    """Load the .keras file in a process of its own, once for each pair of files; compare both predictions."""
    fingerprint = hashlib.sha256(files.keras.read_bytes() + files.onnx.read_bytes()).hexdigest()
    record = paths.home / "compared-models"
    if _was_compared(fingerprint, record):
        return
    with _QUEUE.turn(on_wait):
        if _was_compared(fingerprint, record):  # by whoever was ahead
            return
        _compare_in_own_process(files)
        with suppress(OSError):  # where this can't be written, the next export compares again
            paths.home.mkdir(parents=True, exist_ok=True)
            with record.open("a", encoding="ascii") as file:
                file.write(f"{fingerprint}\n")


def _was_compared(fingerprint: str, record: Path) -> bool:
    try:
        return fingerprint in record.read_text(encoding="ascii", errors="replace").split()
    except OSError:
        return False


def _converted_for_litert(files: ModelFiles, on_wait: Callable[[int], None]) -> bytes:
    """Convert a model in a process of its own, which compares what came out with what reads here."""
    with _QUEUE.turn(on_wait), tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "model.tflite")
        _run(_CONVERSION, str(files.folder.absolute()), str(path))
        return path.read_bytes()


def _compare_in_own_process(files: ModelFiles) -> None:
    _run(_CHECK, str(files.folder.absolute()))


def _run(module: str, *arguments: str) -> None:
    """Run a module that loads tensorflow in a process of its own, and raise its last sentence if it fails."""
    with tempfile.TemporaryFile() as log:
        try:
            status = subprocess.run(
                [sys.executable, "-m", module, *arguments],
                cwd=PROJECT_FOLDER,
                env=os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3"},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                timeout=_CHECK_SECONDS,
                check=False,
            ).returncode
        except subprocess.TimeoutExpired as error:
            raise ModelError("Keras took too long to load the exported file: try again later.") from error
        log.seek(0)
        lines = log.read().decode("utf-8", errors="replace").strip().splitlines()
    if status:
        raise ModelError(lines[-1] if lines else "The .keras file could not be loaded.")
