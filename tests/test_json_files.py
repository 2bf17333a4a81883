from dataclasses import dataclass

import pytest

from mnist_core.json_files import Count, Share, decode_json, require_shallow


@dataclass(frozen=True)
class Thing:
    name: str
    count: Count
    share: Share | None = None


def test_json_becomes_what_was_asked_for_and_more_is_left_out():
    assert decode_json(b'{"name": "x", "count": 3, "share": 1, "new": [1]}', Thing) == Thing("x", 3, 1.0)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        pytest.param(b'{"name": 3, "count": 3}', "name: expected str, got int", id="another kind"),
        pytest.param(b'{"name": "x"}', "object missing required field count", id="missing"),
        pytest.param(b'{"name": "x", "count": true}', "count: expected int, got bool", id="truth value"),
        pytest.param(b'{"name": "x", "count": -1}', "count: ", id="negative"),
        pytest.param(b'{"name": "x", "count": 1.5}', "count: ", id="half"),
        pytest.param(b'{"name": "x", "count": ' + b"9" * 400 + b"}", "count: ", id="400 digits"),
        pytest.param(b'{"name": "x", "count": ' + b"9" * 5000 + b"}", "count: ", id="5000 digits"),
        pytest.param(b'{"name": "x", "count": 1, "share": 1e999}', "share: ", id="endless"),
        pytest.param(b'{"name": "x", "count": 1, "share": ' + b"9" * 400 + b"}", "share: ", id="long share"),
        pytest.param(b'{"name": "x", "count": 1, "share": NaN}', "malformed", id="not a number"),
        pytest.param(b'{"name": "x", "count": 1, "share": 1.1}', "share: ", id="more than all"),
        pytest.param(b'{"name": "\\ud800", "count": 1}', ".", id="half a letter"),
        pytest.param(b'{"name": "\xff", "count": 1}', ".", id="no UTF-8"),
        pytest.param(b'{"x": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "nested too deeply", id="deep"),
        pytest.param(b'{"name": "x", "count": 1} {}', "malformed", id="more behind"),
        pytest.param(b"[]", "expected object, got array", id="a list"),
        pytest.param(b"", ".", id="nothing"),
    ],
)
def test_anything_else_is_a_value_error_in_words(content: bytes, complaint: str):
    with pytest.raises(ValueError, match=complaint) as caught:
        decode_json(content, Thing)
    assert type(caught.value) is ValueError
    assert "`" not in str(caught.value)
    assert "$" not in str(caught.value)


def nested(levels: int) -> object:
    value: object = 1
    for level in range(levels):
        value = {"a": value} if level % 2 else [value]
    return value


def test_what_is_nested_too_deeply_is_refused():
    require_shallow(nested(20))
    with pytest.raises(ValueError, match="nested too deeply"):
        require_shallow(nested(21))
