"""Who is taken for somebody at this computer."""

import pytest

from mnist_core.serving.visitors import FORWARDED_HEADERS, Visitor, visitor_of
from tests.serving.asgi import http_scope


@pytest.mark.parametrize("client", ["127.0.0.1", "::1", "::ffff:127.0.0.1"])
@pytest.mark.parametrize("host", ["localhost:8501", "127.0.0.1", "[::1]:8501"])
def test_somebody_at_this_computer(client: str, host: str):
    assert visitor_of(http_scope(client=client, headers=[("host", host)])) == Visitor(
        is_at_this_computer=True
    )


@pytest.mark.parametrize(
    "client", ["192.168.1.7", "127.0.0.2", "10.0.0.1", "fd00::2", "::ffff:192.168.1.7", "testclient", ""]
)
def test_another_address_is_elsewhere(client: str):
    assert not visitor_of(http_scope(client=client)).is_at_this_computer


def test_an_unknown_address_is_elsewhere():
    assert not visitor_of(http_scope() | {"client": None}).is_at_this_computer


@pytest.mark.parametrize("header", FORWARDED_HEADERS)
def test_whoever_comes_through_a_proxy_is_elsewhere(header: str):
    scope = http_scope(headers=[("host", "localhost"), (header, "127.0.0.1")])
    assert not visitor_of(scope).is_at_this_computer


@pytest.mark.parametrize("host", ["digits.school.example", "192.168.1.5:8501", ""])
def test_a_proxy_on_this_computer_that_says_nothing_shows_by_the_name_asked_for(host: str):
    assert not visitor_of(http_scope(headers=[("host", host)])).is_at_this_computer


def test_a_claim_in_a_header_of_a_stranger_counts_for_nothing():
    scope = http_scope(
        client="192.168.1.7", headers=[("host", "localhost"), ("x-forwarded-for", "127.0.0.1")]
    )
    assert not visitor_of(scope).is_at_this_computer


@pytest.mark.parametrize(
    "origin", ["https://digits.school.example", "null", "http://192.168.1.5", "http://["]
)
def test_a_proxy_that_says_nothing_and_names_the_loopback_shows_by_the_browser_s_origin(origin: str):
    scope = http_scope(headers=[("host", "127.0.0.1:8501"), ("origin", origin)])
    assert not visitor_of(scope).is_at_this_computer


@pytest.mark.parametrize("origin", ["http://localhost:8501", "http://127.0.0.1:8501", "http://[::1]:8501"])
def test_a_page_of_this_computer_s_own_is_no_proxy_s(origin: str):
    assert visitor_of(http_scope(headers=[("host", "localhost"), ("origin", origin)])).is_at_this_computer
