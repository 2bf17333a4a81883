"""Bodies are bounded while they come; so is how much waits to be read."""

import asyncio
from collections.abc import Iterable

import pytest
from starlette.requests import Request

from mnist_core.serving import bodies
from mnist_core.serving.bodies import RequestRefused, Workers, read_body
from tests.loops import run


def request(parts: Iterable[bytes], announced: int | None = None, cut_off: bool = False) -> Request:
    """A request whose body comes in parts; one that is cut off ends before its last."""
    messages = [{"type": "http.request", "body": part, "more_body": True} for part in parts]
    messages.append({"type": "http.disconnect"} if cut_off else {"type": "http.request", "more_body": False})
    coming = iter(messages)

    async def receive() -> dict[str, object]:
        return next(coming)

    headers = [] if announced is None else [(b"content-length", str(announced).encode())]
    return Request({"type": "http", "method": "POST", "headers": headers}, receive)


def read(sent: Request, most: int = 10) -> bytes:
    return run(read_body(sent, most))


def test_a_body_in_parts_is_put_together() -> None:
    assert read(request([b"abc", b"", b"defghij"])) == b"abcdefghij"


def test_a_body_that_announces_too_much_is_not_begun_with() -> None:
    def never() -> Iterable[bytes]:
        yield from ()

    with pytest.raises(RequestRefused) as caught:
        read(request(never(), announced=11))
    assert caught.value.status == 413


def test_a_body_that_says_little_and_sends_much_is_refused() -> None:
    with pytest.raises(RequestRefused) as caught:
        read(request([b"abcdef", b"ghijkl"], announced=3))
    assert caught.value.status == 413


def test_a_body_that_is_cut_off_is_refused() -> None:
    with pytest.raises(RequestRefused) as caught:
        read(request([b"abc"], cut_off=True))
    assert (caught.value.status, caught.value.reason) == (400, "cut off")


def test_a_body_that_comes_too_slowly_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "_LONGEST_S", 0.01)

    async def receive() -> dict[str, object]:
        await asyncio.sleep(60)
        return {}

    with pytest.raises(RequestRefused) as caught:
        read(Request({"type": "http", "method": "POST", "headers": []}, receive))
    assert caught.value.status == 408


def test_places_are_given_back_also_after_an_error() -> None:
    async def work() -> int:
        workers = Workers(1, waiting=1)
        async with workers.place(), workers.place():
            with pytest.raises(RequestRefused) as caught:
                async with workers.place():
                    pass
            assert caught.value.status == 503
        with pytest.raises(KeyError):
            async with workers.place():
                raise KeyError
        async with workers.place(), workers.place():
            return await workers.run(pow, 2, 10)

    assert run(work()) == 1024
