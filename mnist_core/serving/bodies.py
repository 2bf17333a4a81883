"""Takes in what a program sends: no more than it may, no longer than it may, not too much at once."""

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import ParamSpec, TypeVar

from starlette.requests import ClientDisconnect, Request

from mnist_core.errors import MnistCoreError
from mnist_core.serving.http import content_length

_P = ParamSpec("_P")
_T = TypeVar("_T")
_LONGEST_S = 30
"""For 10 MB: 2.8 Mbit/s."""


class RequestRefused(MnistCoreError):
    """A request from a program is not answered with what it asks for.

    Attributes:
        status: of HTTP.
    """

    def __init__(self, sentence: str, status: int, reason: str) -> None:
        super().__init__(sentence, reason)
        self.status = status


async def read_body(request: Request, most: int) -> bytes:
    """Read a request's body; one that announces more than it may is not begun with.

    Args:
        request: with its body unread.
        most: bytes that it may have.
    Raises:
        RequestRefused: too large, too slow, or cut off.
    """
    too_large = RequestRefused(f"The body has more than {most:,} bytes.", 413, "too many bytes")
    if (content_length(request.scope) or 0) > most:
        raise too_large
    body = bytearray()
    try:
        async with asyncio.timeout(_LONGEST_S):
            async for part in request.stream():
                body += part
                if len(body) > most:
                    raise too_large
    except TimeoutError:
        raise RequestRefused(f"The body took more than {_LONGEST_S} seconds.", 408, "too slow") from None
    except ClientDisconnect:
        raise RequestRefused("The body was cut off.", 400, "cut off") from None
    return bytes(body)


class Workers:
    """Threads for work that would hold up everybody else, and a bound on how much of it waits."""

    def __init__(self, threads: int, waiting: int) -> None:
        """Set up threads; they start when they are needed.

        Args:
            threads: that work at once.
            waiting: requests that may wait for one.
        """
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="api")
        self._most = threads + waiting
        self._taken = 0

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """Take one of the places, from before a body is read until its answer is there.

        Raises:
            RequestRefused: all are taken.
        """
        if self._taken >= self._most:
            raise RequestRefused("Too much is being read just now. Try again in a second.", 503, "busy")
        self._taken += 1
        try:
            yield
        finally:
            self._taken -= 1

    async def run(self, work: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
        """Run work in a thread, and return what comes of it."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, lambda: work(*args, **kwargs))
