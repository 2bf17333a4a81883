"""Sets an option of the server's listening sockets that Streamlit leaves as it is."""

import os
import socket
import stat
from collections.abc import Iterator

_DESCRIPTORS = "/dev/fd"
"""Of this process, on Linux and macOS."""


def answer_without_delay() -> None:
    """Have small answers sent at once, which a listening socket hands on to its connections.

    Else TCP waits until the browser has acknowledged the answer before: 48 ms for a call that takes 5.
    """
    for listener in _listeners():
        with listener:
            listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def _listeners() -> Iterator[socket.socket]:
    """Yield a second handle, to be closed, of each socket on which this process listens for TCP."""
    if not os.path.isdir(_DESCRIPTORS):
        return
    for name in os.listdir(_DESCRIPTORS):
        try:
            if not stat.S_ISSOCK(os.fstat(int(name)).st_mode):
                continue
            handle = socket.socket(fileno=os.dup(int(name)))
        except OSError:  # closed meanwhile
            continue
        if handle.family in (socket.AF_INET, socket.AF_INET6) and _is_listening(handle):
            yield handle
        else:
            handle.close()


def _is_listening(handle: socket.socket) -> bool:
    try:
        return bool(handle.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN))
    except OSError:
        return False
