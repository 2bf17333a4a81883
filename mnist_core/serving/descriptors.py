"""How many files and connections the server may have open at once, and how many visitors that is."""

import logging
from dataclasses import dataclass

from mnist_core.logs import log_event

try:
    import resource
except ImportError:  # Windows has no such limit
    resource = None  # type: ignore[assignment]

_ENOUGH = 65_536
"""Beyond this there is no use in a higher limit: so many visitors need more than one process."""
_OWN = 100
"""Open files of a server without visitors, with room for those of a training run and of uploads."""
_OF_A_SESSION = 4
"""Its websocket, and three of the event loop that Streamlit gives each session."""
_OF_ENDED_SESSIONS = 3 * 128
"""Streamlit stores up to 128 sessions whose browser may come back, without their websockets."""


@dataclass(frozen=True, slots=True)
class DescriptorLimit:
    """How many files and connections a process may have open.

    Attributes:
        soft: the limit that holds.
        hard: up to which the process itself may raise it.
    """

    soft: int
    hard: int

    @property
    def visitors(self) -> int:
        """How many visitors at once it is enough for."""
        return max(0, (self.soft - _OWN - _OF_ENDED_SESSIONS) // _OF_A_SESSION)


def raise_descriptor_limit() -> None:
    """Raise the limit of open files as far as the system lets us, and log how many visitors it holds."""
    if resource is None:
        return
    limit = _raised(DescriptorLimit(*resource.getrlimit(resource.RLIMIT_NOFILE)))
    level = logging.INFO if limit.visitors >= 200 else logging.WARNING
    log_event("open files", level, limit=limit.soft, visitors=limit.visitors)


def _raised(limit: DescriptorLimit) -> DescriptorLimit:
    wanted = _ENOUGH if limit.hard == resource.RLIM_INFINITY else min(_ENOUGH, limit.hard)
    if limit.soft == resource.RLIM_INFINITY or limit.soft >= wanted:
        return limit
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, limit.hard))
    except (OSError, ValueError) as error:  # macOS has a limit of its own below the one it tells
        log_event("open files: limit stays", logging.WARNING, reason=str(error))
        return limit
    return DescriptorLimit(wanted, limit.hard)
