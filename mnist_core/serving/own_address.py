"""Under which address others reach this computer."""

import socket

_NOWHERE = ("198.51.100.1", 9)
"""An address that belongs to nobody (RFC 5737): the way there is asked for, and nothing is sent."""


def find_own_address() -> str | None:
    """Return this computer's address in its network; None where it has none but the loopback's."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(_NOWHERE)
        except OSError:
            return None
        address: str = probe.getsockname()[0]
    return None if address.startswith(("127.", "0.")) else address
