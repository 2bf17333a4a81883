"""Bounds what a browser may send over the websocket, before anything parses it.

The largest honest message is a drawing of as many strokes and points as are read: each stroke comes with all
those before it. A message that says `[],[],[],` costs twenty times its size once it is parsed, so the signs
that begin or separate values in JSON are counted, which takes a millisecond a megabyte.
"""

import logging
from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mnist_core.logs import log_event

_TOO_BIG, _NOT_BYTES = 1009, 1003
"""Codes of the websocket's protocol with which a connection is closed."""


@dataclass(frozen=True, slots=True)
class MessageLimits:
    """What one message from a browser may hold.

    Attributes:
        size: in bytes. A drawing of 20,000 points has 0.6 million with a mouse, 1.7 with a finger, whose
            coordinates have more digits.
        values: commas, brackets and braces: 6 for each point, 60 for each of 200 strokes.
    """

    size: int = 2_000_000
    values: int = 150_000

    def refusal(self, message: bytes) -> str:
        """Return why a message is not taken, in a few words; "" where it is."""
        if len(message) > self.size:
            return "too large"
        values = sum(message.count(sign) for sign in (b"[", b"{", b","))
        return "too many values" if values > self.values else ""


class BoundMessages:
    """Middleware that closes a connection over which comes what no page of ours can have sent."""

    def __init__(self, app: ASGIApp, limits: MessageLimits | None = None) -> None:
        self._app = app
        self._limits = limits or MessageLimits()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "websocket":
            await self._app(scope, receive, send)
            return

        async def receive_bounded() -> Message:
            message = await receive()
            if message["type"] != "websocket.receive":
                return message
            content = message.get("bytes")
            refusal = "no bytes" if content is None else self._limits.refusal(content)
            if not refusal:
                return message
            size = len(content or message.get("text") or "")
            log_event("websocket message refused", logging.WARNING, reason=refusal, size=size)
            code = _NOT_BYTES if content is None else _TOO_BIG
            await send({"type": "websocket.close", "code": code})
            return {"type": "websocket.disconnect", "code": code}

        await self._app(scope, receive_bounded, send)
