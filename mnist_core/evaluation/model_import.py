"""Imports networks from other people's hands: this process opens nothing of a file before it is proven.

A process of its own, with limits on time and memory, checks the file and writes a model's files into a folder
that is thrown away; they are put on the shelf only when all went well.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from mnist_core.config import MAX_MODEL_BYTES, PROJECT_FOLDER, AppPaths, ModelFiles
from mnist_core.errors import ModelError
from mnist_core.evaluation.activation import require_sound
from mnist_core.evaluation.job_queue import JobQueue
from mnist_core.logs import log_event
from mnist_core.storage.disk_space import require_shelf_room
from mnist_core.storage.model_card import load_card, save_card
from mnist_core.storage.model_folder import new_model_folder, require_space
from mnist_core.storage.shelf import free_name

IMPORTS = ("keras", "onnx", "zip")
_CHECK = "mnist_core.training.import_check"
_WALL_SECONDS = 300
"""A busy machine takes its time; the process' own time is bounded more tightly."""
_QUEUE = JobQueue()
_UNEXPECTED = "It could not be checked within the limits of time and memory, or it is damaged."


def import_model(content: bytes, kind: str, name: str, paths: AppPaths) -> str:
    """Check a network from elsewhere and put it on the shelf.

    Args:
        content: of the file.
        kind: one of IMPORTS.
        name: that it is to have.
        paths: where the shelf is.
    Returns:
        The name that it has: with a number where the other one is taken.
    Raises:
        ModelError: it is refused; the message says why. Nothing was written then.
    """
    if os.name == "nt":
        raise ModelError("Importing needs Linux or macOS, which can bound a process; on Windows, WSL has it.")
    if kind not in IMPORTS:
        raise ModelError(
            f"A network can be imported from .{', .'.join(IMPORTS)}, not from .{kind[:20]}"
            + (": a .h5 file can hold code. Save it as .keras." if kind in ("h5", "hdf5") else ".")
        )
    if len(content) > MAX_MODEL_BYTES:
        raise ModelError(
            f"The file has more than {MAX_MODEL_BYTES // 1_000_000} MB: too large for a network."
        )
    name = free_name(name, paths)
    require_shelf_room(paths)
    require_space(paths.home)
    with _QUEUE.turn(), tempfile.TemporaryDirectory(prefix="digits-import-") as folder:
        source, files = Path(folder, f"file.{kind}"), ModelFiles(Path(folder, name))
        source.write_bytes(content)
        files.folder.mkdir()
        _check(source, files, kind, paths)
        save_card(replace(load_card(files.card), name=name), files.card)
        require_sound(files)
        with new_model_folder(paths.model(name).folder) as target:
            for path in (files.onnx, files.keras, files.card):
                if path.is_file():
                    shutil.copyfile(path, target.folder / path.name)
    log_event("model imported", model=name, kind=kind, bytes=len(content))
    return name


def name_from_file(file_name: str) -> str:
    """Return a name for a model whose file is called so: small letters, digits and hyphens of it."""
    stem = re.sub(r"[^a-z0-9]+", "-", Path(file_name).stem.lower()).strip("-")
    return stem[:60] or "imported"


def _check(source: Path, files: ModelFiles, kind: str, paths: AppPaths) -> None:
    """Run the check, and raise its sentence where it refuses the file."""
    mnist = str(paths.mnist.absolute()) if paths.mnist is not None else ""
    command = [sys.executable, "-m", _CHECK, str(source), str(files.folder), kind, mnist]
    with tempfile.TemporaryFile() as log:
        try:
            status = subprocess.run(
                command,
                cwd=PROJECT_FOLDER,
                env=os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3"},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=log,
                timeout=_WALL_SECONDS,
                check=False,
                start_new_session=True,
            ).returncode
        except subprocess.TimeoutExpired as error:
            raise ModelError(_UNEXPECTED, "time limit") from error
        log.seek(0)
        lines = log.read().decode("utf-8", errors="replace").strip().splitlines()
    if status == 1 and lines and lines[-1].endswith("."):
        raise ModelError(lines[-1], "import refused")
    if status:
        raise ModelError(_UNEXPECTED, f"status {status}")
