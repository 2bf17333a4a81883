from types import SimpleNamespace

import pytest

from pages.shared import visitors


@pytest.mark.parametrize(
    ("ip_address", "headers", "expected"),
    [
        pytest.param(None, {}, True, id="from the loopback"),
        pytest.param("192.168.1.7", {}, False, id="from the network"),
        pytest.param(None, {"X-Forwarded-For": "203.0.113.9"}, False, id="through a proxy"),
        pytest.param(None, {"Via": "1.1 cache"}, False, id="through a cache"),
    ],
)
def test_a_visitor_at_the_servers_own_machine_is_told_from_others(
    monkeypatch: pytest.MonkeyPatch, ip_address: str | None, headers: dict[str, str], expected: bool
) -> None:
    context = SimpleNamespace(ip_address=ip_address, headers=headers)
    monkeypatch.setattr(visitors.st, "context", context)
    assert visitors.is_at_this_machine() is expected
