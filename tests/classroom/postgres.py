"""A PostgreSQL of the tests' own, on the loopback; from Debian's package, where it is installed."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_OTHERS = ("postgres", "nobody")
"""Who runs it where the tests run as root, which PostgreSQL refuses."""
_START_S = 60


def find_tools() -> Path | None:
    """Return the folder with initdb and pg_ctl; None where PostgreSQL is not installed."""
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return folders[-1].parent if folders else None


@contextmanager
def running_cluster(tools: Path) -> Iterator[str]:
    """Run a cluster while the block does, and give its address up to the database's name."""
    # Not in pytest's folder: that is closed to the other user who runs it.
    folder = Path(tempfile.mkdtemp(prefix="digits-postgres-"))
    try:
        before = _as_other_user(folder)
        run([*before, tools / "initdb", "-D", folder / "data", "-U", "digits", "--auth=trust", "--no-sync"])
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c max_connections=60"
        control = [*before, tools / "pg_ctl", "-D", folder / "data", "-w", "-t", str(_START_S)]
        run([*control, "-l", folder / "log", "-o", options, "start"])
        try:
            yield f"postgresql://digits@127.0.0.1:{port}"
        finally:
            run([*control, "-m", "immediate", "stop"])
    finally:
        shutil.rmtree(folder)


def run(words: list[str | Path]) -> None:
    """Run a command to its end; what it says is in the error where it fails."""
    finished = subprocess.run(
        list(map(str, words)),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd="/",
        check=False,
    )
    assert finished.returncode == 0, finished.stdout


def _as_other_user(folder: Path) -> list[str | Path]:
    """Return the words that run a command as somebody other than root, whose the folder becomes."""
    if os.geteuid() != 0:
        return []
    names = {entry.pw_name for entry in pwd.getpwall()}
    user = next(name for name in _OTHERS if name in names)
    shutil.chown(folder, user)
    return ["runuser", "-u", user, "--"]
