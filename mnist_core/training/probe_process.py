"""Makes the probe of a model that has none, in a process of its own: a server never loads tensorflow."""

import os
import subprocess
import sys
import tempfile

from mnist_core.config import PROJECT_FOLDER, ModelFiles
from mnist_core.errors import ModelError
from mnist_core.logs import log_event

_MODULE = "mnist_core.training.probe_graph"
_SECONDS = 180


def make_probe(files: ModelFiles) -> None:
    """Write a model's probe from its model.keras; some ten seconds, most of them tensorflow's start.

    Raises:
        ModelError: the network can't be looked into, or the folder can't be written to.
    """
    with tempfile.TemporaryFile() as log:
        try:
            status = subprocess.run(
                [sys.executable, "-m", _MODULE, str(files.folder.absolute())],
                cwd=PROJECT_FOLDER,
                env=os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3"},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                timeout=_SECONDS,
                check=False,
            ).returncode
        except subprocess.TimeoutExpired as error:
            raise ModelError("Tensorflow took too long to start: try again later.") from error
        log.seek(0)
        lines = log.read().decode("utf-8", errors="replace").strip().splitlines()
    if status:
        raise ModelError(lines[-1] if lines else "The network can't be looked into.", "no probe made")
    log_event("probe made", model=files.name)
