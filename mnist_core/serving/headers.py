"""The headers that every answer carries: what a browser may load on our pages, and who may frame them."""

import base64
import hashlib
import re
from collections.abc import Iterable

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mnist_core.serving.hosts import host_name
from mnist_core.serving.http import header_values

_INLINE_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",  # for browsers that know no frame-ancestors
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=(), payment=(), usb=()",
}


def content_security_policy(script_hashes: Iterable[str], host: str) -> str:
    """Return what a browser may load and do on our pages: nothing from elsewhere, and nothing sent elsewhere.

    Args:
        script_hashes: of the scripts that stand in the page itself: see `inline_script_hashes`.
        host: that the browser asked for, with its port: some browsers don't count the websocket as 'self'.
    """
    hashes = " ".join(f"'{each}'" for each in script_hashes)
    directives = {
        "default-src": "'self'",
        # blob: components bring their script as text. wasm: the browser's part of Streamlit reckons with it.
        "script-src": f"'self' blob: 'wasm-unsafe-eval' {hashes}".strip(),
        "style-src": "'self' 'unsafe-inline'",  # Streamlit writes its styles into the page as it runs
        "img-src": "'self' data: blob:",
        "font-src": "'self' data:",
        "media-src": "'self' data: blob:",
        "worker-src": "'self' blob:",
        "connect-src": f"'self' data: blob: ws://{host} wss://{host}",
        "frame-src": "'none'",
        "object-src": "'none'",
        "base-uri": "'self'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
    }
    return "; ".join(f"{name} {sources}" for name, sources in directives.items())


def inline_script_hashes(page: str) -> tuple[str, ...]:
    """Return a hash, as a content security policy names it, of each script that stands in an HTML page."""
    digests = (hashlib.sha256(script.encode()).digest() for script in _INLINE_SCRIPT.findall(page))
    return tuple(f"sha256-{base64.b64encode(digest).decode()}" for digest in digests)


class AddHeaders:
    """Middleware that gives every answer these headers, refusals and errors among them."""

    def __init__(self, app: ASGIApp, script_hashes: Iterable[str]) -> None:
        self._app = app
        self._script_hashes = tuple(script_hashes)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        hosts = header_values(scope, b"host")
        # A name that is none is refused further in, and must not find its way into a header.
        host = hosts[0] if host_name(hosts) else "localhost"

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(_HEADERS)
                headers["Content-Security-Policy"] = content_security_policy(self._script_hashes, host)
            await send(message)

        await self._app(scope, receive, send_with_headers)
