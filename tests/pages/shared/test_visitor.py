"""Who looks at a page."""

from types import SimpleNamespace

import pytest

from mnist_core.serving.rights import may_train
from pages.shared import visitor


def look(monkeypatch: pytest.MonkeyPatch, address: str | None, *headers: tuple[str, str]) -> bool:
    """Look at a page over a connection: whether that is taken for somebody at this computer."""
    connection = SimpleNamespace(remote_ip=address, headers=headers)
    monkeypatch.setattr(visitor, "is_served", lambda: True)
    monkeypatch.setattr(visitor, "current_connection", lambda: connection)
    return visitor.current_visitor().is_at_this_computer


def test_a_browser_at_this_computer(monkeypatch: pytest.MonkeyPatch):
    assert look(monkeypatch, "127.0.0.1", ("Host", "localhost:8501"))
    assert look(monkeypatch, "127.0.0.1", ("Host", "localhost"), ("Origin", "http://localhost:8501"))


@pytest.mark.parametrize(
    ("address", "headers"),
    [
        ("192.168.1.7", [("host", "localhost:8501")]),
        ("127.0.0.1", [("host", "digits.school.example")]),
        ("127.0.0.1", [("host", "localhost"), ("X-Forwarded-For", "192.168.1.7")]),
        ("127.0.0.1", [("host", "localhost"), ("host", "localhost")]),
        ("127.0.0.1", [("host", "localhost"), ("Origin", "https://digits.school.example")]),
        ("127.0.0.1", []),
        (None, [("host", "localhost")]),
    ],
    ids=["elsewhere", "other name", "proxy", "two names", "quiet proxy", "no name", "no address"],
)
def test_a_browser_elsewhere(monkeypatch: pytest.MonkeyPatch, address, headers):
    assert not look(monkeypatch, address, *headers)


def test_whoever_has_left_is_nobody_at_this_computer(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(visitor, "is_served", lambda: True)
    monkeypatch.setattr(visitor, "current_connection", lambda: None)
    assert not visitor.may(may_train)


def test_without_a_server_nobody_is_elsewhere():
    assert visitor.may(may_train)
