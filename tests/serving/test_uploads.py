"""How much may be uploaded, told before a byte of it is read."""

import asyncio
from collections.abc import Iterable

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from mnist_core.serving.uploads import BoundUploads, UploadedBytes, UploadLimits
from tests.loops import run
from tests.serving.asgi import Answer, ask, ask_within_loop, http_scope

MB = 1024 * 1024
PATH = "/_stcore/upload_file/"


async def takes_all(scope: Scope, receive: Receive, send: Send) -> None:
    await Request(scope, receive).body()
    await PlainTextResponse("taken")(scope, receive, send)


def put(
    size: int | None, session: int = 0, server: int = 0, client: str = "127.0.0.1", method: str = "PUT"
) -> Answer:
    app = BoundUploads(
        takes_all,
        PATH,
        lambda _: UploadedBytes(session, server),
        lambda *_: None,
        UploadLimits(200 * MB, 1000 * MB),
    )
    return ask(app, upload(size, client, method))


def upload(size: int | None, client: str = "127.0.0.1", method: str = "PUT", session: str = "s") -> Scope:
    length: Iterable[tuple[str, str]] = () if size is None else [("content-length", str(size))]
    return http_scope(f"{PATH}{session}/f", method, [("host", "localhost"), *length], client)


def test_an_upload_within_all_limits_is_taken():
    assert put(10 * MB, session=190 * MB, server=990 * MB).body == b"taken"


@pytest.mark.parametrize(
    ("held", "words"),
    [({"session": 191 * MB}, "as much as one visitor may"), ({"server": 991 * MB}, "Others have uploaded")],
)
def test_what_would_be_too_much_together_is_refused_unread(held: dict[str, int], words: str):
    answer = put(10 * MB, **held)
    assert (answer.status, answer.asked_for) == (413, 0)
    assert words in answer.body.decode()


def test_the_page_is_given_the_sentence_too():
    told = []
    app = BoundUploads(takes_all, PATH, lambda _: UploadedBytes(200 * MB, 0), lambda *each: told.append(each))
    answer = ask(app, upload(10 * MB, session="one"))
    assert told == [("one", answer.body.decode().strip())]


def test_a_large_table_is_taken_at_this_computer_and_not_from_elsewhere():
    assert put(90 * MB).status == 200
    answer = put(90 * MB, client="192.168.1.7")
    assert answer.status == 413
    assert "10 MB" in answer.body.decode()


def test_a_picture_of_the_largest_size_is_taken_from_elsewhere():
    assert put(10 * MB + 500, client="192.168.1.7").status == 200


def test_what_does_not_say_how_large_it_is_is_refused_unread():
    answer = put(None)
    assert (answer.status, answer.asked_for) == (411, 0)


def test_what_takes_uploads_away_is_not_asked_for_its_size():
    assert put(None, method="DELETE").status == 200


def test_uploads_that_are_still_arriving_count():
    async def many() -> list[int]:
        limits = UploadLimits(25 * MB, 1000 * MB)
        app = BoundUploads(takes_all, PATH, lambda _: UploadedBytes(0, 0), lambda *_: None, limits)
        gate = asyncio.Event()

        async def slow(scope: Scope, receive: Receive, send: Send) -> None:
            async def wait() -> dict[str, object]:
                await gate.wait()
                return {"type": "http.request", "body": b"", "more_body": False}

            await app(scope, wait, send)

        waiting = [asyncio.create_task(ask_within_loop(slow, upload(10 * MB))) for _ in range(2)]
        await asyncio.sleep(0)
        while_arriving = await ask_within_loop(app, upload(10 * MB))
        of_another = await ask_within_loop(app, upload(10 * MB, session="other"))
        gate.set()
        await asyncio.gather(*waiting)
        after = await ask_within_loop(app, upload(10 * MB))
        return [while_arriving.status, of_another.status, after.status]

    assert run(many()) == [413, 200, 200]
