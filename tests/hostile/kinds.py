"""Small sound things of each kind, and strategies that damage them or make hostile ones from nothing."""

import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import asdict
from functools import cache
from typing import Any, TypeVar

import numpy as np
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from PIL import Image

from tests.picture_files import grey_picture, interlaced_png, png, png_chunk, saved, tiff
from tests.storage.sample_card import CARD

T = TypeVar("T")
FUZZ = "fuzz"
_IN_CI = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
_LARGE = (b"\xff" * 4, b"\x7f\xff\xff\xff", b"\0" * 4, b"\x80\0\0\0")
"""What a size or an offset of four bytes may be that is none."""


def fuzzed(test: Any) -> Any:
    """Set how long a property is tried: as long as the profile says in `make fuzz`, else a second."""
    return test if settings.get_current_profile_name() == FUZZ else _IN_CI(test)


@cache
def pictures() -> tuple[bytes, ...]:
    """Make a sound picture file of each kind that is read, 1 or 2 kB each, and headers that lie."""
    grey = grey_picture()
    colour = Image.fromarray(np.dstack([grey, grey[::-1], grey]))
    sound = [
        saved(grey, "PNG"),
        saved(colour.convert("P"), "PNG"),
        interlaced_png(grey),
        saved(grey, "JPEG"),
        saved(colour, "JPEG", progressive=True),
        saved(colour.convert("CMYK"), "JPEG"),
        saved(colour, "WEBP"),
        saved(grey, "BMP"),
        saved(colour.convert("P"), "GIF"),
        saved(grey, "TIFF"),
        saved(colour, "TIFF", compression="tiff_lzw"),
        saved(colour, "HEIF"),
    ]
    lying = [
        png(2**31 - 1, 2**31 - 1),
        png(40, 60, colour=3, rows=bytes(61 * 40)),  # a palette picture without its palette
        png(40, 60, png_chunk(b"eXIf", b"MM\0*\0\0\0\x08\xff\xff")),
        tiff({256: 2**32 - 1, 257: 1, 258: 8, 259: 1, 262: 1, 273: 0}),
    ]
    return (*sound, *lying)


@cache
def archives() -> tuple[bytes, ...]:
    """Make small sound .npz tables: stored, compressed, in Fortran's order, with an entry too many."""
    cells = np.arange(3 * 784).reshape(3, 28, 28).astype(np.uint8)
    arrays = {"x_train": cells, "y_train": np.arange(3), "x_test": cells[:1], "y_test": np.arange(1)}
    made = []
    for save, changes in (
        (np.savez, {}),
        (np.savez_compressed, {}),
        (np.savez_compressed, {"x_train": np.asfortranarray(cells)}),
        (np.savez_compressed, {"more": np.zeros(2)}),
    ):
        content = io.BytesIO()
        save(content, **(arrays | changes))
        made.append(content.getvalue())
    encrypted = io.BytesIO()
    with zipfile.ZipFile(encrypted, "w") as archive:
        archive.writestr("x_train.npy", b"\x93NUMPY\x01\0")
    return (*made, encrypted.getvalue())


@cache
def tables() -> tuple[bytes, ...]:
    """Make small sound .csv tables: with and without a header, in quotes, with other signs between values."""
    row = ",".join(["7", *map(str, np.arange(784) % 256)])
    header = ",".join(["label", *(f"pixel{number}" for number in range(784))])
    return tuple(
        text.encode()
        for text in (
            f"{header}\n{row}\n{row}\n",
            f"{row}\n",
            f"{header}\r\n{row}\r\n,,,\r\n".replace(",", ";"),
            f'"{header}"\n"{row}"\n',
        )
    )


def card() -> bytes:
    """Return a sound card's file."""
    return json.dumps(asdict(CARD)).encode()


@st.composite
def damaged(draw: st.DrawFn, sound: tuple[bytes, ...]) -> bytes:
    """Damage a sound file: cut it off, overwrite, insert, drop or repeat a part, or leave it."""
    content = bytearray(draw(st.sampled_from(sound)))
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, max(0, len(content) - 1)))
        length = draw(st.integers(0, 64))
        match draw(st.sampled_from(("cut", "overwrite", "size", "insert", "drop", "repeat"))):
            case "cut":
                del content[at:]
            case "overwrite":
                part = draw(st.binary(min_size=1, max_size=8))
                content[at : at + len(part)] = part
            case "size":
                content[at : at + 4] = draw(st.sampled_from(_LARGE))
            case "insert":
                content[at:at] = draw(st.binary(max_size=64))
            case "drop":
                del content[at : at + length]
            case "repeat":
                content[at:at] = content[at : at + length] * 3
    return bytes(content)


def json_values() -> st.SearchStrategy[Any]:
    """Make anything that JSON can hold, with numbers that are none and lists in lists."""
    numbers = st.one_of(
        st.integers(-(2**70), 2**70),
        st.floats(),
        st.sampled_from([0, 1, -1, 28, 1e308, float("inf"), float("nan")]),
    )
    leaves = st.one_of(st.none(), st.booleans(), numbers, st.text(max_size=8))
    return st.recursive(
        leaves,
        lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=6), inner, max_size=5),
        max_leaves=20,
    )


@st.composite
def changed(draw: st.DrawFn, sound: Any) -> Any:
    """Copy JSON with one part of it, wherever it stands, replaced, dropped or doubled."""
    value = json.loads(json.dumps(sound))
    place, parts = None, value
    while isinstance(parts, dict | list) and parts:
        keys = list(parts) if isinstance(parts, dict) else range(len(parts))
        place = (parts, draw(st.sampled_from(keys)))
        parts = parts[place[1]]
        if draw(st.booleans()):
            break
    if place is None:
        return draw(json_values())
    holder, key = place
    if draw(st.booleans()) and isinstance(holder, list):
        holder.insert(key, holder[key])
    elif draw(st.booleans()):
        del holder[key]
    else:
        holder[key] = draw(json_values())
    return value


_NASTY = (
    "=1+1",
    "@SUM(A1)",
    "＝1",
    "-2",
    "+3",
    "007",
    "1e5",
    ";",
    '"',
    "'",
    ",",
    "<script>",
    ".png",
    "x" * 300,
)
_NASTIER = ("\r", "\n", "\t", "\0", "\x1b[2J", "\u202e", "\u2028", "../", "/etc/passwd", "C:\\", "%00")


def names() -> st.SearchStrategy[str]:
    """Make names as nobody calls a file: formulas, line breaks, escapes, other directions, NUL, no end."""
    pieces = st.sampled_from((*_NASTY, *_NASTIER)) | st.text(max_size=3)
    return st.lists(pieces, max_size=6).map("".join)


def refusal(function: Callable[..., T], *arguments: Any, by: type[Exception]) -> tuple[T | None, str]:
    """Call a function: what it returns, or None and the message with which it refused."""
    try:
        return function(*arguments), ""
    except by as error:
        return None, str(error)


def is_sentence(text: str) -> bool:
    return text.endswith(".") and text.isprintable() and "Traceback" not in text
