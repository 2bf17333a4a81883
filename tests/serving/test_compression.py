"""Files of the pages on their way to the browser."""

import gzip

from starlette.responses import PlainTextResponse, Response

from mnist_core.serving.compression import CompressFiles
from tests.serving.asgi import Answer, App, ask, http_scope

TEXT = "const answer = 42;\n" * 200
FOR_GOOD = {"Cache-Control": "public, immutable, max-age=31536000", "ETag": '"x"'}
FILE = "/static/js/index.abc.js"


def script(text: str = TEXT, **headers: str) -> Response:
    return Response(text, headers=FOR_GOOD | headers, media_type="application/javascript")


def fetch(app: App, path: str = FILE, encodings: str = "gzip, br", **more: str) -> Answer:
    headers = [("host", "localhost"), ("accept-encoding", encodings), *more.items()]
    return ask(
        CompressFiles(app, "/static/") if isinstance(app, Response) else app,
        http_scope(path, headers=headers),
    )


def test_a_file_comes_compressed_and_decompresses_to_itself():
    answer = fetch(script())
    assert answer.headers["content-encoding"] == "gzip"
    assert int(answer.headers["content-length"]) == len(answer.body) < len(TEXT) / 10
    assert gzip.decompress(answer.body).decode() == TEXT
    assert "Accept-Encoding" in answer.headers["vary"]
    assert answer.headers["etag"] == 'W/"x"'
    assert "immutable" in answer.headers["cache-control"]


def test_a_browser_without_gzip_gets_the_file_as_it_is():
    answer = fetch(script(), encodings="identity")
    assert answer.body.decode() == TEXT


def test_a_file_is_compressed_once(monkeypatch):
    app = CompressFiles(script(), "/static/")
    first = fetch(app)
    monkeypatch.setattr(gzip, "compress", lambda *_: b"again")
    assert fetch(app).body == first.body


def test_what_may_change_is_compressed_anew():
    texts = iter([TEXT, TEXT.replace("42", "43")])

    async def changing(scope, receive, send):
        await PlainTextResponse(next(texts), headers={"Cache-Control": "no-cache"})(scope, receive, send)

    app = CompressFiles(changing, "/static/")
    assert fetch(app, "/").body != fetch(app, "/").body


def test_a_picture_and_a_small_file_stay_as_they_are():
    font = Response(b"x" * 5000, media_type="font/woff2", headers=FOR_GOOD)
    assert "content-encoding" not in fetch(font).headers
    assert "content-encoding" not in fetch(script("short")).headers


def test_an_error_is_no_file():
    answer = fetch(PlainTextResponse("x" * 2000, 404, headers=FOR_GOOD))
    assert answer.status == 404
    assert "content-encoding" not in answer.headers


def test_other_addresses_are_left_alone():
    assert fetch(script(), "/media/abc.js").body.decode() == TEXT
