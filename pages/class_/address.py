"""Where pupils join: the address that the projector shows, and the QR code of it."""

from dataclasses import dataclass
from urllib.parse import urlsplit

import segno
import streamlit as st

from mnist_core.config import ServerSettings
from mnist_core.serving.hosts import LOOPBACK_NAMES
from mnist_core.serving.own_address import find_own_address


@dataclass(frozen=True, slots=True)
class JoinAddress:
    """Where a class is joined.

    Attributes:
        page: the class page's address, as one types it.
        is_reachable: whether others come in there.
    """

    page: str
    is_reachable: bool

    def link(self, code: str) -> str:
        """Return the address with a class's code in it."""
        return f"{self.page}?code={code}"


def join_address() -> JoinAddress:
    """Return where pupils reach this server: by the name that the teacher uses, if it is one for others."""
    parts = urlsplit(st.context.url or "http://localhost/class")
    settings = ServerSettings.from_environment()
    listens_here_only = st.get_option("server.address") in LOOPBACK_NAMES
    return JoinAddress(
        *_reachable(parts.scheme, parts.hostname or "", parts.port, settings, listens_here_only)
    )


def qr_code(link: str) -> str:
    """Return a link's QR code as the address of a picture, black on white whatever the theme."""
    return segno.make(link, error="m", micro=False).svg_data_uri(scale=8, border=2, light="#fff")


def _reachable(
    scheme: str, host: str, port: int | None, settings: ServerSettings, listens_here_only: bool
) -> tuple[str, bool]:
    named = next((name for name in settings.hosts if "*" not in name), None)
    if host in LOOPBACK_NAMES and not listens_here_only:
        host = named or find_own_address() or host
    shown = f"[{host}]" if ":" in host else host
    return f"{scheme}://{shown}{f':{port}' if port else ''}/class", host not in LOOPBACK_NAMES
