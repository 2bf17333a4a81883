"""The interface for programs: what it answers, what it refuses, and how."""

import asyncio
import json
import logging
import time
from collections.abc import Callable, Iterable
from io import BytesIO
from typing import Any

import numpy as np
import pytest
from PIL import Image
from starlette.routing import Router

from mnist_core.config import MAX_FILE_BYTES, SHIPPED_FOLDER, ModelFiles
from mnist_core.errors import ModelError
from mnist_core.reading.pictures import png_bytes
from mnist_core.reading.recognizer import Recognizer
from mnist_core.reading.report_json import report_as_json
from mnist_core.reading.reports import report_picture
from mnist_core.reading.sent_drawing import MAX_DRAWING_BYTES
from mnist_core.serving.api import Api
from mnist_core.serving.bodies import Workers
from tests.drawings import drawing, strokes_of
from tests.loops import run
from tests.serving.asgi import Answer, App, ask, ask_within_loop, http_scope

TOKEN = "a-long-token"
ELSEWHERE = "192.168.1.7"
PICTURE = png_bytes(drawing(*strokes_of("1")))
BAR = {"strokes": [[[100, 40], [100, 200]]], "width": 700, "height": 280, "pen": 20}


def api(open_recognizer: Callable[[], Recognizer], token: str = TOKEN) -> App:
    files = ModelFiles(SHIPPED_FOLDER)
    return Router([Api(open_recognizer, lambda: files, token).mount()])


@pytest.fixture
def app(fake_recognizer: Recognizer) -> App:
    return api(lambda: fake_recognizer)


def call(
    app: App,
    path: str,
    body: bytes | Iterable[bytes] | None = None,
    kind: str | None = "image/png",
    client: str = "127.0.0.1",
    **headers: str,
) -> tuple[int, Any, Answer]:
    """Ask as a program would; give the status, what the JSON says, and the whole answer."""
    parts = [body] if isinstance(body, bytes) else list(body or [b""])
    names = [
        ("host", "localhost:8501"),
        *((name.replace("_", "-"), value) for name, value in headers.items()),
    ]
    if kind and body is not None:
        names.append(("content-type", kind))
    scope = http_scope(f"/api{path}", "GET" if body is None else "POST", names, client)
    answer = ask(app, scope, parts)
    return answer.status, json.loads(answer.body), answer


def drawn(**changes: Any) -> bytes:
    return json.dumps(BAR | changes).encode()


def test_a_picture_is_read_as_the_command_line_reads_it(app: App, fake_recognizer: Recognizer):
    status, content, _ = call(app, "/read", PICTURE)
    assert (status, content) == (200, report_as_json(report_picture(fake_recognizer, PICTURE, "x")))
    assert content["text"] == "1"
    assert content["error"] is None


def test_a_drawing_is_read_from_its_strokes(app: App):
    status, content, _ = call(app, "/read", drawn(), "application/json; charset=utf-8")
    assert status == 200
    assert content["text"] == "1"
    (digit,) = content["digits"]
    assert set(digit) == {"label", "is_digit", "confidence", "box"}
    x, y, width, height = digit["box"]
    assert 85 <= x <= 100 <= x + width <= 115
    assert 25 <= y <= 45
    assert 160 <= height <= 190


def test_a_drawing_without_strokes_is_blank_and_no_error(app: App):
    status, content, _ = call(app, "/read", drawn(strokes=[]), "application/json")
    assert (status, content) == (200, {"text": "", "digits": [], "error": None})


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"[" * 100_000,
        b"\xff",
        drawn(strokes=[[]]),
        drawn(strokes=[[[1]]]),
        drawn(strokes=[[[1, 2, 3]]]),
        drawn(strokes=[[["1", 2]]]),
        drawn(strokes="x"),
        drawn(width=0),
        drawn(width=1e9),
        drawn(pen=-1),
        drawn(height=None),
        drawn(strokes=[[[1e300, 0]]]),
        json.dumps(BAR | {"pen": float("nan")}).encode(),
        drawn().replace(b"100", b"1e999"),
    ],
    ids=lambda body: body[:40].decode("latin-1"),
)
def test_what_is_no_drawing_is_a_sentence(app: App, body: bytes):
    status, content, _ = call(app, "/read", body, "application/json")
    assert status == 400
    assert content["error"].startswith("This is no drawing: ")


