"""Streamlit's own log, as records of ours: one line each, whatever a browser has sent.

Warnings and errors only: what its server tells besides are the addresses of visitors.
"""

import logging
import traceback
from pathlib import Path

from mnist_core.config import PROJECT_FOLDER

_LOGGERS = ("streamlit", "uvicorn", "websockets")
_LOG = logging.getLogger("mnist_core")


def log_streamlit_as_ours() -> None:
    """Send the records of Streamlit and its server to our log; call it when they have made their loggers."""
    for name in list(logging.root.manager.loggerDict):
        logger = logging.getLogger(name)
        if name.partition(".")[0] in _LOGGERS and not any(
            isinstance(each, _ToOurs) for each in logger.filters
        ):
            logger.addFilter(_ToOurs())


class _ToOurs(logging.Filter):
    """Hands each record on to our log, and keeps it from the log it was meant for."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Log a record as ours; the traceback only of an error that came through our code.

        Any other one is about what a browser has sent.
        """
        if record.levelno < logging.WARNING:
            return False
        facts: dict[str, object] = {"from": record.name}
        error = record.exc_info[1] if record.exc_info else None
        is_ours = error is not None and _runs_through_ours(error)
        if error is not None and not is_ours:
            facts["error"] = "".join(traceback.format_exception_only(error)).strip()
        if _LOG.isEnabledFor(record.levelno):
            _LOG.log(
                record.levelno,
                "%s",
                record.getMessage(),
                exc_info=record.exc_info if is_ours else None,
                extra={"facts": facts},
            )
        return False


def _runs_through_ours(error: BaseException) -> bool:
    frames = traceback.extract_tb(error.__traceback__)
    paths = [Path(frame.filename) for frame in frames]
    ours = [path.relative_to(PROJECT_FOLDER) for path in paths if path.is_relative_to(PROJECT_FOLDER)]
    return any(
        "site-packages" not in path.parts for path in ours
    )  # of an environment in the project's folder
