"""What a browser may send over the websocket."""

import json
import logging

import numpy as np
import pytest
from starlette.types import Message, Receive, Scope, Send

from benchmarks.visitors import canvas_object
from mnist_core.reading.strokes import Stroke
from mnist_core.serving.websocket import BoundMessages, MessageLimits, Pace
from tests.drawings import strokes_of
from tests.loops import run
from tests.serving.asgi import http_scope

LIMITS = MessageLimits()


def passed_on(message: Message) -> tuple[Message, list[Message]]:
    """Send a message through the middleware: what the app is given, and what the browser is sent."""
    given: list[Message] = []
    sent: list[Message] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        given.append(await receive())

    async def receive() -> Message:
        return message

    async def send(answer: Message) -> None:
        sent.append(answer)

    run(BoundMessages(app)(http_scope() | {"type": "websocket"}, receive, send))
    return given[0], sent


def test_the_largest_drawing_that_is_read_may_be_sent():
    points = np.random.default_rng(0).uniform(0, 700, (100, 2)).astype(np.float32)
    objects = [canvas_object(Stroke(points, 20.0)) for _ in range(200)]
    for each in objects:  # a finger's coordinates have as many digits as a float has
        each["path"] = [[command[0], *(x + 1 / 3 for x in command[1:])] for command in each["path"]]
    message = json.dumps({"drawing": {"raw": {"objects": objects}}}, separators=(",", ":")).encode()
    assert len(message) > 1_000_000
    assert LIMITS.refusal(message) == ""


@pytest.mark.parametrize("piece", [b"[],", b"{},", b"1,", b'"a":1,', b'"\\",",'])
def test_many_small_values_are_refused(piece: bytes):
    assert LIMITS.refusal(b"[" + piece * 160_000) == "too many values"


def test_a_large_message_is_refused():
    assert LIMITS.refusal(b"x" * 2_000_001) == "too large"


def test_a_connection_that_sends_as_a_hand_does_never_waits():
    pace, drawing = Pace(LIMITS, now=0), 3_000
    assert all(pace.seconds_to_wait(drawing, second / 5) == 0 for second in range(1000))


def test_a_connection_that_sends_without_end_waits_longer_and_longer():
    pace = Pace(LIMITS, now=0)
    waits = [pace.seconds_to_wait(LIMITS.values, now=0) for _ in range(4)]
    assert waits == [0, 0, 2.5, 5]
    assert pace.seconds_to_wait(LIMITS.values, now=20) == 0  # it has waited enough


def test_many_small_messages_wait_too():
    pace = Pace(LIMITS, now=0)
    waits = [pace.seconds_to_wait(1, now=0) for _ in range(241)]
    assert waits[199] == 0
    assert waits[240] == pytest.approx(1.025)


def test_a_message_that_must_wait_is_passed_on_later(monkeypatch: pytest.MonkeyPatch):
    waited = []

    async def sleep(seconds: float) -> None:
        waited.append(seconds)

    monkeypatch.setattr("mnist_core.serving.websocket.asyncio.sleep", sleep)
    message = {"type": "websocket.receive", "bytes": b"[]"}
    monkeypatch.setattr(Pace, "seconds_to_wait", lambda *_: 1.5)
    assert passed_on(message)[0] == message
    assert waited == [1.5]


def test_a_usual_message_comes_through_untouched():
    drawing = json.dumps([canvas_object(stroke) for stroke in strokes_of("8", 150)]).encode()
    message = {"type": "websocket.receive", "bytes": drawing}
    assert passed_on(message) == (message, [])


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ({"bytes": b"[]," * 200_000}, 1009),
        ({"text": "hello"}, 1003),
        ({"bytes": None, "text": "hello"}, 1003),
    ],
)
def test_a_refused_message_closes_the_connection_and_is_one_line_in_the_log(
    message: Message, code: int, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.WARNING, "mnist_core")
    given, sent = passed_on({"type": "websocket.receive", **message})
    assert given == {"type": "websocket.disconnect", "code": code}
    assert sent == [{"type": "websocket.close", "code": code}]
    assert [record.getMessage() for record in caplog.records] == ["websocket message refused"]
    assert "hello" not in str(caplog.records[0].facts)
