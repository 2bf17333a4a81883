"""What the upload page needs of the browser: see browser.js."""

from pathlib import Path
from urllib.parse import urlsplit

import streamlit as st

from mnist_core.serving.hosts import LOOPBACK_NAMES

_ACCEPTED = "image/*,.heic,.heif"
"""For the browser's own dialog, which on a phone then offers photos and the camera. It refuses nothing."""

_browser = st.components.v2.component(
    "digit_playground_upload_browser",
    js=Path(__file__).with_name("browser.js").read_text(encoding="utf-8"),
)


def prepare_browser() -> None:
    """Have the browser offer pictures and the camera in its file dialog, and take what is pasted anywhere."""
    _browser(key="upload-browser", data={"accept": _ACCEPTED})


def gets_camera(address: str | None) -> bool:
    """Return whether browsers give the camera to a page at this address; None is this computer's own."""
    parts = urlsplit(address or "https:")
    return parts.scheme == "https" or parts.hostname in LOOPBACK_NAMES
