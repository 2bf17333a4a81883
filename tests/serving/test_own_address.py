"""This computer's address in its network."""

import socket

import pytest

from mnist_core.serving.own_address import find_own_address


class Probe:
    """A socket with this address of its own."""

    def __init__(self, address: str) -> None:
        self.address = address

    def __enter__(self) -> "Probe":
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def connect(self, _: object) -> None:
        if not self.address:
            raise OSError

    def getsockname(self) -> tuple[str, int]:
        return self.address, 1


@pytest.mark.parametrize(
    ("own", "found"), [("192.168.1.5", "192.168.1.5"), ("127.0.0.1", None), ("0.0.0.0", None), ("", None)]
)
def test_the_loopback_is_no_address_for_others(monkeypatch: pytest.MonkeyPatch, own: str, found: str | None):
    monkeypatch.setattr(socket, "socket", lambda *_: Probe(own))
    assert find_own_address() == found
