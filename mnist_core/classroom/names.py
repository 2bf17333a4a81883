"""Friendly names that the server makes up for members, so that nobody is asked for their own."""

import secrets
from collections.abc import Collection
from itertools import product

_ADJECTIVES = (
    "Brave", "Bright", "Busy", "Calm", "Clever", "Cosy", "Curious", "Dancing", "Eager", "Fair", "Fast",
    "Gentle", "Glad", "Golden", "Happy", "Honest", "Jolly", "Keen", "Kind", "Lively", "Lucky", "Merry",
    "Mighty", "Neat", "Noble", "Patient", "Playful", "Proud", "Quick", "Quiet", "Shiny", "Silver",
    "Smart", "Sunny", "Swift", "Warm",
)  # fmt: skip
_ANIMALS = (
    "Badger", "Beaver", "Bee", "Bison", "Crane", "Deer", "Dolphin", "Eagle", "Falcon", "Finch", "Fox",
    "Gecko", "Hare", "Heron", "Hedgehog", "Ibex", "Koala", "Lark", "Lynx", "Marten", "Mole", "Newt",
    "Otter", "Owl", "Panda", "Penguin", "Puffin", "Raven", "Robin", "Seal", "Sparrow", "Stork", "Swan",
    "Tiger", "Turtle", "Wren",
)  # fmt: skip


def make_name(taken: Collection[str]) -> str:
    """Return a name that nobody in the class has: "Curious Otter"."""
    free = [name for pair in product(_ADJECTIVES, _ANIMALS) if (name := " ".join(pair)) not in taken]
    return secrets.choice(free) if free else f"Number {len(taken) + 1}"
