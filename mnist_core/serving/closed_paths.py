"""Addresses of Streamlit that this server does not offer: its figures, and its interface for agents."""

from collections.abc import Iterable

from starlette.types import ASGIApp, Receive, Scope, Send

from mnist_core.serving.http import sentence


class ClosePaths:
    """Middleware that answers 404 for some paths and all that lies below them."""

    def __init__(self, app: ASGIApp, paths: Iterable[str]) -> None:
        self._app = app
        self._paths = tuple(paths)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and any(
            scope["path"] == path or scope["path"].startswith(f"{path}/") for path in self._paths
        ):
            await sentence("There is nothing at this address.", 404)(scope, receive, send)
        else:
            await self._app(scope, receive, send)
