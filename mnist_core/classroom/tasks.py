"""What a class is asked: to write anything, one digit, all ten three times, a number; to fool the network."""

import random
import secrets
from dataclasses import dataclass
from enum import StrEnum

TIMES_EACH = 3
"""So often each digit is asked for where all ten are."""
_NUMBER_DIGITS = 6


class TaskKind(StrEnum):
    """The kinds of task, as the database has them."""

    FREE = "free"
    DIGIT = "digit"
    ALL_TEN = "all ten"
    NUMBER = "number"
    FOOL = "fool"


@dataclass(frozen=True, slots=True)
class Task:
    """What is asked.

    Attributes:
        kind: of the task.
        digits: to write, for one digit and for a number; "" for the others.
    """

    kind: TaskKind = TaskKind.FREE
    digits: str = ""

    @classmethod
    def parse(cls, stored: str) -> "Task":
        """Return a task from its stored text; the free one where a later version has stored another kind."""
        kind, _, digits = stored.partition(":")
        return cls(TaskKind(kind), digits) if kind in set(TaskKind) else cls()

    @property
    def stored(self) -> str:
        """The task as a text."""
        return f"{self.kind}:{self.digits}"

    @property
    def length(self) -> int | None:
        """How many drawings it takes; None where one draws as many as one likes."""
        return 10 * TIMES_EACH if self.kind == TaskKind.ALL_TEN else None

    def asked(self, member_id: int, sent: int) -> str:
        """Return which digits a member is asked to write next; "" for anything, or when all is done.

        Args:
            member_id: whose turn it is: not everybody writes the same digit at the same time.
            sent: how many drawings the member has sent for this task.
        """
        if self.kind != TaskKind.ALL_TEN:
            return self.digits
        order = [str(digit) for digit in range(10)] * TIMES_EACH
        random.Random(member_id).shuffle(order)
        return order[sent] if sent < len(order) else ""


def make_number() -> str:
    """Return a number to write that belongs to nobody: six digits, the first of them no 0."""
    return str(10 ** (_NUMBER_DIGITS - 1) + secrets.randbelow(9 * 10 ** (_NUMBER_DIGITS - 1)))
