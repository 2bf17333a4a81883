"""Codes by which pupils join a class, and tokens by which their browsers are known again.

A code is six of 28 signs, 482 million: who tries codes, at the limit of `MAX_WRONG_CODES` a minute for the
whole server, meets an open class within a school day of eight hours once in 16,700 days. It can be short
since it protects little: a drawing on a wall, which the teacher hides with a tap.
"""

import hashlib
import secrets
import threading
import time
from collections import deque
from collections.abc import Callable

from mnist_core.errors import ClassroomError

CODE_LENGTH = 6
MAX_WRONG_CODES = 60
"""A minute, of all visitors together: a class often has one address for all."""

_SIGNS = "ABCDEFGHJKMNPQRTUVWXYZ346789"
"""Without I, L, O, S, 0, 1, 2 and 5, which one takes for each other, or for Z."""
_TOKEN_BYTES = 24
_MINUTE_S = 60.0


def make_code() -> str:
    """Return a new code: "K7RX3M"."""
    return "".join(secrets.choice(_SIGNS) for _ in range(CODE_LENGTH))


def spell_code(code: str) -> str:
    """Return a code as one reads it aloud: "K7R X3M"."""
    return f"{code[: CODE_LENGTH // 2]} {code[CODE_LENGTH // 2 :]}"


def clean_code(typed: str) -> str:
    """Return a code as it is stored, however it was typed: "k7r-x3m" is "K7RX3M"; "" where it is none."""
    code = "".join(sign for sign in typed[:40].upper() if sign.isalnum())
    return code if len(code) == CODE_LENGTH and set(code) <= set(_SIGNS) else ""


def make_token() -> str:
    """Return a token that nobody guesses, for a member's browser."""
    return secrets.token_urlsafe(_TOKEN_BYTES)


def hash_token(token: str) -> bytes:
    """Return what the database holds of a token: 32 bytes, from which it can't be found."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


class WrongCodes:
    """Counts codes that no class has, so that nobody can try many; one for a server, from any thread."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Begin to count.

        Args:
            clock: gives seconds, and does not go back.
        """
        self._clock = clock
        self._times: deque[float] = deque(maxlen=MAX_WRONG_CODES)
        self._lock = threading.Lock()

    def require_few(self) -> None:
        """Go on unless there were too many within a minute.

        Raises:
            ClassroomError: there were.
        """
        with self._lock:
            if len(self._times) == MAX_WRONG_CODES and self._times[0] > self._clock() - _MINUTE_S:
                raise ClassroomError(
                    "Too many wrong codes were tried here just now. Wait for a minute, then try yours again.",
                    "too many wrong codes",
                )

    def note(self) -> None:
        """Count one."""
        with self._lock:
            self._times.append(self._clock())
