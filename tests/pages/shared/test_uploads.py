import pytest

from pages.shared.uploads import own_name


@pytest.mark.parametrize(
    ("sent", "name"),
    [
        pytest.param("a%22b%22.png", 'a"b".png', id="quotes"),
        pytest.param("%0D=1+1.png", "\r=1+1.png", id="carriage return"),
        pytest.param("50 %.png", "50 %.png", id="per cent"),
        pytest.param("a%20b.png", "a%20b.png", id="no other escape"),
    ],
)
def test_names_are_as_their_owner_has_them(sent: str, name: str) -> None:
    assert own_name(sent) == name
