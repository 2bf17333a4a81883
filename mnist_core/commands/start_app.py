"""`digit-playground`: starts the app where a wheel is installed; in the project's folder `make run` does."""

import os
import subprocess
import sys
from pathlib import Path

from mnist_core.config import PROJECT_FOLDER

_NAMES_OF_FOLDERS = ("DIGITS_HOME", "MNIST_DATA")


def main() -> None:
    """Start the server, with what stands on the command line as Streamlit's options: --server.port 8080."""
    # Streamlit looks for its settings where it is started: so what was named from here is named whole.
    whole = {
        name: str(Path(os.environ[name]).absolute()) for name in _NAMES_OF_FOLDERS if os.environ.get(name)
    }
    command = [sys.executable, "-m", "streamlit", "run", "app.py", *sys.argv[1:]]
    try:
        sys.exit(subprocess.call(command, cwd=PROJECT_FOLDER, env=os.environ | whole))
    except KeyboardInterrupt:  # the server has had it, too, and says so
        sys.exit(130)
