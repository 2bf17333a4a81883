"""What a server does before its first visitor comes, and after the last: it says so in the log."""

import asyncio
import hashlib
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import streamlit as st

from mnist_core.config import VERSION, AppPaths, LogSettings, ServerSettings
from mnist_core.errors import MnistCoreError
from mnist_core.logs import configure_logging, log_event, log_refusal
from mnist_core.serving.descriptors import raise_descriptor_limit
from mnist_core.serving.hosts import LOOPBACK_NAMES
from mnist_core.serving.listeners import answer_without_delay
from pages.shared.resources import app_paths
from pages.shared.sign_in import prepare_sign_in
from pages.shared.streamlit_log import log_streamlit_as_ours

_FOR_OTHERS = (
    "Others who reach this computer may draw, upload pictures, and look at networks and training runs.",
    "Only at this computer, opened as localhost, or signed in as the teacher, one may train and cancel;",
    "choose, rename and remove networks; write notes, upload tables and hold a class.",
    "Programs elsewhere need DIGITS_API_TOKEN: docs/api.md.",
)


_HOUR_S = 3600


@asynccontextmanager
async def start_and_stop(_: st.App) -> AsyncIterator[None]:
    """Log a server's start and its end, and set what the process itself has to set."""
    configure_logging(LogSettings.from_environment("INFO"))
    log_start(app_paths())
    made = prepare_sign_in(ServerSettings.from_environment())
    scheme = "https" if st.get_option("server.sslCertFile") else "http"
    announce(st.get_option("server.address"), st.get_option("server.port"), made, scheme)
    raise_descriptor_limit()
    answer_without_delay()
    log_streamlit_as_ours()
    deleting = asyncio.create_task(delete_old_classes_regularly())
    yield
    deleting.cancel()
    log_event("server stopped")


async def delete_old_classes_regularly() -> None:
    """Delete the classes whose time is over once an hour, whether or not anybody visits."""
    while True:
        if app_paths().may_have_classes():
            await asyncio.to_thread(_delete_old_classes)
        await asyncio.sleep(_HOUR_S)


def _delete_old_classes() -> None:
    # A server without classes need not load what their database is made with.
    from pages.shared.class_database import delete_what_is_old

    try:
        delete_what_is_old()
    except MnistCoreError as error:
        log_refusal(error, "start")


def announce(address: str | None, port: int, passphrase: str = "", scheme: str = "http") -> None:
    """Print to whoever has started the server where it is open, and where others are, what they may do.

    Streamlit's own welcome would ask a server elsewhere for this machine's address.

    Args:
        address: that the server listens at; None or zeros for all of this machine's.
        port: of it.
        passphrase: the teacher's, where the server has made it; said only where others are let in.
        scheme: "https" where the connection is encrypted.
    """
    is_everywhere = address in (None, "", "0.0.0.0", "::")
    is_private = address in LOOPBACK_NAMES
    name = "localhost" if is_everywhere or is_private else address
    lines = [f"Digit Playground is open at {scheme}://{name}:{port}"]
    if not is_private:
        lines += _FOR_OTHERS
        if passphrase:
            lines += [f"The teacher signs in at {scheme}://{name}:{port}/class with: {passphrase}"]
    print("\n".join(f"  {line}".rstrip() for line in ["", *lines, ""]), flush=True)


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
