"""Bounds what visitors have uploaded at a time: in one file, in one session, on the whole server.

Streamlit has a limit for one file only, and holds each in memory until its session ends.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from starlette.types import ASGIApp, Receive, Scope, Send

from mnist_core.config import MAX_FILE_BYTES, MAX_TABLE_BYTES
from mnist_core.logs import log_event
from mnist_core.serving.http import content_length, sentence
from mnist_core.serving.rights import may_upload_table
from mnist_core.serving.visitors import visitor_of

_MB = 1024 * 1024
_MULTIPART = _MB
"""Bytes that a request may have beside the file in it, as Streamlit allows."""


@dataclass(frozen=True, slots=True)
class UploadedBytes:
    """How many bytes of uploads are in memory."""

    session: int
    server: int


@dataclass(frozen=True, slots=True)
class UploadLimits:
    """How many bytes of uploads may be in memory."""

    session: int = 200 * _MB
    server: int = 1024 * _MB


class BoundUploads:
    """Middleware that refuses an upload before a byte of it is read, where there is no room for it."""

    def __init__(
        self,
        app: ASGIApp,
        path: str,
        uploaded: Callable[[str], UploadedBytes],
        refused: Callable[[str, str], None],
        limits: UploadLimits | None = None,
    ) -> None:
        """Wrap an app.

        Args:
            app: what takes uploads.
            path: below which it does: a session's id, a slash, a file's id.
            uploaded: tells how many bytes are in memory, of this session and of all.
            refused: is given the session and the sentence that it is refused with.
            limits: on that.
        """
        self._app = app
        self._path = path
        self._uploaded = uploaded
        self._refused = refused
        self._limits = limits or UploadLimits()
        self._arriving: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "PUT" or not scope["path"].startswith(self._path):
            await self._app(scope, receive, send)
            return
        session = scope["path"].removeprefix(self._path).partition("/")[0]
        size = content_length(scope)
        if size is None:
            await sentence("An upload must say beforehand how large it is.", 411)(scope, receive, send)
            return
        most = MAX_TABLE_BYTES if may_upload_table(visitor_of(scope)) else MAX_FILE_BYTES
        if refusal := self._refusal(session, size, most):
            log_event("upload refused", reason=refusal, size=size)
            self._refused(session, refusal)
            await sentence(refusal, 413)(scope, receive, send)
            return
        self._arriving[session] += size
        try:
            await self._app(scope, receive, send)
        finally:
            self._arriving[session] -= size
            self._arriving = +self._arriving  # forgets the sessions of which nothing is arriving

    def _refusal(self, session: str, size: int, most: int) -> str:
        """Return the sentence that says why there is no room for an upload; "" where there is."""
        uploaded = self._uploaded(session)
        if size > most + _MULTIPART:
            return f"The file has more than {most // _MB} MB. Save it smaller, and try again."
        if uploaded.session + self._arriving[session] + size > self._limits.session:
            return (
                f"You have uploaded {self._limits.session // _MB} MB, which is as much as one visitor may. "
                "Take some away, or open the page anew, and go on with the rest."
            )
        if uploaded.server + self._arriving.total() + size > self._limits.server:
            return (
                "Others have uploaded so much just now that there is no room left. "
                "Try again in a few minutes, or upload smaller files."
            )
        return ""
