import errno
import os

import pytest

from mnist_core.storage.atomic import sync_folder, write_whole


def test_a_file_is_replaced_whole(tmp_path):
    path = tmp_path / "note.txt"
    write_whole(path, "one")
    write_whole(path, b"two")
    assert path.read_text() == "two"
    assert [kept.name for kept in tmp_path.iterdir()] == ["note.txt"]


def test_a_text_is_written_in_utf_8_for_all_to_read(tmp_path):
    path = tmp_path / "note.txt"
    write_whole(path, "Überlegt: 3 × 4\n")
    assert path.read_bytes() == "Überlegt: 3 × 4\n".encode()
    assert path.stat().st_mode & 0o777 == 0o644


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_full_disk_leaves_what_was_there(tmp_path, monkeypatch, step):
    path = tmp_path / "note.txt"
    write_whole(path, "one")

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, step, full)
    with pytest.raises(OSError, match="No space left"):
        write_whole(path, "two")
    assert path.read_text() == "one"
    assert [kept.name for kept in tmp_path.iterdir()] == ["note.txt"]


def test_the_content_is_on_the_disk_before_its_name_and_the_name_on_return(tmp_path, disk_steps):
    write_whole(tmp_path / "note.txt", "one")
    assert disk_steps == [("sync", b"one"), ("replace", "note.txt"), ("sync", tmp_path)]


def test_a_folder_that_can_not_be_opened_stops_no_one(tmp_path):
    sync_folder(tmp_path / "gone")
