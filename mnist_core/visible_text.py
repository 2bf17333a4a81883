"""Text from outside made visible: what a terminal obeys, or hides, is written as an escape."""

import re

_CONTROLS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029]")
"""All control characters but the usual line break."""
_DIRECTIONS = re.compile(r"[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""What turns the direction of writing, so that a name reads as another."""


def escape_controls(text: str) -> str:
    r"""Write control characters as \x1b and the like; line breaks stay."""
    return _CONTROLS.sub(_escape, text)


def escape_hidden(text: str) -> str:
    r"""Write likewise what turns the direction of writing, as \u202e: for a terminal, where it would obey."""
    return _DIRECTIONS.sub(_escape, escape_controls(text))


def _escape(found: re.Match[str]) -> str:
    return found[0].encode("unicode_escape").decode("ascii")
