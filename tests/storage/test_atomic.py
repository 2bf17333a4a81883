import errno
import os
import subprocess
import sys
import time

import pytest

from mnist_core.storage.atomic import is_locked, locked, try_lock, write_whole


def test_a_file_is_replaced_whole(tmp_path):
    path = tmp_path / "note.txt"
    write_whole(path, "one")
    write_whole(path, b"two")
    assert path.read_text() == "two"
    assert [kept.name for kept in tmp_path.iterdir()] == ["note.txt"]


def test_a_full_disk_leaves_what_was_there(tmp_path, monkeypatch):
    path = tmp_path / "note.txt"
    write_whole(path, "one")

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match="No space left"):
        write_whole(path, "two")
    assert path.read_text() == "one"
    assert [kept.name for kept in tmp_path.iterdir()] == ["note.txt"]


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
