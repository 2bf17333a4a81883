"""Compresses the files of the pages, each once: without it a first visit is 3.5 MB.

Streamlit compresses what it makes anew but not its files, since it would do so for every visitor. Their names
hold a hash of their content, so what was compressed once stays valid.
"""

import gzip
from dataclasses import dataclass, field

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mnist_core.serving.http import header_values

_TYPES = ("text/", "application/javascript", "application/json", "image/svg+xml", "font/ttf")
_LEVEL = 9
_SMALLEST = 1000
"""Bytes below which compression gains less than its header costs."""
_MOST_STORED = 32 * 1024 * 1024
"""Bytes of compressed files in memory; all of Streamlit's take 6 MB."""


@dataclass(slots=True)
class _Answer:
    """An answer as it comes from further in, until it is whole."""

    start: Message
    body: list[bytes] = field(default_factory=list)


class CompressFiles:
    """Middleware that compresses the files of a folder, and the page that names them."""

    def __init__(self, app: ASGIApp, folder: str) -> None:
        """Wrap an app.

        Args:
            app: what answers.
            folder: below which the path of a file with a hash in its name lies, such as "/static/".
        """
        self._app = app
        self._folder = folder
        self._compressed: dict[str, bytes] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not (_takes_gzip(scope) and (scope["path"].startswith(self._folder) or scope["path"] == "/")):
            await self._app(scope, receive, send)
            return
        answer: _Answer | None = None

        async def send_compressed(message: Message) -> None:
            nonlocal answer
            if message["type"] == "http.response.start" and _can_compress(message):
                answer = _Answer(message)
            elif answer is None:
                await send(message)
            elif message["type"] == "http.response.body":
                answer.body.append(message.get("body", b""))
                if not message.get("more_body", False):
                    await self._send(scope["path"], answer, send)

        await self._app(scope, receive, send_compressed)

    async def _send(self, path: str, answer: _Answer, send: Send) -> None:
        body = await self._compress(path, answer)
        headers = MutableHeaders(scope=answer.start)
        headers["Content-Encoding"] = "gzip"
        headers["Content-Length"] = str(len(body))
        headers.add_vary_header("Accept-Encoding")
        if etag := headers.get("etag"):
            headers["ETag"] = f"W/{etag.removeprefix('W/')}"  # the same content in other bytes
        await send(answer.start)
        await send({"type": "http.response.body", "body": body})

    async def _compress(self, path: str, answer: _Answer) -> bytes:
        if (compressed := self._compressed.get(path)) is not None:
            return compressed
        compressed = await run_in_threadpool(gzip.compress, b"".join(answer.body), _LEVEL)
        is_for_good = "immutable" in Headers(raw=answer.start["headers"]).get("cache-control", "")
        if is_for_good and sum(map(len, self._compressed.values())) + len(compressed) <= _MOST_STORED:
            self._compressed[path] = compressed
        return compressed


def _takes_gzip(scope: Scope) -> bool:
    """Return whether this is a request for a file, from a browser that takes gzip."""
    if scope["type"] != "http" or scope["method"] != "GET" or header_values(scope, b"range"):
        return False
    return any("gzip" in value for value in header_values(scope, b"accept-encoding"))


def _can_compress(start: Message) -> bool:
    headers = Headers(raw=start["headers"])
    return (
        start["status"] == 200
        and "content-encoding" not in headers
        and headers.get("content-type", "").startswith(_TYPES)
        and int(headers.get("content-length", 0)) >= _SMALLEST
    )
