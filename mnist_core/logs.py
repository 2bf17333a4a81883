"""The log: a line a record on standard error, with no word about who visits or what they drew.

DIGITS_LOG holds a level (debug, info, warning, error) and, after a comma, "json" for a JSON object a line.
Never logged: people's names, addresses of visitors, pictures, what was read in them, names of their files.
"""

import json
import logging
import sys
import traceback
from datetime import UTC, datetime
from pathlib import Path

from mnist_core.config import PROJECT_FOLDER, LogSettings
from mnist_core.errors import MnistCoreError, ModelError

_LOG = logging.getLogger("mnist_core")


def configure_logging(settings: LogSettings) -> None:
    """Write records of this level and above to standard error; call it once, at an entry point."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter() if settings.as_json else LineFormatter())
    _LOG.handlers = [handler]
    _LOG.setLevel(settings.level)
    if settings.problem:
        log_event("setting ignored", logging.WARNING, reason=settings.problem)


def log_event(event: str, level: int = logging.INFO, **facts: object) -> None:
    """Log what happened.

    Args:
        event: in a few words, always the same ones for the same thing: what one searches the log for.
        level: of `logging`.
        facts: about it, by name; no personal data.
    """
    _LOG.log(level, event, extra={"facts": facts})


def log_refusal(error: MnistCoreError, where: str) -> None:
    """Log an error that a visitor is shown.

    The sentence itself may name a person or their file, so it is logged for models alone; of all others
    the kind and the line of code that raised it say enough.

    Args:
        error: as it was caught.
        where: the page or the program's address where it is shown: "draw", "upload", "api/read".
    """
    reason = error.reason or (str(error) if isinstance(error, ModelError) else "")
    facts = {"reason": reason} if reason else {}
    level = logging.WARNING if isinstance(error, ModelError) else logging.INFO
    log_event("refused", level, where=where, error=type(error).__name__, **facts, raised=_origin(error))


def _origin(error: BaseException) -> str:
    """Return the file and the line that raised an error; "" where it was never raised."""
    frames = traceback.extract_tb(error.__traceback__)
    if not frames:
        return ""
    path = Path(frames[-1].filename)
    name = path.relative_to(PROJECT_FOLDER) if path.is_relative_to(PROJECT_FOLDER) else path.name
    return f"{name}:{frames[-1].lineno}"


class LineFormatter(logging.Formatter):
    """Format a record as one line: time in UTC, level, event, facts, the traceback among them."""

    def format(self, record: logging.LogRecord) -> str:
        facts = "".join(f" {name}={_as_word(value)}" for name, value in _facts(record, self).items())
        return f"{_time(record)} {record.levelname:<7} {_one_line(record.getMessage())}{facts}"


class JsonFormatter(logging.Formatter):
    """Format a record as one JSON object: time, level, event, and a key for each fact."""

    def format(self, record: logging.LogRecord) -> str:
        content = {"time": _time(record), "level": record.levelname, "event": record.getMessage()}
        return json.dumps(content | _facts(record, self) | content, default=str)


def _facts(record: logging.LogRecord, formatter: logging.Formatter) -> dict[str, object]:
    facts: dict[str, object] = dict(getattr(record, "facts", {}))
    if record.exc_info:
        facts["traceback"] = formatter.formatException(record.exc_info)
    return facts


def _time(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")


def _as_word(value: object) -> str:
    """Return a value as it stands in a line: quoted where it would not be one word."""
    text = str(value)
    return text if text.isprintable() and text and not set(text) & set(' "=\\') else json.dumps(text)


def _one_line(text: str) -> str:
    """Return a text without line breaks, so that no record can pretend to be two."""
    return text if text.isprintable() else json.dumps(text)
