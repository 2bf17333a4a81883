"""Visitors who mean no good, for benchmarks/siege.py: what each does again and again until it is over.

A process of its own, so that their work slows no honest visitor's clock:
python -m benchmarks.hostile_visitors PORT COUNT SECONDS prints what they did, counted, as JSON.
"""

import asyncio
import http.client
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import closing

from streamlit.proto.BackMsg_pb2 import BackMsg
from websockets.exceptions import WebSocketException

from tests.pages.sessions import Session

_UPLOAD_MB = 10
_PAUSE_S = 0.5
"""Between two deeds of one: more would measure who floods whom, and not what the app does with each."""

Deed = Callable[[int, random.Random, Counter[str]], Awaitable[None]]


async def send_states(port: int, chance: random.Random, done: Counter[str]) -> None:
    """Send canvas states that no canvas has: deep, endless, of the wrong kinds, and as large as is let in."""
    values = chance.choice(
        ["[]," * 45_000, "[" * 100_000, '{"drawing": {"raw": {"objects": 1e999}}}', "NaN", "\0", "{"]
    )
    state = f'{{"drawing": {{"raw": {{"objects": [{values}0]}}}}}}' if values[0] == "[" else values
    async with Session(port) as session:
        await session.open("")
        for _ in range(3):
            message = BackMsg()
            message.rerun_script.widget_states.widgets.add(id=session.widgets["canvas"], json_value=state)
            await session.run(message)
            done["bad states"] += 1


async def send_garbage(port: int, chance: random.Random, done: Counter[str]) -> None:
    """Send what is no message, until the connection is closed."""
    async with Session(port) as session:
        await session.open("")
        garbage: list[bytes | str] = ["text", b"\xff\xfe\x01", b"x" * 3_000_000, b"[]," * 100_000]
        await session.send(chance.choice(garbage))
        await session.closed()
        done["garbage, connection closed"] += 1


async def upload(port: int, chance: random.Random, done: Counter[str]) -> None:
    """Upload files that are no pictures, as large as may be, and never show them."""
    async with Session(port) as session:
        await session.open("upload")
        for number in range(chance.randint(2, 30)):
            status = await asyncio.to_thread(_put, port, session.id, number)
            done[f"uploads of {_UPLOAD_MB} MB answered {status}"] += 1


def _put(port: int, session: str, number: int) -> int:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        connection.request("GET", "/_stcore/health")
        answer = connection.getresponse()
        answer.read()
        cookie = answer.headers["Set-Cookie"].partition(";")[0]
        head = b"--x\r\nContent-Disposition: form-data; name=f; filename=a.png\r\n\r\n"
        body = head + bytes(_UPLOAD_MB << 20) + b"\r\n--x--\r\n"
        headers = {
            "Cookie": cookie,
            "X-Xsrftoken": cookie.partition("=")[2],
            "Content-Type": "multipart/form-data; boundary=x",
        }
        connection.request("PUT", f"/_stcore/upload_file/{session}/{number}", body, headers)
        return connection.getresponse().status


async def reconnect(port: int, chance: random.Random, done: Counter[str]) -> None:
    """Come and go at once, five times over, now and then in mid-run."""
    for _ in range(5):
        async with Session(port) as session:
            if chance.random() < 0.5:
                await session.open("upload")
            else:
                message = BackMsg()
                message.rerun_script.page_name = "models"
                await session.send(message.SerializeToString())
        done["reconnects"] += 1


async def export(port: int, chance: random.Random, done: Counter[str]) -> None:
    """Press all exports of the shipped network, the one that needs Keras among them."""
    async with Session(port) as session:
        await session.open("models")
        for kind in chance.sample(["onnx", "keras", "zip"], 3):
            await session.press(f"export-shipped-{kind}")
            done["exports"] += 1


async def ask_api(port: int, chance: random.Random, done: Counter[str]) -> None:
    """Ask for readings of what is neither a picture nor a drawing."""
    body = chance.choice([b"", b"x" * 1000, b"[" * 50_000, json.dumps({"strokes": [[[1e308, 0]]]}).encode()])
    kind = chance.choice(["image/png", "application/json", "text/html"])
    status = await asyncio.to_thread(_post, port, body, kind)
    done[f"bad calls of /api/read answered {status}"] += 1


def _post(port: int, body: bytes, kind: str) -> int:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        connection.request("POST", "/api/read", body, {"Content-Type": kind})
        return connection.getresponse().status


DEEDS: tuple[Deed, ...] = (send_states, upload, reconnect, export, send_garbage, ask_api)


async def besiege(port: int, number: int, until: float, done: Counter[str]) -> None:
    """Do one deed again and again.

    Args:
        port: of the server, on this machine.
        number: of this visitor, which says which deed.
        until: when to stop, by `time.monotonic`.
        done: what all have done together, counted; what broke off is counted by its error.
    """
    chance = random.Random(number)
    deed = DEEDS[number % len(DEEDS)]
    await asyncio.sleep(chance.uniform(0, 3))
    while time.monotonic() < until:
        try:
            await deed(port, chance, done)
        except (WebSocketException, OSError, TimeoutError, http.client.HTTPException, KeyError) as error:
            done[f"{deed.__name__} broke off: {type(error).__name__}"] += 1
        await asyncio.sleep(_PAUSE_S)


async def _besiege_together(port: int, count: int, seconds: float) -> Counter[str]:
    done: Counter[str] = Counter()
    until = time.monotonic() + seconds
    await asyncio.gather(*(besiege(port, number, until, done) for number in range(count)))
    return done


if __name__ == "__main__":
    counts = asyncio.run(_besiege_together(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])))
    print(json.dumps(counts))
