"""The wheel: built here, installed into an empty folder, and the app works there without this project."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
import zipfile
from importlib.metadata import Distribution
from pathlib import Path
from urllib.error import URLError

import pytest

from mnist_core.config import PROJECT_FOLDER, VERSION

pytestmark = pytest.mark.slow
PATIENCE_S = 60


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel; what builds it is in this environment, so that no index is asked."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "--no-index"]
    built = subprocess.run(
        [*command, "-w", folder, PROJECT_FOLDER], capture_output=True, text=True, check=False
    )
    assert built.returncode == 0, built.stderr
    (path,) = folder.iterdir()
    return path


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel by itself; its requirements are those of this environment."""
    folder = tmp_path_factory.mktemp("installed")
    command = [sys.executable, "-m", "pip", "install", "--no-deps", "--no-index", "--target", folder, wheel]
    subprocess.run([*command, "--quiet", "--no-compile"], check=True, capture_output=True)
    return folder


def environment(installed: Path, home: Path) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(installed), "DIGITS_HOME": str(home)}


def test_it_holds_the_app_and_nothing_that_only_we_need(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    tops = {name.partition("/")[0] for name in names}
    assert tops == {"mnist_core", "digit_playground", f"digit_playground-{VERSION}.dist-info"}
    assert not [name for name in names if "__pycache__" in name or name.endswith(".pyc")]
    tracked = subprocess.run(
        ["git", "ls-files", "mnist_core", "pages", "assets", ".streamlit", "app.py", "models"],
        cwd=PROJECT_FOLDER,
        capture_output=True,
        text=True,
        check=False,
    ).stdout.split()
    beside = {name if name.startswith("mnist_core/") else f"digit_playground/{name}" for name in tracked}
    assert beside <= set(names)


def test_it_asks_for_what_the_requirements_name(installed: Path) -> None:
    (info,) = installed.glob("*.dist-info")
    required = Distribution.at(info).requires or []

    def pinned(path: str) -> set[str]:
        lines = (PROJECT_FOLDER / path).read_text(encoding="utf-8").splitlines()
        return {line.lower().replace("_", "-") for line in lines if line and not line.startswith("#")}

    plain = {each.lower().replace("_", "-") for each in required if "extra ==" not in each}
    extra = {
        each.partition(";")[0].strip().lower().replace("_", "-") for each in required if "extra ==" in each
    }
    assert plain == pinned("requirements.txt")
    assert extra == pinned("requirements-train.txt")


def test_its_command_line_reads_a_picture(installed: Path, tmp_path: Path) -> None:
    sample = installed / "digit_playground" / "assets" / "samples" / "drawing.png"
    read = subprocess.run(
        [installed / "bin" / "digits", "read", "--format", "json", sample],
        cwd=tmp_path,
        env=environment(installed, tmp_path),
        capture_output=True,
        text=True,
        check=False,
    )
    assert read.returncode == 0, read.stderr
    assert json.loads(read.stdout)["text"]


def test_its_app_serves_pages_and_programs(installed: Path, tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = tmp_path / "server.log"
    with log.open("w") as output:
        server = subprocess.Popen(
            [installed / "bin" / "digit-playground", "--server.port", str(port)],
            cwd=tmp_path,
            env=environment(installed, tmp_path),
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        ready = json.loads(fetch(f"http://127.0.0.1:{port}/api/ready", server, log))
        assert ready
        assert b"<html" in fetch(f"http://127.0.0.1:{port}/upload", server, log)
        assert "127.0.0.1" in log.read_text()  # its own settings: elsewhere Streamlit listens to everybody
    finally:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()


def fetch(address: str, server: "subprocess.Popen[bytes]", log: Path) -> bytes:
    """Ask for an address until the server answers."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=10) as answer:
                content: bytes = answer.read()
                return content
        except (URLError, OSError):
            time.sleep(0.1)
    pytest.fail(f"No answer from {address}:\n{log.read_text()}")
