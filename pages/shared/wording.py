"""Durations, shares and dates in words, the same on every page; and text made safe for markdown."""

import re
from datetime import datetime

_CODE = re.compile(r"((?<!`)`[^`\n]+`(?!`))")


def spell_time(seconds: float) -> str:
    """Return a duration in words: "40 seconds", "7 minutes", "2.5 hours"."""
    if seconds < 100:
        return f"{seconds:.0f} {'second' if round(seconds) == 1 else 'seconds'}"
    return f"{seconds / 60:.0f} minutes" if seconds < 6000 else f"{seconds / 3600:.1f} hours"


def share(part: float) -> str:
    """Return a share of 1 in percent, with as many digits as a test set of 10,000 images has."""
    return f"{100 * part:.2f}\u202f%"


def spell_date(moment: str) -> str:
    """Return the day of an ISO 8601 moment: "22 November 2026"; the text itself where it is no moment."""
    try:
        day = datetime.fromisoformat(moment)
    except ValueError:
        return moment
    return f"{day.day} {day:%B %Y}"


def counted(number: int, noun: str) -> str:
    """Return a number of things in words: "1 picture", "1,200 digits"."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def literal(text: str) -> str:
    """Return text escaped so that markdown shows it as it is: a visitor may have chosen it."""
    return "".join(f"\\{sign}" if sign in "\\`*_{}[]()<>#+-!|$:~^&" else sign for sign in text)


def literal_but_code(text: str) -> str:
    """Return text escaped likewise, but for what stands between backticks: that is shown as code."""
    return "".join(part if _CODE.fullmatch(part) else literal(part) for part in _CODE.split(text))
