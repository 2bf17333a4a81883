"""A server of our own to measure: started, watched and stopped."""

import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.error import URLError

from mnist_core.config import PROJECT_FOLDER

_PATIENCE_S = 120
_WHOLE_PROCESS = 2
"""How Linux numbers another process's CPU clock: its id's complement, and this. To the nanosecond, where
/proc counts hundredths of a second."""


class Serving:
    """Streamlit with one app, in a process of its own, from `with` to its end."""

    def __init__(self, app: Path | None = None, port: int = 8621) -> None:
        """Say what is to be served.

        Args:
            app: a Streamlit script; ours where None.
            port: of this machine, free.
        """
        self.address = f"http://127.0.0.1:{port}"
        self._app = app or PROJECT_FOLDER / "app.py"
        self._port = port

    def __enter__(self) -> Self:
        self._home = tempfile.TemporaryDirectory()
        self._log = (Path(self._home.name) / "server.log").open("w+", encoding="utf-8")
        self.started = time.perf_counter()
        command = [sys.executable, "-m", "streamlit", "run", str(self._app)]
        self._process = subprocess.Popen(
            [*command, "--server.port", str(self._port), "--server.address", "127.0.0.1"],
            cwd=PROJECT_FOLDER,
            env={**os.environ, "DIGITS_HOME": self._home.name},
            stdout=self._log,
            stderr=subprocess.STDOUT,
        )
        self._wait_until_it_answers()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.wait()
        self._log.close()
        self._home.cleanup()

    @property
    def cpu_seconds(self) -> float:
        """All CPU time that the server has taken so far, that of threads that have ended too."""
        return time.clock_gettime(~self._process.pid << 3 | _WHOLE_PROCESS)

    @property
    def resident_mb(self) -> float:
        """How much memory the server holds now, in MB."""
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        return int(status.partition("VmRSS:")[2].split()[0]) / 1024

    @property
    def open_files(self) -> int:
        """How many files and connections the server has open now."""
        return len(list(Path(f"/proc/{self._process.pid}/fd").iterdir()))

    @property
    def complaints(self) -> list[str]:
        """What the server's log says of errors."""
        log = Path(self._log.name).read_text(encoding="utf-8")
        return [line for line in log.splitlines() if "Error" in line or "Traceback" in line]

    def _wait_until_it_answers(self) -> None:
        deadline = time.monotonic() + _PATIENCE_S
        while time.monotonic() < deadline and self._process.poll() is None:
            try:
                with urllib.request.urlopen(f"{self.address}/_stcore/health", timeout=5) as answer:
                    if answer.read() == b"ok":
                        return
            except (URLError, OSError):
                time.sleep(0.02)
        raise RuntimeError(f"The server did not start:\n{Path(self._log.name).read_text(encoding='utf-8')}")
