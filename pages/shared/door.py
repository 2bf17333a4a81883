"""The door of the server: what stands between the network and the pages, put together for Streamlit."""

import socket
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware
from starlette.routing import BaseRoute
from streamlit import file_util

from mnist_core.config import ServerSettings
from mnist_core.serving.api import Api
from mnist_core.serving.closed_paths import ClosePaths
from mnist_core.serving.compression import CompressFiles
from mnist_core.serving.headers import AddHeaders, inline_script_hashes
from mnist_core.serving.hosts import AllowedHosts, RefuseOtherHosts
from mnist_core.serving.page_style import InsertStyle
from mnist_core.serving.uploads import BoundUploads
from mnist_core.serving.websocket import BoundMessages
from pages.shared.resources import app_paths, open_recognizer
from pages.shared.streamlit_internals import uploaded_bytes
from pages.shared.theme import STYLE
from pages.shared.uploads import note_refusal

_CLOSED = ("/_stcore/metrics", "/_stcore/agent")
_FILES = "/static/"
_UPLOADS = "/_stcore/upload_file/"


def door_middleware() -> list[Middleware]:
    """Return what every request goes through, the outermost first."""
    page = Path(file_util.get_static_dir(), "index.html").read_text(encoding="utf-8")
    return [
        Middleware(AddHeaders, script_hashes=inline_script_hashes(page)),
        Middleware(RefuseOtherHosts, allowed=_allowed_hosts(ServerSettings.from_environment())),
        Middleware(ClosePaths, paths=_CLOSED),
        Middleware(CompressFiles, folder=_FILES),
        Middleware(BoundMessages),
        Middleware(BoundUploads, path=_UPLOADS, uploaded=uploaded_bytes, refused=note_refusal),
        Middleware(InsertStyle, style=STYLE.read_text(encoding="utf-8")),
    ]


def door_routes() -> list[BaseRoute]:
    """Return what the server answers beside the pages."""
    token = ServerSettings.from_environment().api_token
    return [Api(open_recognizer, lambda: app_paths().active_model(), token).mount()]


def _allowed_hosts(settings: ServerSettings) -> AllowedHosts:
    """Return the names of this machine, those in the settings, and those in Streamlit's own."""
    machine = socket.gethostname()
    return AllowedHosts.of(
        [
            *settings.hosts,
            *st.get_option("server.allowedHosts"),
            st.get_option("browser.serverAddress"),
            machine,
            f"{machine}.local",
        ]
    )
