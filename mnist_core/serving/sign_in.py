"""The teacher's sign-in: one passphrase, of which only a salted hash is stored, and few tries a minute."""

import hashlib
import hmac
import secrets
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Network, ip_address

TRIES_A_MINUTE = 5
"""From one address; a minute later one may try again."""
MOST_CHARACTERS = 200
"""A longer text is no passphrase, and is not hashed."""

_MINUTE_S = 60.0
_SCRYPT_N, _SCRYPT_R = 2**14, 8
"""16 MB and some 50 ms a try: as OWASP's advice for a passphrase that is compared now and then."""
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without i, l, o, 0 and 1, which one reads for each other."""
_GROUPS, _GROUP_LETTERS = 3, 4
"""Twelve of 31 letters: 59 bits, far more than 5 tries a minute will ever find."""


class SignedIn:
    """What a session holds after the passphrase was right: of a type that no browser can send."""


@dataclass(frozen=True, slots=True)
class SignInAnswer:
    """What came of a try.

    Attributes:
        session: for the visitor's session; None where they are not signed in.
        refusal: the sentence that says why not; "" where they are.
    """

    session: SignedIn | None = None
    refusal: str = ""


class TeacherSignIn:
    """Compares passphrases with the teacher's; one for a server, from any thread."""

    def __init__(self, passphrase: str, clock: Callable[[], float] = time.monotonic) -> None:
        """Hash the passphrase; it is not stored itself.

        Args:
            passphrase: the teacher's.
            clock: gives seconds, and does not go back.
        """
        self._salt = secrets.token_bytes(16)
        self._hash = self._hashed(passphrase)
        self._clock = clock
        self._tries: dict[str, deque[float]] = {}
        self._lock = threading.Lock()  # one hash at a time: many at once would take 16 MB each

    def try_passphrase(self, passphrase: str, address: str) -> SignInAnswer:
        """Compare a passphrase with the teacher's, in a time that does not depend on how much of it is right.

        Args:
            passphrase: as the visitor wrote it; spaces around it do not count.
            address: that the visitor's connection comes from; forgotten after a minute.
        """
        with self._lock:
            if not self._may_try(address):
                return SignInAnswer(
                    refusal=f"{TRIES_A_MINUTE} tries a minute are the most. Wait for a minute."
                )
            given = passphrase.strip()
            if len(given) <= MOST_CHARACTERS and hmac.compare_digest(self._hashed(given), self._hash):
                return SignInAnswer(SignedIn())
        return SignInAnswer(refusal="This is not the teacher's passphrase.")

    def _may_try(self, address: str) -> bool:
        """Count a try of an address, if it has one left."""
        now = self._clock()
        address = _network(address)
        for other in [each for each, times in self._tries.items() if times[-1] <= now - _MINUTE_S]:
            del self._tries[other]
        times = self._tries.setdefault(address, deque(maxlen=TRIES_A_MINUTE))
        if len(times) == TRIES_A_MINUTE and times[0] > now - _MINUTE_S:
            return False
        times.append(now)
        return True

    def _hashed(self, passphrase: str) -> bytes:
        content = passphrase.encode("utf-8", "surrogatepass")
        return hashlib.scrypt(content, salt=self._salt, n=_SCRYPT_N, r=_SCRYPT_R, p=1)


def _network(address: str) -> str:
    """Return the network of an IPv6 address, of which one computer has as many as it likes."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv4Address) or parsed.ipv4_mapped:
        return address
    return str(IPv6Network((parsed, 64), strict=False))


def make_passphrase() -> str:
    """Return a passphrase that is easy to copy from a terminal: "kq7d-mx4p-a2ws"."""
    groups = ("".join(secrets.choice(_LETTERS) for _ in range(_GROUP_LETTERS)) for _ in range(_GROUPS))
    return "-".join(groups)
