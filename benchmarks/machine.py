"""Which machine measured: figures mean nothing without it."""

import os
import platform
from datetime import UTC, datetime
from pathlib import Path


def this_machine() -> str:
    """Name the day, the processor, the cores that may be used, the memory and the system."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    cores = len(os.sched_getaffinity(0))
    return (
        f"{datetime.now(UTC):%Y-%m-%d}, {_processor()}, {cores} cores, {memory:.0f} GB, "
        f"Python {platform.python_version()}, {platform.platform()}"
    )


def _processor() -> str:
    """Read the processor's name where Linux keeps it."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())
