"""JSON from disk, checked while it is parsed: what comes out is what was asked for, or it is a ValueError.

msgspec does it, straight into our dataclasses. Their annotations say what may stand in a file.
"""

import re
from pathlib import Path
from typing import Annotated, Any, TypeVar

import msgspec

_T = TypeVar("_T")
_LEVELS = 20
"""Of lists and objects within each other: more than any settings have, fewer than Python can't copy."""

Count = Annotated[int, msgspec.Meta(ge=0, le=2**53)]
"""A whole number from 0 to where readers of JSON begin to round."""
Share = Annotated[float, msgspec.Meta(ge=0, le=1)]


def decode_json(content: bytes, kind: type[_T]) -> _T:
    """Parse JSON and check it.

    Args:
        content: UTF-8.
        kind: what it should be: a dataclass, which may have fewer fields than the JSON, or another type.
    Raises:
        ValueError: it is something else; the message says what is wrong, in a few words.
    """
    try:
        return msgspec.json.decode(content, type=kind)
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error
    except UnicodeDecodeError as error:
        raise ValueError("it is no text in UTF-8") from error
    except msgspec.DecodeError as error:
        raise ValueError(_in_words(str(error))) from error


def convert_json(value: Any, kind: type[_T]) -> _T:
    """Check what was parsed before, and turn it into another type.

    Args:
        value: of JSON's kinds.
        kind: what it should be: a dataclass, where a Path stands in JSON as a text, or another type.
    Raises:
        ValueError: it is something else; the message says what is wrong, in a few words.
    """
    try:
        return msgspec.convert(value, kind, dec_hook=_path)
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error
    except msgspec.ValidationError as error:
        raise ValueError(_in_words(str(error))) from error


def require_shallow(value: Any, levels: int = _LEVELS) -> None:
    """Refuse what is nested so deeply that copying or writing it would fail.

    Args:
        value: of JSON's kinds.
        levels: how many it may have.
    Raises:
        ValueError: it has more.
    """
    if not isinstance(value, dict | list):
        return
    if levels == 0:
        raise ValueError("it is nested too deeply")
    for part in value.values() if isinstance(value, dict) else value:
        require_shallow(part, levels - 1)


def _path(kind: type, value: Any) -> Path:
    if kind is not Path or not isinstance(value, str):
        raise TypeError(f"Expected {kind.__name__}, got {type(value).__name__}")
    return Path(value)


def _in_words(complaint: str) -> str:
    """Turn "Expected `int`, got `str` - at `$.seed`" into "seed: expected int, got str"."""
    what, _, where = complaint.replace("`", "").partition(" - at ")
    what = what[:1].lower() + what[1:]
    where = re.sub(r"^\$\.?", "", where)
    return f"{where}: {what}" if where else what
