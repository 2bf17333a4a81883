"""Bounds what a browser may send over the websocket, and how fast, before anything parses it.

The largest honest message is a drawing of as many strokes and points as are read: each stroke comes with all
those before it. A message that says `[],[],[],` costs twenty times its size once it is parsed, so the signs
that begin or separate values in JSON are counted, which takes a millisecond a megabyte.
"""

import asyncio
import logging
import time
from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mnist_core.logs import log_event

_TOO_BIG, _NOT_BYTES = 1009, 1003
"""Codes of the websocket's protocol with which a connection is closed."""


@dataclass(frozen=True, slots=True)
class MessageLimits:
    """What one message from a browser may hold, and how many may come.

    Attributes:
        size: in bytes. A drawing of 20,000 points has 0.6 million with a mouse, 1.7 with a finger, whose
            coordinates have more digits.
        values: commas, brackets and braces: 6 for each point, 60 for each of 200 strokes.
        values_a_second: that one connection may send in the long run; a usual drawing has a hundredth of them
            with each stroke. What comes faster waits.
        burst: values that may come at once.
        least: values that any message counts for: so forty a second may come, more than a slider sends.
    """

    size: int = 2_000_000
    values: int = 150_000
    values_a_second: int = 60_000
    burst: int = 300_000
    least: int = 1_500

    def refusal(self, message: bytes) -> str:
        """Return why a message is not taken, in a few words; "" where it is."""
        if len(message) > self.size:
            return "too large"
        return "too many values" if count_values(message) > self.values else ""


def count_values(message: bytes) -> int:
    """Count the signs that begin or separate values in JSON, wherever they stand."""
    return sum(message.count(sign) for sign in (b"[", b"{", b","))


class Pace:
    """How fast one connection sends: a credit of values that is spent by messages and grows with time."""

    def __init__(self, limits: MessageLimits, now: float) -> None:
        self._limits = limits
        self._credit = float(limits.burst)
        self._time = now

    def seconds_to_wait(self, values: int, now: float) -> float:
        """Spend a message's values, and return after how many seconds it may be passed on.

        Args:
            values: of the message.
            now: in seconds of a clock that does not go back.
        """
        limits = self._limits
        grown = self._credit + (now - self._time) * limits.values_a_second
        self._credit = min(limits.burst, grown) - max(values, limits.least)
        self._time = now
        return max(0.0, -self._credit / limits.values_a_second)


class BoundMessages:
    """Middleware that closes a connection that sends what no page can, and slows one that sends much."""

    def __init__(self, app: ASGIApp, limits: MessageLimits | None = None) -> None:
        self._app = app
        self._limits = limits or MessageLimits()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "websocket":
            await self._app(scope, receive, send)
            return

        pace = Pace(self._limits, time.monotonic())

        async def receive_bounded() -> Message:
            message = await receive()
            if message["type"] != "websocket.receive":
                return message
            content = message.get("bytes")
            refusal = "no bytes" if content is None else self._limits.refusal(content)
            if content is not None and not refusal:
                # While it waits, nothing more is read from this connection.
                await asyncio.sleep(pace.seconds_to_wait(count_values(content), time.monotonic()))
                return message
            size = len(content or message.get("text") or "")
            log_event("websocket message refused", logging.WARNING, reason=refusal, size=size)
            code = _NOT_BYTES if content is None else _TOO_BIG
            await send({"type": "websocket.close", "code": code})
            return {"type": "websocket.disconnect", "code": code}

        await self._app(scope, receive_bounded, send)
