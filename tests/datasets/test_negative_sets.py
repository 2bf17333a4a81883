import gzip
import zipfile

import cv2
import numpy as np
import pytest

from mnist_core.datasets.negative_sets import load_negative_sets
from mnist_core.errors import DataError


def mark(number):
    picture = np.zeros((28, 28), np.uint8)
    picture[6:22, 6 + number % 8 : 10 + number % 8] = 255
    picture[12:16, 4:24] = 255
    return picture


def write_notmnist(folder):
    folder.mkdir()
    pictures = np.stack([mark(number) for number in range(40)])
    labels = (np.arange(40) % 10).astype(np.uint8)
    (folder / "t10k-images-idx3-ubyte.gz").write_bytes(gzip.compress(bytes(16) + pictures.tobytes()))
    (folder / "t10k-labels-idx1-ubyte.gz").write_bytes(gzip.compress(bytes(8) + labels.tobytes()))


def write_omniglot(folder):
    folder.mkdir()
    content = cv2.imencode(".png", 255 - cv2.resize(mark(1), (105, 105)))[1].tobytes()
    with zipfile.ZipFile(folder / "images_background_small1.zip", "w") as archive:
        for alphabet in ("Latin", "Greek"):
            for character in (1, 15):  # 15 is an o in both
                for sample in (1, 2):
                    archive.writestr(f"images/{alphabet}/character{character:02}/{sample}.png", content)


def test_sets_are_read_and_split(tmp_path):
    write_notmnist(tmp_path / "notmnist")
    write_omniglot(tmp_path / "omniglot")
    letters, alphabets = load_negative_sets(tmp_path)
    assert (len(letters.train), len(letters.held_out)) == (16, 4)
    assert letters.train.shape[1:] == (28, 28)
    assert letters.train.max() == 255
    assert "Omniglot" in alphabets.name


def test_letters_like_digits_are_left_out_and_one_alphabet_is_held_out(tmp_path):
    write_omniglot(tmp_path / "omniglot")
    (alphabets,) = load_negative_sets(tmp_path)
    assert (len(alphabets.train), len(alphabets.held_out)) == (2, 2)


def test_doodles_are_read_from_raw_bytes(tmp_path):
    (tmp_path / "quickdraw").mkdir()
    np.stack([mark(number) for number in range(10)]).tofile(tmp_path / "quickdraw" / "cats.bin")
    (doodles,) = load_negative_sets(tmp_path)
    assert (len(doodles.train), len(doodles.held_out)) == (8, 2)


def test_folder_without_any_set_is_refused(tmp_path):
    with pytest.raises(DataError, match="holds none"):
        load_negative_sets(tmp_path)


def test_damaged_sets_are_named(tmp_path):
    (tmp_path / "quickdraw").mkdir()
    (tmp_path / "quickdraw" / "cats.bin").write_bytes(bytes(100))
    with pytest.raises(DataError, match=r"cats\.bin"):
        load_negative_sets(tmp_path)
    (tmp_path / "quickdraw" / "cats.bin").unlink()
    (tmp_path / "omniglot").mkdir()
    (tmp_path / "omniglot" / "images_x.zip").write_bytes(b"no zip")
    with pytest.raises(DataError, match=r"images_x\.zip"):
        load_negative_sets(tmp_path)
