"""Who asks: somebody at this computer, or somebody elsewhere."""

from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.types import Scope

from mnist_core.serving.hosts import LOOPBACK_NAMES, host_name
from mnist_core.serving.http import header_values

_OWN_ADDRESSES = frozenset({"127.0.0.1", "::1"})
"""From which a computer reaches itself; no browser comes from the other addresses of 127.0.0.0/8."""

FORWARDED_HEADERS = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")
"""What a proxy adds: then the connection comes from it, and who asks is somebody else."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who asks.

    Attributes:
        is_at_this_computer: the connection comes from here, by a name of the loopback, through no proxy.
        is_signed_in: as the teacher, with the passphrase: see `sign_in.py`.
    """

    is_at_this_computer: bool
    is_signed_in: bool = False


def is_local(address: str | None, hosts: list[str], is_forwarded: bool) -> bool:
    """Return whether a connection comes from a person at this computer.

    Args:
        address: it comes from; None where that is not known.
        hosts: the values of its Host header.
        is_forwarded: whether a proxy passed it on: see `FORWARDED_HEADERS`.
    """
    return not is_forwarded and _is_own(address) and host_name(hosts) in LOOPBACK_NAMES


def is_of_another_page(origins: list[str]) -> bool:
    """Return whether a browser shows its page under another name than the loopback's.

    A proxy that names the loopback as host, and says nothing of itself, can't change what the browser says.

    Args:
        origins: the values of its Origin header, which browsers send with every websocket.
    """
    return any(_origin_name(origin) not in LOOPBACK_NAMES for origin in origins)


def visitor_of(scope: Scope) -> Visitor:
    """Return who sent a request or opened a websocket."""
    client = scope.get("client")
    is_forwarded = any(header_values(scope, name.encode()) for name in FORWARDED_HEADERS)
    is_forwarded |= is_of_another_page(header_values(scope, b"origin"))
    return Visitor(is_local(client[0] if client else None, header_values(scope, b"host"), is_forwarded))


def _origin_name(origin: str) -> str | None:
    try:
        return urlsplit(origin).hostname
    except ValueError:
        return None


def _is_own(address: str | None) -> bool:
    try:
        parsed = ip_address(address or "")
    except ValueError:
        return False
    return str(getattr(parsed, "ipv4_mapped", None) or parsed) in _OWN_ADDRESSES
