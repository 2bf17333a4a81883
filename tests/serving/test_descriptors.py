"""How many files may be open, and how many visitors that is."""

import subprocess
import sys

import pytest

from mnist_core.config import PROJECT_FOLDER
from mnist_core.serving.descriptors import DescriptorLimit

resource = pytest.importorskip("resource")

RAISE = """
import resource, sys
resource.setrlimit(resource.RLIMIT_NOFILE, (int(sys.argv[1]), int(sys.argv[2])))
from mnist_core.config import LogSettings
from mnist_core.logs import configure_logging
from mnist_core.serving.descriptors import raise_descriptor_limit
configure_logging(LogSettings("INFO"))
raise_descriptor_limit()
print(resource.getrlimit(resource.RLIMIT_NOFILE)[0])
"""


def raised(soft: int, hard: int) -> tuple[int, str]:
    """Raise the limit in a process of its own: what holds then, and what the log says."""
    command = [sys.executable, "-c", RAISE, str(soft), str(hard)]
    finished = subprocess.run(command, cwd=PROJECT_FOLDER, capture_output=True, text=True, check=True)
    return int(finished.stdout), finished.stderr


def test_the_soft_limit_is_raised_to_the_hard_one():
    limit, log = raised(256, 2000)
    assert limit == 2000
    assert "open files" in log
    assert "limit=2000 visitors=379" in log
    assert "INFO" in log


def test_a_limit_that_is_too_low_for_a_class_is_a_warning():
    limit, log = raised(500, 1000)
    assert limit == 1000
    assert "WARNING" in log


@pytest.mark.parametrize(("soft", "visitors"), [(1024, 135), (100, 0), (65_536, 16_263)])
def test_visitors_that_a_limit_holds(soft: int, visitors: int):
    assert DescriptorLimit(soft, soft).visitors == visitors
