"""`digit-playground`: starts the app where a wheel is installed; in the project's folder `make run` does."""

import subprocess
import sys

from mnist_core.config import PROJECT_FOLDER, environment_elsewhere


def main() -> None:
    """Start the server, with what stands on the command line as Streamlit's options: --server.port 8080."""
    command = [sys.executable, "-m", "streamlit", "run", "app.py", *sys.argv[1:]]
    try:
        # In the app's own folder: there Streamlit looks for its settings.
        sys.exit(subprocess.call(command, cwd=PROJECT_FOLDER, env=environment_elsewhere()))
    except KeyboardInterrupt:  # the server has had it, too, and says so
        sys.exit(130)
