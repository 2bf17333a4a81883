"""The interface for programs: POST /api/read and what belongs to it; docs/api.md shows how to call it."""

import hmac
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route

from mnist_core.config import MAX_FILE_BYTES, VERSION, ModelFiles
from mnist_core.errors import InvalidImageError, MnistCoreError, ModelError
from mnist_core.logs import log_refusal
from mnist_core.reading.recognizer import Recognizer
from mnist_core.reading.report_json import report_as_json
from mnist_core.reading.reports import PictureReport, report_picture
from mnist_core.reading.sent_drawing import MAX_DRAWING_BYTES, TOO_LARGE, parse_drawing
from mnist_core.serving.bodies import RequestRefused, Workers, read_body
from mnist_core.serving.http import header_values
from mnist_core.serving.openapi import openapi_document
from mnist_core.serving.visitors import visitor_of
from mnist_core.storage.model_card import load_card

_TOO_LARGE = frozenset({"too many bytes", "too many pixels", "takes too much memory", TOO_LARGE})
_NO_PICTURE = "no picture"
_KINDS = "Send a picture with its Content-Type, image/png or the like, or strokes as application/json."


@dataclass(frozen=True, slots=True)
class Api:
    """What the interface needs.

    Attributes:
        open_recognizer: returns the active model's recognizer, or raises ModelError.
        active_model: returns its files.
        token: that programs elsewhere must send; "" lets none of them in.
        pictures: one at a time: decoding a large one takes most of the memory that there is for it.
        drawings: that need a thousandth of that, and don't wait for pictures.
    """

    open_recognizer: Callable[[], Recognizer]
    active_model: Callable[[], ModelFiles]
    token: str = field(repr=False)
    pictures: Workers = field(default_factory=lambda: Workers(threads=1, waiting=8))
    drawings: Workers = field(default_factory=lambda: Workers(threads=2, waiting=64))

    def mount(self) -> Mount:
        """Return the interface as a route at /api."""
        routes = [
            Route("/read", self._guarded(self.read), methods=["POST"]),
            Route("/model", self._guarded(self.model)),
            Route("/health", self._guarded(self.health)),
            Route("/ready", self._guarded(self.ready)),
            Route("/openapi.json", self._guarded(self.openapi)),
        ]
        # Starlette logs what nobody expected, with its traceback, after the handler has answered in words.
        handlers: Mapping[Any, Any] = {
            HTTPException: _answer_http,
            MnistCoreError: _answer_error,
            Exception: _answer_crash,
        }
        return Mount("/api", app=Starlette(routes=routes, exception_handlers=handlers))

    async def read(self, request: Request) -> Response:
        """Read a picture or a drawing."""
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind == "application/json":
            async with self.drawings.place():
                body = await read_body(request, MAX_DRAWING_BYTES)
                return await self.drawings.run(self._read_drawing, body)
        if kind.startswith("image/"):
            async with self.pictures.place():
                body = await read_body(request, MAX_FILE_BYTES)
                return await self.pictures.run(self._read_picture, body)
        raise RequestRefused(_KINDS, 415, "no kind")

    async def model(self, request: Request) -> Response:
        """Return which network reads, and what it scored."""
        return await self.drawings.run(self._model)

    async def health(self, request: Request) -> Response:
        """Return that the server answers."""
        return _answer({"status": "ok", "version": VERSION})

    async def ready(self, request: Request) -> Response:
        """Return that the server can read."""
        recognizer = await self.drawings.run(self.open_recognizer)
        return _answer({"status": "ready", "model": recognizer.files.name})

    async def openapi(self, request: Request) -> Response:
        """Describe the interface for programs that make clients."""
        return _answer(openapi_document())

    def _read_drawing(self, body: bytes) -> Response:
        drawing = parse_drawing(body)
        reading = self.open_recognizer().read_strokes(drawing.strokes, drawing.height, drawing.width)
        return _answer(report_as_json(PictureReport("drawing", reading)))

    def _read_picture(self, body: bytes) -> Response:
        report = report_picture(self.open_recognizer(), body, "The picture")
        if report.error is not None:
            return _refusal(report.error, report.reason)
        return _answer(report_as_json(report))

    def _model(self) -> Response:
        files = self.active_model()
        card = load_card(files.card)
        return _answer(
            {
                "name": files.name,
                "recipe": card.recipe,
                "created": card.created,
                "parameters": card.parameters,
                "scores": [
                    {"measure": score.measure, "right": score.right, "total": score.total}
                    for score in card.scores
                ],
            }
        )

    def _guarded(
        self, endpoint: Callable[[Request], Awaitable[Response]]
    ) -> Callable[[Request], Awaitable[Response]]:
        """Let in whoever is at this computer, and programs elsewhere that know the token; no foreign page."""

        async def guarded(request: Request) -> Response:
            origins, hosts = header_values(request.scope, b"origin"), header_values(request.scope, b"host")
            if any(urlsplit(origin).netloc not in hosts for origin in origins):
                raise RequestRefused("A page of another site may not ask here.", 403, "another origin")
            if not visitor_of(request.scope).is_at_this_computer:
                self._require_token(request)
            return await endpoint(request)

        return guarded

    def _require_token(self, request: Request) -> None:
        sent = request.headers.get("authorization", "")
        expected = f"Bearer {self.token}"
        if not self.token:
            raise RequestRefused(
                "From elsewhere a token is needed; whoever runs this server has set none: DIGITS_API_TOKEN.",
                401,
                "no token set",
            )
        if not hmac.compare_digest(sent.encode(), expected.encode()):  # takes as long for every wrong one
            raise RequestRefused(
                "From elsewhere the server's token is needed: send the header Authorization: Bearer TOKEN.",
                401,
                "wrong token" if sent else "no token",
            )


def _answer(content: Mapping[str, Any], status: int = 200, **headers: str) -> Response:
    return JSONResponse(content, status, {"Cache-Control": "no-store", **headers})


def _refusal(sentence: str, reason: str) -> Response:
    """Answer that a picture or a drawing can't be read, with the status for its kind of fault."""
    status = 413 if reason in _TOO_LARGE else 415 if reason == _NO_PICTURE else 400
    return _answer({"error": sentence}, status)


async def _answer_error(request: Request, error: MnistCoreError) -> Response:
    log_refusal(error, request.url.path.removeprefix("/"))
    if isinstance(error, InvalidImageError):
        return _refusal(str(error), error.reason)
    if isinstance(error, RequestRefused):
        extra = {401: {"WWW-Authenticate": "Bearer"}, 503: {"Retry-After": "1"}}.get(error.status, {})
        return _answer({"error": str(error)}, error.status, **extra)
    return _answer({"error": str(error)}, 503 if isinstance(error, ModelError) else 400)


async def _answer_http(request: Request, error: HTTPException) -> Response:
    sentences = {404: "There is nothing at this address.", 405: "This address takes other methods."}
    content = {"error": sentences.get(error.status_code, error.detail)}
    return _answer(content, error.status_code, **dict(error.headers or {}))


async def _answer_crash(request: Request, error: Exception) -> Response:
    return _answer({"error": "Something went wrong in the server; its log says what."}, 500)