@pytest.mark.parametrize(
    "changes",
    [
        {"strokes": [[[1, 2]]] * 201},
        {"strokes": [[[1, 2]] * 20_001]},
        {"strokes": [[[0, 0], [2000, 0]] * 40]},
        {"strokes": [[[0, 0], [2000, 2000]]] * 6, "width": 2000, "height": 2000},
    ],
    ids=["strokes", "points", "length", "area"],
)
def test_a_drawing_that_holds_too_much_is_too_large(app: App, changes: dict[str, Any]):
    status, content, _ = call(app, "/read", drawn(**changes), "application/json")
    assert status == 413
    assert content["error"].endswith(".")


@pytest.mark.parametrize("kind", [None, "", "text/plain", "application/octet-stream", "multipart/form-data"])
def test_another_kind_of_body_is_refused_unread(app: App, kind: str | None):
    status, content, answer = call(app, "/read", PICTURE, kind)
    assert (status, answer.asked_for) == (415, 0)
    assert "Content-Type" in content["error"]


@pytest.mark.parametrize(
    ("kind", "most"), [("image/png", MAX_FILE_BYTES), ("application/json", MAX_DRAWING_BYTES)]
)
def test_a_body_that_announces_too_much_is_refused_unread(app: App, kind: str, most: int):
    status, content, answer = call(app, "/read", b"x", kind, content_length=str(most + 1))
    assert (status, answer.asked_for) == (413, 0)
    assert "more than" in content["error"]


def test_a_body_that_does_not_end_is_refused_at_the_limit(app: App):
    part = b"x" * 1_000_000
    status, _, answer = call(app, "/read", [part] * 40, "application/json")
    assert (status, answer.asked_for) == (413, 2)


def test_what_is_no_picture_is_another_media_type(app: App):
    status, content, _ = call(app, "/read", b"no picture at all")
    assert status == 415
    assert content["error"].startswith("The picture can't be opened")


def test_a_damaged_picture_is_a_bad_request(app: App):
    status, content, _ = call(app, "/read", PICTURE[: len(PICTURE) // 2])
    assert status == 400
    assert "damaged" in content["error"]


def test_a_picture_of_too_many_pixels_is_too_large(app: App):
    stored = BytesIO()
    Image.new("1", (20_000, 6_000)).save(stored, "PNG")
    status, content, _ = call(app, "/read", stored.getvalue())
    assert status == 413
    assert "megapixels" in content["error"]


@pytest.mark.parametrize("path", ["/model", "/health", "/ready", "/openapi.json"])
def test_other_addresses_answer_with_json(app: App, path: str):
    status, content, answer = call(app, path)
    assert status == 200
    assert content
    assert answer.headers["cache-control"] == "no-store"


def test_the_model_is_told_by_its_card(app: App):
    _, content, _ = call(app, "/model")
    assert content["name"] == "shipped"
    assert content["parameters"] > 10_000
    assert all(0 < score["right"] <= score["total"] for score in content["scores"])


def test_a_missing_model_is_not_ready_and_says_so(caplog: pytest.LogCaptureFixture):
    def missing() -> Recognizer:
        raise ModelError("The model is missing: train one.")

    app = api(missing)
    assert call(app, "/ready")[:2] == (503, {"error": "The model is missing: train one."})
    assert call(app, "/read", PICTURE)[0] == 503
    assert call(app, "/health")[0] == 200


@pytest.mark.parametrize(("path", "status"), [("/nothing", 404), ("/", 404), ("/read", 405)])
def test_wrong_addresses_and_methods_are_answered_in_json(app: App, path: str, status: int):
    found, content, _ = call(app, path)
    assert found == status
    assert content["error"].endswith(".")


@pytest.mark.parametrize("path", ["/read", "/model", "/health", "/ready", "/openapi.json"])
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"authorization": "Bearer wrong"},
        {"authorization": "Bearer "},
        {"authorization": TOKEN},
        {"authorization": f"Basic {TOKEN}"},
        {"authorization": f"Bearer {TOKEN}é"},
        {"x_forwarded_for": "127.0.0.1"},
    ],
    ids=lambda headers: "-".join(headers.values()) or "none",
)
def test_from_elsewhere_the_token_is_asked_for(app: App, path: str, headers: dict[str, str]):
    body = PICTURE if path == "/read" else None
    status, content, answer = call(app, path, body, client=ELSEWHERE, **headers)
    assert (status, answer.asked_for) == (401, 0)
    assert answer.headers["www-authenticate"] == "Bearer"
    assert "Authorization: Bearer" in content["error"]


