import os
import subprocess
import sys
import threading
import time

import pytest

from mnist_core.storage.locks import is_locked, locked, try_lock


def test_a_lock_is_had_by_one_at_a_time(tmp_path):
    path = tmp_path / "lock"
    assert not is_locked(path)
    descriptor = try_lock(path)
    assert is_locked(path)
    assert try_lock(path) is None
    with pytest.raises(TimeoutError), locked(path, seconds=0.05):
        pass
    os.close(descriptor)
    assert not is_locked(path)
    with locked(path):
        assert is_locked(path)
    assert not is_locked(path)


def test_a_lock_is_waited_for(tmp_path):
    path = tmp_path / "lock"
    descriptor = try_lock(path)
    threading.Timer(0.05, os.close, [descriptor]).start()
    with locked(path, seconds=10):
        assert is_locked(path)


def test_taking_a_lock_leaves_what_its_file_holds(tmp_path):
    path = tmp_path / "lock"
    path.write_text("whose it is")
    with locked(path):
        pass
    assert path.read_text() == "whose it is"


def test_a_block_that_fails_lets_go(tmp_path):
    with pytest.raises(ZeroDivisionError), locked(tmp_path / "lock"):
        raise ZeroDivisionError
    assert not is_locked(tmp_path / "lock")


def test_many_who_look_see_no_lock_where_they_are_alone(tmp_path):
    path = tmp_path / "lock"
    path.touch()
    seen = []
    threads = [
        threading.Thread(target=lambda: seen.extend(is_locked(path) for _ in range(200))) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not any(seen)


def test_a_childs_copy_holds_the_lock_until_the_child_ends(tmp_path):
    path = tmp_path / "lock"
    descriptor = try_lock(path)
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, pass_fds=(descriptor,))
    os.close(descriptor)
    assert is_locked(path)
    child.kill()
    child.communicate()
    give_up_at = time.monotonic() + 5
    while is_locked(path) and time.monotonic() < give_up_at:
        time.sleep(0.01)
    assert not is_locked(path)


def test_a_lock_where_nothing_can_be_written_is_an_error(tmp_path):
    with pytest.raises(OSError, match="No such file"):
        try_lock(tmp_path / "gone" / "lock")
