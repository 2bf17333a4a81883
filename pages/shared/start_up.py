"""What a server does before its first visitor comes, and after the last: it says so in the log."""

import hashlib
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import streamlit as st

from mnist_core.config import VERSION, AppPaths, LogSettings
from mnist_core.logs import configure_logging, log_event
from pages.shared.resources import app_paths


@asynccontextmanager
async def start_and_stop(_: st.App) -> AsyncIterator[None]:
    """Log a server's start and its end."""
    configure_logging(LogSettings.from_environment("INFO"))
    log_start(app_paths())
    yield
    log_event("server stopped")


def log_start(paths: AppPaths) -> None:
    """Log what an operator asks first: which version, where, whose files, which model."""
    address, port = st.get_option("server.address"), st.get_option("server.port")
    log_event(
        "server started",
        version=VERSION,
        address=f"{address or '0.0.0.0'}:{port}",
        home=paths.home,
        mnist=paths.mnist or "the cache of keras",
    )
    files = paths.active_model()
    try:
        sha256 = hashlib.sha256(files.onnx.read_bytes()).hexdigest()
    except OSError as error:
        log_event("model missing", logging.WARNING, model=files.name, reason=error.strerror)
    else:
        log_event("model in use", model=files.name, sha256=sha256)
