"""The door of the real server, from outside: what it refuses, how, and what stays behind of a visit."""

import asyncio
import http.client
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from websockets.exceptions import InvalidStatus

from mnist_core.config import PROJECT_FOLDER
from tests.loops import run
from tests.pages.conftest import Server
from tests.pages.sessions import STRANGER, Session

pytestmark = pytest.mark.slow
MB = 1024 * 1024
PATIENCE_S = 100
"""Until the memory of ended sessions is freed: every 45 seconds."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Run the app, with ended sessions kept for a second instead of two minutes."""
    server = Server(tmp_path_factory.mktemp("home"), STREAMLIT_SERVER_DISCONNECTED_SESSION_TTL="1")
    server.start()
    yield server
    server.stop()


@dataclass
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes


def fetch(
    server: Server, path: str, host: str = "localhost", method: str = "GET", body: bytes = b"", **headers: str
) -> Answer:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)) as connection:
        connection.request(method, path, body, {"Host": host, **names})
        answer = connection.getresponse()
        return Answer(answer.status, answer.headers, answer.read())


@pytest.mark.parametrize(
    "path", ["/", "/upload", "/_stcore/health", "/_stcore/metrics", "/media/no", "/static/no.js"]
)
def test_every_answer_carries_the_headers(server: Server, path: str):
    headers = fetch(server, path).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]


def test_a_foreign_name_reaches_neither_pages_nor_websocket(server: Server):
    answer = fetch(server, "/", host="evil.example")
    assert answer.status == 421
    assert b"evil.example" in answer.body

    async def connect() -> None:
        async with Session(server.port, host="evil.example"):
            pass

    with pytest.raises(InvalidStatus):
        run(connect())


def test_the_server_s_figures_are_closed(server: Server):
    assert fetch(server, "/_stcore/metrics").status == 404
    assert fetch(server, "/_stcore/agent/openapi.json").status == 404


def test_a_script_comes_compressed_and_may_be_stored(server: Server):
    page = fetch(server, "/").body.decode()
    script = page.partition('src="./')[2].partition('"')[0]
    answer = fetch(server, f"/{script}", Accept_Encoding="gzip")
    assert answer.headers["Content-Encoding"] == "gzip"
    assert "immutable" in answer.headers["Cache-Control"]


@pytest.mark.parametrize(
    ("content", "code", "event"),
    [
        pytest.param("hello", 1003, "websocket message refused", id="text"),
        pytest.param(b"\xff\xfe\x01garbage", 1002, "Error deserializing back message", id="no message"),
        pytest.param(b"x" * 3_000_000, 1009, "websocket message refused", id="too large"),
        pytest.param(b"[]," * 100_000, 1009, "websocket message refused", id="too many values"),
        pytest.param(b"x" * 11_000_000, 1009, "", id="far too large"),
    ],
)
def test_a_bad_message_closes_its_connection_and_is_one_line_in_the_log(
    server: Server, content: bytes | str, code: int, event: str
):
    before = len(server.log())

    async def send() -> int | None:
        async with Session(server.port) as session:
            await session.open("")
            await asyncio.gather(session.send(content), return_exceptions=True)
            return await session.closed()

    assert run(send()) == code
    lines = server.log()[before:].splitlines()
    assert len(lines) == bool(event)
    assert all(event in line for line in lines)


@pytest.mark.parametrize("state", ["{", "[" * 50_000, "NaN"], ids=["cut off", "deep", "not a number"])
def test_a_bad_state_is_one_line_in_the_log(server: Server, state: str):
    before = len(server.log())

    async def send() -> None:
        async with Session(server.port) as session:
            await session.open("")
            message = BackMsg()
            pen = next(identity for key, identity in session.widgets.items() if key == "pen")
            message.rerun_script.widget_states.widgets.add(id=pen, json_value=state)
            await session.run(message)

    run(send())
    lines = server.log()[before:].splitlines()
    assert len(lines) == 1
    assert "Uncaught app execution" in lines[0]
    assert "Traceback" not in lines[0]


def test_a_session_uploads_200_mb_and_no_more_until_it_takes_some_away(server: Server):
    health = fetch(server, "/_stcore/health")
    cookie = health.headers["Set-Cookie"].partition(";")[0]
    token = cookie.partition("=")[2]
    boundary = b"--x\r\nContent-Disposition: form-data; name=f; filename=a.png\r\n\r\n"
    body = boundary + b"\0" * (40 * MB) + b"\r\n--x--\r\n"

    async def upload() -> list[int]:
        async with Session(server.port) as session:
            await session.open("upload")

            def send(number: int, method: str = "PUT") -> int:
                path = f"/_stcore/upload_file/{session.id}/{number}"
                content = {"Content_Type": "multipart/form-data; boundary=x"} if method == "PUT" else {}
                answer = fetch(
                    server,
                    path,
                    "localhost",
                    method,
                    body if method == "PUT" else b"",
                    Cookie=cookie,
                    X_Xsrftoken=token,
                    **content,
                )
                text = answer.body.decode()
                assert answer.status < 400 or "as much as one visitor may" in text
                return answer.status

            statuses = [await asyncio.to_thread(send, number) for number in range(5)]
            await session.take_in_run()
            assert any("as much as one visitor may" in sentence for sentence in session.sentences)
            return [*statuses, await asyncio.to_thread(send, 0, "DELETE"), await asyncio.to_thread(send, 6)]

    assert run(upload()) == [204, 204, 204, 204, 413, 204, 204]


def open_files(server: Server) -> int:
    return len(list(Path(f"/proc/{server.pid}/fd").iterdir()))


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="this system does not say what is open")
def test_visits_leave_no_open_files_behind(server: Server):
    async def visit() -> None:
        async with Session(server.port) as session:
            await session.open("")

    async def visits(count: int) -> None:
        await asyncio.gather(*(visit() for _ in range(count)))

    run(visits(2))
    before = open_files(server)
    run(visits(20))
    deadline = time.monotonic() + PATIENCE_S
    while open_files(server) > before and time.monotonic() < deadline:
        time.sleep(2)
    assert open_files(server) <= before


def test_programs_get_what_the_command_line_prints(server: Server):
    sample = PROJECT_FOLDER / "assets" / "samples" / "drawing.png"
    command = [sys.executable, "-m", "mnist_core", "read", "--format", "json", str(sample)]
    printed = subprocess.run(command, cwd=PROJECT_FOLDER, capture_output=True, check=True)
    expected = json.loads(printed.stdout)
    del expected["path"]
    body = sample.read_bytes()
    answer = fetch(server, "/api/read", method="POST", body=body, Content_Type="image/png")
    assert (answer.status, json.loads(answer.body)) == (200, expected)
    assert expected["text"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_programs_from_elsewhere_are_asked_for_a_token(server: Server):
    with closing(
        http.client.HTTPConnection("127.0.0.1", server.port, timeout=60, source_address=(STRANGER, 0))
    ) as connection:
        connection.request("GET", "/api/model")
        answer = connection.getresponse()
        assert answer.status == 401
        assert "token" in json.loads(answer.read())["error"]


def test_small_answers_come_at_once(server: Server):
    """A connection that is used again waits for an acknowledgement where TCP_NODELAY is off: 40 ms a call."""
    with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)) as connection:
        seconds = []
        for _ in range(30):
            start = time.perf_counter()
            connection.request("GET", "/api/health")
            connection.getresponse().read()
            seconds.append(time.perf_counter() - start)
    assert min(seconds) < 0.02
