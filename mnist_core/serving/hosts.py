"""Which names a server answers to, so that no page elsewhere reaches it under a name of its own.

A page from evil.example may have its name resolve to this machine (DNS rebinding) and then speak to the
server as its own, from the browser of whoever opened it. The Host header shows that. An address in numbers
resolves to itself, so a server that others may reach answers to all of those.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address

from starlette.types import ASGIApp, Receive, Scope, Send

from mnist_core.serving.http import header_values, sentence

LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})

_HOST = re.compile(r"(?:\[(?P<v6>[0-9a-f:.]+)\]|(?P<name>[a-z0-9_.-]+))(?::[0-9]{1,5})?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class AllowedHosts:
    """The names that are answered to.

    Attributes:
        names: in small letters; "*.example.org" stands for all below it, "*" for any.
    """

    names: frozenset[str] = LOOPBACK_NAMES

    @classmethod
    def of(cls, names: Iterable[str]) -> "AllowedHosts":
        """Return the loopback's names and these."""
        return cls(LOOPBACK_NAMES | {cleaned for name in names if (cleaned := _cleaned(name))})

    def allows(self, name: str, reached_at: str | None) -> bool:
        """Return whether a server answers to this name.

        Args:
            name: from the Host header, without the port: see `host_name`.
            reached_at: the address of this machine that the connection came to.
        """
        if name in self.names or "*" in self.names:
            return True
        if any(each.startswith("*.") and name.endswith(each[1:]) for each in self.names):
            return True
        here, asked = _address(reached_at or ""), _address(name)
        return asked is not None and (asked == here or (here is not None and not here.is_loopback))


class RefuseOtherHosts:
    """Middleware that answers nobody who asks for a name that this server does not have."""

    def __init__(self, app: ASGIApp, allowed: AllowedHosts) -> None:
        self._app = app
        self._allowed = allowed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        name = host_name(header_values(scope, b"host"))
        server = scope.get("server")
        if name is not None and self._allowed.allows(name, server[0] if server else None):
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})  # before it is accepted: HTTP 403
        else:
            refusal = "The request names no host." if name is None else _refusal(name)
            await sentence(refusal, 400 if name is None else 421)(scope, receive, send)


def host_name(values: list[str]) -> str | None:
    """Return the name within a Host header, in small letters and without the port.

    Args:
        values: of the header, each time that it was sent.
    Returns:
        None where there is not one header with one well-formed name.
    """
    match = _HOST.fullmatch(values[0]) if len(values) == 1 else None
    return _cleaned(match["v6"] or match["name"]) if match else None


def _refusal(name: str) -> str:
    return (
        f"This server does not answer to the name {name}. On the computer where it runs, open it as "
        f"localhost; to let it answer to this name, whoever runs it starts it with DIGITS_HOSTS={name}."
    )


def _cleaned(name: str) -> str:
    return name.strip().lower().rstrip(".").removeprefix("[").removesuffix("]")


def _address(name: str) -> IPv4Address | IPv6Address | None:
    """Return the address that a name is, in its shortest form; None where it is none."""
    try:
        address = ip_address(name)
    except ValueError:
        return None
    return address.ipv4_mapped or address if isinstance(address, IPv6Address) else address
