"""Small parts of ASGI: headers as they were sent, sentences as answers."""

import pytest

from mnist_core.serving.http import content_length, header_values, sentence


def scope(*headers: tuple[bytes, bytes]) -> dict[str, object]:
    return {"type": "http", "headers": list(headers)}


def test_each_value_of_a_header_is_seen() -> None:
    found = header_values(scope((b"host", b"a"), (b"x", b"1"), (b"host", b"\xe9")), b"host")
    assert found == ["a", "\xe9"]


@pytest.mark.parametrize(
    ("values", "length"),
    [
        ([], None),
        ([b"12"], 12),
        ([b"12", b"12"], None),
        ([b"-1"], None),
        ([b"1e3"], None),
        ([b"\xb2"], None),
    ],
)
def test_a_length_is_one_plain_number(values: list[bytes], length: int | None) -> None:
    assert content_length(scope(*((b"content-length", value) for value in values))) == length


def test_a_sentence_is_text_that_no_browser_stores() -> None:
    answer = sentence("No.", 403, [("X-Why", "because")])
    assert (answer.status_code, answer.body) == (403, b"No.\n")
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-why"] == "because"
    assert answer.media_type == "text/plain"
