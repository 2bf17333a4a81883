"""Whatever moment a process is killed at, a model reads, and nothing half written is on the shelf."""

import random
import subprocess
import sys
import time

import numpy as np
import pytest

from mnist_core.config import PROJECT_FOLDER, AppPaths
from mnist_core.reading.recognizer import Recognizer
from mnist_core.storage.shelf import list_models

ROUNDS = 50


def hammer(paths, seed):
    return subprocess.Popen(
        [sys.executable, "-m", "tests.storage.hammer", str(paths.home), str(seed)],
        cwd=PROJECT_FOLDER,
        stdout=subprocess.PIPE,
        text=True,
    )


@pytest.mark.slow
def test_a_model_reads_whenever_a_server_is_killed(tmp_path, monkeypatch):
    monkeypatch.setenv("DIGITS_HOME", str(tmp_path))
    paths = AppPaths(home=tmp_path, mnist=None)
    chance = random.Random(0)
    actives = set()
    beside = hammer(paths, 1000)  # another server on the same home, which goes on
    # Each starts while the one before it is killed: starting takes longer than all else.
    following = hammer(paths, 0)
    try:
        for seed in range(ROUNDS):
            process, following = following, hammer(paths, seed + 1)
            assert process.stdout.readline() == "ready\n"
            time.sleep(chance.uniform(0, 0.3))
            process.kill()
            process.communicate()
            recognizer = Recognizer.load()
            assert recognizer.probabilities(np.zeros((1, 28, 28), np.float32)).shape == (1, 10)
            actives.add(recognizer.files.name)
        assert beside.poll() is None
    finally:
        for process in (beside, following):
            process.kill()
            process.communicate()
    entries = list_models(paths)
    assert [entry.problem for entry in entries] == [None] * len(entries)
    assert len(actives) > 2
