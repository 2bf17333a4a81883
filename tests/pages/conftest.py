"""The app to test: its pages on their own, and the whole of it in a real browser."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from urllib.error import URLError

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect, sync_playwright
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from mnist_core.config import PROJECT_FOLDER
from mnist_core.reading.recognizer import Recognizer
from pages.shared import resources

CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
]
PATIENCE_S = 60
"""A busy machine of two cores takes its time."""
expect.set_options(timeout=1000 * PATIENCE_S)


@pytest.fixture(scope="session", autouse=True)
def components_found_once() -> Iterator[None]:
    """Look for installed components once: AppTest reads every package's metadata for each page that it opens.

    The name is not public: where an upgrade drops it, this fails, and every test with it.
    """
    with pytest.MonkeyPatch.context() as patch:
        find = manifest_scanner.scan_component_manifests
        patch.setattr(manifest_scanner, "scan_component_manifests", cache(find))
        yield


@pytest.fixture(autouse=True)
def own_main_module() -> Iterator[None]:
    """Put pytest's own `__main__` back: AppTest leaves its script there, and new processes would run that."""
    main = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = main


@pytest.fixture
def open_page(monkeypatch: pytest.MonkeyPatch, fake_recognizer: Recognizer) -> Callable[[str], AppTest]:
    """Give a function that opens a page by its name, with a fake recognizer behind it."""
    monkeypatch.setattr(resources, "open_recognizer", lambda: fake_recognizer)
    return lambda name: AppTest.from_file(
        str(PROJECT_FOLDER / "pages" / name / "page.py"), default_timeout=30
    )


class Server:
    """The app with the shipped model on a port of its own; it can be started again on the same one."""

    def __init__(self, home: Path, host: str = "127.0.0.1", **environment: str) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{self._port}"
        self._home = home
        self._host = host
        self._environment = environment

    def start(self) -> None:
        command = [sys.executable, "-m", "streamlit", "run", "app.py"]
        options = ["--server.port", str(self._port), "--server.address", self._host]
        with (self._home / "server.log").open("a") as log:
            self._process = subprocess.Popen(
                command + options,
                cwd=PROJECT_FOLDER,
                env={**os.environ, "DIGITS_HOME": str(self._home), **self._environment},
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        _wait_for(self.address, self._process, self._home / "server.log")

    @property
    def port(self) -> int:
        return self._port

    @property
    def pid(self) -> int:
        return self._process.pid

    def log(self) -> str:
        """Give what the server has written so far."""
        return (self._home / "server.log").read_text(encoding="utf-8")

    def stop(self) -> None:
        self._process.kill()
        self._process.wait(timeout=20)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Run the app for all tests, and give its address."""
    server = Server(tmp_path_factory.mktemp("home"))
    server.start()
    yield server.address
    server.stop()


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[Server]:
    """Run the app for one test, which may stop and start it."""
    server = Server(tmp_path)
    server.start()
    yield server
    server.stop()


def _wait_for(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=2) as answer:
                if answer.read() == b"ok":
                    return
        except (URLError, OSError):
            pass
        if process.poll() is not None:
            break
        time.sleep(0.1)
    pytest.fail(f"The app did not start:\n{log.read_text()}")


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """Start the system's Chromium, or else the one that Playwright has fetched."""
    path = next((found for name in CHROMIUMS if (found := shutil.which(name))), None)
    browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
    yield browser
    browser.close()


@pytest.fixture
def visit(browser: Browser, server: str) -> Iterator[Callable[..., Page]]:
    """Give a function that opens an address of the app as a new visitor: `visit("/upload", **PHONE)`."""
    contexts: list[BrowserContext] = []

    def open_as_new_visitor(path: str = "/", address: str = server, **options: object) -> Page:
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
        context.set_default_timeout(1000 * PATIENCE_S)
        contexts.append(context)
        page = context.new_page()
        page.goto(address + path)
        return page

    yield open_as_new_visitor
    for context in contexts:
        context.close()


PHONE = {
    "viewport": {"width": 375, "height": 812},
    "has_touch": True,
    "is_mobile": True,
    "device_scale_factor": 2,
}


@pytest.fixture
def phone(visit: Callable[..., Page]) -> Page:
    """Open the draw page as a phone of 375 pixels does."""
    return visit("/", **PHONE)