def test_from_elsewhere_the_token_opens(app: App):
    bearer = {"authorization": f"Bearer {TOKEN}"}
    assert call(app, "/read", PICTURE, client=ELSEWHERE, **bearer)[1]["text"] == "1"


@pytest.mark.parametrize("sent", ["Bearer ", "Bearer", "", "Bearer x"])
def test_without_a_token_set_nobody_comes_in_from_elsewhere(fake_recognizer: Recognizer, sent: str):
    app = api(lambda: fake_recognizer, token="")
    status, content, _ = call(app, "/model", client=ELSEWHERE, authorization=sent)
    assert status == 401
    assert "has set none" in content["error"]


def test_the_token_is_in_no_repr():
    assert TOKEN not in repr(Api(lambda: None, lambda: None, TOKEN))


def test_a_page_of_another_site_is_refused(app: App):
    status, content, _ = call(app, "/read", PICTURE, origin="https://evil.example")
    assert status == 403
    assert "another site" in content["error"]
    assert call(app, "/read", PICTURE, origin="http://localhost:8501")[0] == 200
    assert call(app, "/read", PICTURE, origin="null")[0] == 403


def test_what_nobody_expected_is_answered_in_words_and_raised_for_the_log():
    def broken() -> Recognizer:
        raise RuntimeError("a bug")

    sent: list[dict[str, Any]] = []

    async def send_picture() -> None:
        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": PICTURE, "more_body": False}

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        scope = http_scope("/api/read", "POST", [("host", "localhost"), ("content-type", "image/png")])
        await api(broken)(scope, receive, send)

    with pytest.raises(RuntimeError, match="a bug"):  # which the server's own log takes down
        run(send_picture())
    assert sent[0]["status"] == 500
    assert json.loads(sent[1]["body"])["error"].startswith("Something went wrong")


def test_refusals_are_logged_without_what_was_sent(app: App, caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.INFO, "mnist_core")
    call(app, "/read", drawn(strokes="secret"), "application/json")
    assert [record.facts["where"] for record in caplog.records] == ["api/read"]
    assert "secret" not in str(caplog.records[0].facts)


class SlowRecognizer:
    """Takes half a second for a picture, as a large one would."""

    def read_photo(self, pixels: np.ndarray) -> object:
        time.sleep(0.5)
        raise ModelError("it was slow")


def test_a_large_picture_holds_up_nobody_else():
    async def both() -> tuple[float, int]:
        app = api(SlowRecognizer)
        headers = [("host", "localhost"), ("content-type", "image/png")]
        reading = asyncio.create_task(
            ask_within_loop(app, http_scope("/api/read", "POST", headers), [PICTURE])
        )
        await asyncio.sleep(0.05)
        start = time.perf_counter()
        await ask_within_loop(app, http_scope("/api/health"))
        waited = time.perf_counter() - start
        return waited, (await reading).status

    waited, status = run(both())
    assert status == 503
    assert waited < 0.3


def test_more_at_once_than_there_are_places_for_is_told_to_come_again():
    async def many() -> list[str | None]:
        files = ModelFiles(SHIPPED_FOLDER)
        workers = Workers(threads=1, waiting=1)
        app = Router([Api(SlowRecognizer, lambda: files, "", pictures=workers).mount()])
        headers = [("host", "localhost"), ("content-type", "image/png")]
        answers = await asyncio.gather(
            *(ask_within_loop(app, http_scope("/api/read", "POST", headers), [PICTURE]) for _ in range(4))
        )
        assert [answer.status for answer in answers] == [503] * 4
        return [answer.headers.get("retry-after") for answer in answers]

    assert run(many()) == [None, None, "1", "1"]


def test_the_description_names_every_address(app: App):
    _, content, _ = call(app, "/openapi.json")
    assert set(content["paths"]) == {"/api/read", "/api/model", "/api/health", "/api/ready"}
    named = set(json.dumps(content).split("#/components/schemas/")[1:])
    assert {each.partition('"')[0] for each in named} <= set(content["components"]["schemas"])
