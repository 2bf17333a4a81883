"""Small parts of ASGI that this room's files share: a header's value, a sentence as an answer."""

from collections.abc import Iterable

from starlette.responses import PlainTextResponse, Response
from starlette.types import Scope


def header_values(scope: Scope, name: bytes) -> list[str]:
    """Return the values of a header, each time that it was sent.

    Args:
        scope: of a request or a websocket.
        name: in small letters.
    """
    return [value.decode("latin-1") for key, value in scope["headers"] if key == name]


def sentence(text: str, status: int, headers: Iterable[tuple[str, str]] = ()) -> Response:
    """Return an answer that is one sentence, never stored by a browser."""
    return PlainTextResponse(text + "\n", status, {"Cache-Control": "no-store", **dict(headers)})


def content_length(scope: Scope) -> int | None:
    """Return how many bytes of body a request announces; None where it does not say, or says no number."""
    values = header_values(scope, b"content-length")
    return int(values[0]) if len(values) == 1 and values[0].isascii() and values[0].isdigit() else None
