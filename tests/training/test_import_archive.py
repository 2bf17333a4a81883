import io
import zipfile

import pytest

from mnist_core.errors import ModelError
from mnist_core.training import import_archive
from mnist_core.training.import_archive import unpack
from tests.training.foreign_networks import zipped


def test_files_come_back_by_their_names():
    assert unpack(zipped(a_txt=b"one", b_txt=b"two")) == {"a.txt": b"one", "b.txt": b"two"}


def test_a_bomb_is_refused_before_it_has_unpacked(monkeypatch):
    monkeypatch.setattr(import_archive, "MAX_UNPACKED_BYTES", 1_000_000)
    bomb = zipped(a_txt=bytes(600_000), b_txt=bytes(600_000))
    assert len(bomb) < 3_000
    with pytest.raises(ModelError, match="unpacks to more than 1 MB"):
        unpack(bomb)


def test_a_directory_that_lies_about_sizes_is_refused():
    content = bytearray(zipped(a_txt=bytes(5_000)))
    at = content.index(b"PK\x01\x02")
    content[at + 24 : at + 28] = (10).to_bytes(4, "little")
    with pytest.raises(ModelError, match="damaged"):
        unpack(bytes(content))


def test_many_files_are_refused():
    with pytest.raises(ModelError, match="100 files"):
        unpack(zipped(**{f"f{number}": b"" for number in range(100)}))


def test_an_encrypted_one_is_refused():
    content = bytearray(zipped(a_txt=b"one"))
    content[content.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(ModelError, match="encrypted"):
        unpack(bytes(content))


def test_two_files_of_one_name_are_refused():
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("a", b"one")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("a", b"two")
    with pytest.raises(ModelError, match="two files of one name"):
        unpack(content.getvalue())


@pytest.mark.parametrize("content", [b"", b"PK", b"no zip at all"], ids=["empty", "two bytes", "text"])
def test_what_is_no_archive_is_refused(content):
    with pytest.raises(ModelError, match="damaged"):
        unpack(content)
