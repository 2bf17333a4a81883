"""Puts our style sheet into the page itself: sent with what it shows, it would move what stands there."""

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_END = b"</body>"  # below the head: where two rules weigh the same, the later one counts, and that is ours


class InsertStyle:
    """Middleware that adds a style sheet to every HTML page, and leaves everything else as it is."""

    def __init__(self, app: ASGIApp, style: str) -> None:
        """Wrap an app.

        Args:
            app: what answers; its pages are not compressed yet.
            style: CSS.
        """
        self._app = app
        self._style = b"<style>" + style.encode() + b"</style>"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "GET":
            await self._app(scope, receive, send)
            return
        start: Message | None = None
        body = b""

        async def send_styled(message: Message) -> None:
            nonlocal start, body
            if message["type"] == "http.response.start" and _is_page(message):
                start = message
            elif start is None:
                await send(message)
            elif message["type"] == "http.response.body":
                body += message.get("body", b"")
                if not message.get("more_body", False):
                    await self._send(start, body, send)

        await self._app(_uncompressed(scope), receive, send_styled)

    async def _send(self, start: Message, body: bytes, send: Send) -> None:
        body = body.replace(_END, self._style + _END)
        headers = MutableHeaders(scope=start)
        headers["Content-Length"] = str(len(body))
        for name in (
            "ETag",
            "Last-Modified",
        ):  # of the page without the sheet, which may change before it does
            if name in headers:
                del headers[name]
        await send(start)
        await send({"type": "http.response.body", "body": body})


def _uncompressed(scope: Scope) -> Scope:
    """Return a request for a page without its wish for compression: nothing can be put into gzip."""
    accepted = Headers(scope=scope).get("accept", "")
    if "text/html" not in accepted:
        return scope
    return {**scope, "headers": [pair for pair in scope["headers"] if pair[0] != b"accept-encoding"]}


def _is_page(start: Message) -> bool:
    headers = Headers(raw=start["headers"])
    is_html = headers.get("content-type", "").startswith("text/html")
    return bool(start["status"] == 200 and is_html and "content-encoding" not in headers)
