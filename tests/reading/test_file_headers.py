import struct

import pytest

from mnist_core.reading.file_headers import is_heif_cut_short


def box(kind: bytes, content: bytes = b"", size: int | None = None) -> bytes:
    return struct.pack(">I4s", 8 + len(content) if size is None else size, kind) + content


HEAD = box(b"ftyp", b"heic") + box(b"meta", bytes(20))


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param(HEAD + box(b"mdat", bytes(9)), False, id="whole"),
        pytest.param(HEAD + box(b"mdat", bytes(9), size=18), True, id="a byte is missing"),
        pytest.param(HEAD[:30], True, id="within its directory"),
        pytest.param(HEAD + box(b"mdat", bytes(9), size=0), False, id="up to the end, whatever that is"),
        pytest.param(HEAD + box(b"mdat", struct.pack(">Q", 25) + bytes(9), size=1), False, id="64 bits"),
        pytest.param(HEAD + box(b"mdat", struct.pack(">Q", 26) + bytes(9), size=1), True, id="64 bits, cut"),
        pytest.param(HEAD + box(b"mdat", bytes(9)) + b"trailer of a phone's own", False, id="trailer"),
        pytest.param(HEAD + box(b"mdat", bytes(9)) + bytes(100), False, id="zeros behind it"),
        pytest.param(HEAD + box(b"mdat", size=7), False, id="smaller than its own header"),
        pytest.param(b"", False, id="nothing"),
    ],
)
def test_a_file_is_cut_short_where_it_ends_before_a_part_of_it(content: bytes, expected: bool):
    assert is_heif_cut_short(content) is expected
