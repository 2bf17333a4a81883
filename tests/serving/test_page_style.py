"""The style sheet in the page itself."""

from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import HTMLResponse, PlainTextResponse, Response

from mnist_core.serving.page_style import InsertStyle
from tests.serving.asgi import Answer, ask, http_scope

PAGE = "<html><head></head><body><p>Hi</p></body></html>"


def fetch(response: Response) -> Answer:
    return ask(InsertStyle(response, "p { color: red }"), http_scope("/", headers=[("host", "localhost")]))


def test_a_page_ends_with_the_style_sheet():
    answer = fetch(HTMLResponse(PAGE, headers={"ETag": '"x"', "Last-Modified": "yesterday"}))
    assert answer.body.decode() == PAGE.replace("</body>", "<style>p { color: red }</style></body>")
    assert int(answer.headers["content-length"]) == len(answer.body)
    assert not {"etag", "last-modified"} & set(answer.headers)


def test_what_is_no_page_stays_as_it_is():
    assert fetch(PlainTextResponse(PAGE)).body.decode() == PAGE
    assert fetch(HTMLResponse(PAGE, 404)).body.decode() == PAGE
    assert fetch(HTMLResponse(PAGE, headers={"Content-Encoding": "br"})).body.decode() == PAGE


def test_a_page_that_an_app_would_compress_is_styled_all_the_same():
    app = GZipMiddleware(HTMLResponse(PAGE * 50), minimum_size=10)
    headers = [("host", "localhost"), ("accept", "text/html"), ("accept-encoding", "gzip")]
    answer = ask(InsertStyle(app, "p { color: red }"), http_scope("/upload", headers=headers))
    assert "content-encoding" not in answer.headers
    assert answer.body.decode().endswith("<style>p { color: red }</style></body></html>")
