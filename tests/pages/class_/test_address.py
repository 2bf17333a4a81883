"""Where pupils join."""

import pytest

from mnist_core.config import ServerSettings
from pages.class_ import address
from pages.class_.address import JoinAddress, qr_code


@pytest.fixture(autouse=True)
def own_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(address, "find_own_address", lambda: "192.168.1.5")


@pytest.mark.parametrize(
    ("host", "names", "here_only", "page", "reachable"),
    [
        pytest.param("localhost", (), True, "http://localhost:80/class", False, id="this computer alone"),
        pytest.param("localhost", (), False, "http://192.168.1.5:80/class", True, id="its own address"),
        pytest.param("127.0.0.1", ("d.example",), False, "http://d.example:80/class", True, id="named"),
        pytest.param("127.0.0.1", ("*",), False, "http://192.168.1.5:80/class", True, id="any name"),
        pytest.param("10.0.0.3", (), False, "http://10.0.0.3:80/class", True, id="as the teacher came"),
        pytest.param("fd00::3", (), False, "http://[fd00::3]:80/class", True, id="IPv6"),
    ],
)
def test_pupils_join_where_they_come_in(host, names, here_only, page, reachable):
    found = address._reachable("http", host, 80, ServerSettings(hosts=names), here_only)
    assert found == (page, reachable)


def test_without_a_network_it_says_that_nobody_comes_in(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(address, "find_own_address", lambda: None)
    assert not address._reachable("http", "localhost", 80, ServerSettings(), False)[1]


def test_a_link_brings_the_code_along():
    assert JoinAddress("http://10.0.0.3/class", True).link("K7RX3M") == "http://10.0.0.3/class?code=K7RX3M"


def test_a_qr_code_is_a_picture():
    assert qr_code("http://10.0.0.3/class?code=K7RX3M").startswith("data:image/svg+xml")
