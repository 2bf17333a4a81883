"""Who is answered, by the name they ask for."""

import pytest
from starlette.responses import PlainTextResponse

from mnist_core.serving.hosts import AllowedHosts, RefuseOtherHosts, host_name
from tests.loops import run
from tests.serving.asgi import Answer, ask, http_scope

LOOPBACK, LAN = "127.0.0.1", "192.168.1.5"


def asked_as(host: str, reached_at: str = LOOPBACK, names: tuple[str, ...] = ()) -> Answer:
    app = RefuseOtherHosts(PlainTextResponse("inside"), AllowedHosts.of(names))
    return ask(app, http_scope(headers=[("host", host)], server=reached_at))


@pytest.mark.parametrize("host", ["localhost", "localhost:8501", "LOCALHOST", "127.0.0.1:8501", "[::1]:8501"])
def test_the_loopback_is_answered_by_each_of_its_names(host: str):
    assert asked_as(host).body == b"inside"


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "evil.example:8501", "192.168.1.5", "0.0.0.0:8501"]
)
def test_another_name_is_refused_on_the_loopback(host: str):
    answer = asked_as(host)
    assert answer.status == 421
    assert b"DIGITS_HOSTS" in answer.body


@pytest.mark.parametrize(
    "host",
    ["", "evil.example:x", "a@localhost", "localhost/x", "local host", "[localhost]", "localhost:999999"],
)
def test_what_is_no_host_is_refused(host: str):
    assert asked_as(host).status == 400


def test_two_hosts_are_refused():
    app = RefuseOtherHosts(PlainTextResponse("inside"), AllowedHosts())
    assert ask(app, http_scope(headers=[("host", "localhost"), ("host", "evil.example")])).status == 400
    assert ask(app, http_scope(headers=[])).status == 400


@pytest.mark.parametrize("host", ["192.168.1.5:8080", "10.0.0.7", "[fd00::2]:8501"])
def test_a_server_that_others_reach_answers_to_addresses_in_numbers(host: str):
    assert asked_as(host, reached_at=LAN).body == b"inside"


def test_a_server_that_others_reach_answers_to_no_unknown_name():
    assert asked_as("evil.example", reached_at=LAN).status == 421


@pytest.mark.parametrize(
    ("name", "host"),
    [
        ("digits.school.example", "digits.school.example:443"),
        ("*.school.example", "digits.school.example"),
        ("*", "x"),
    ],
)
def test_a_name_of_the_settings_is_answered(name: str, host: str):
    assert asked_as(host, names=(name,)).body == b"inside"


def test_a_name_below_is_not_the_name_itself():
    assert asked_as("evilschool.example", names=("*.school.example",)).status == 421


def test_a_mapped_address_is_the_address():
    assert asked_as("192.168.1.5", reached_at="::ffff:192.168.1.5").body == b"inside"


def test_a_websocket_of_another_name_is_closed_before_it_opens():
    sent = []

    async def send(message: dict[str, object]) -> None:
        sent.append(message["type"])

    scope = http_scope(headers=[("host", "evil.example")]) | {"type": "websocket"}
    run(RefuseOtherHosts(PlainTextResponse("inside"), AllowedHosts())(scope, None, send))
    assert sent == ["websocket.close"]


def test_the_name_is_what_stands_before_the_port():
    assert host_name(["Digits.School.example.:8501"]) == "digits.school.example"
    assert host_name(["[::1]:8501"]) == "::1"
