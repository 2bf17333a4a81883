"""Asks an ASGI app as a server would, without one: a request in, status, headers and body out."""

from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from starlette.types import Message, Receive, Scope, Send

from tests.loops import run

App = Callable[[Scope, Receive, Send], Awaitable[None]]


@dataclass
class Answer:
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    asked_for: int = 0
    """Messages that the app took of the request's body."""


def http_scope(
    path: str = "/",
    method: str = "GET",
    headers: Iterable[tuple[str, str]] = (("host", "localhost"),),
    client: str = "127.0.0.1",
    server: str = "127.0.0.1",
    **more: Any,
) -> Scope:
    return {
        "type": "http",
        "method": method,
        "path": path,
        "headers": [(name.encode(), value.encode()) for name, value in headers],
        "client": (client, 50_000),
        "server": (server, 8501),
        "query_string": b"",
        "scheme": "http",
        **more,
    }


def ask(app: App, scope: Scope, body: Iterable[bytes] = (b"",)) -> Answer:
    """Send a request whose body comes in these parts, and return the whole answer."""
    return run(ask_within_loop(app, scope, body))


async def ask_within_loop(app: App, scope: Scope, body: Iterable[bytes] = (b"",)) -> Answer:
    answer = Answer()
    parts = _messages(list(body))

    async def receive() -> Message:
        answer.asked_for += 1
        return next(parts, {"type": "http.disconnect"})

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            answer.status = message["status"]
            answer.headers = {name.decode(): value.decode() for name, value in message["headers"]}
        else:
            answer.body += message.get("body", b"")

    await app(scope, receive, send)
    return answer


def _messages(parts: list[bytes]) -> Iterator[Message]:
    for number, part in enumerate(parts, 1):
        yield {"type": "http.request", "body": part, "more_body": number < len(parts)}
