"""Files from strangers, whole and damaged: each is opened, or refused in a sentence; nothing else happens."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnist_core.config import MAX_PICTURE_PIXELS
from mnist_core.datasets.npz_archive import load_npz
from mnist_core.datasets.tables import load_csv
from mnist_core.errors import DataError, UnreadableFileError
from mnist_core.reading.files import load_picture
from tests.hostile.kinds import archives, damaged, fuzzed, is_sentence, names, pictures, refusal, tables


@fuzzed
@given(content=damaged(pictures()), name=names())
def test_a_picture_is_opened_or_refused_in_a_sentence(content: bytes, name: str) -> None:
    picture, sentence = refusal(load_picture, content, name, by=UnreadableFileError)
    if picture is None:
        assert is_sentence(sentence)
        return
    assert picture.pixels.dtype == "uint8"
    assert picture.pixels.size <= 4 * MAX_PICTURE_PIXELS
    assert min(picture.pixels.shape) > 0


@fuzzed
@given(content=st.binary(max_size=300))
def test_bytes_that_are_nothing_are_no_picture(content: bytes) -> None:
    with pytest.raises(UnreadableFileError):
        load_picture(content, "a.png")


@fuzzed
@given(name=names())
def test_a_path_of_any_name_is_refused_in_a_sentence(name: str, tmp_path: Path) -> None:
    before = sorted(os.listdir(tmp_path))
    with pytest.raises(UnreadableFileError) as caught:
        load_picture(tmp_path / "folder" / f"x{name.replace('..', '')}", name)
    assert is_sentence(str(caught.value))
    assert sorted(os.listdir(tmp_path)) == before


@fuzzed
@given(content=damaged(archives()))
def test_an_archive_is_loaded_or_refused_in_a_sentence(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "cells.npz"
    path.write_bytes(content)
    parts, sentence = refusal(load_npz, path, by=DataError)
    assert is_sentence(sentence) if parts is None else sum(len(part.cells) for part in parts) < 10


@fuzzed
@given(content=damaged(tables()))
def test_a_table_is_loaded_or_refused_in_a_sentence_that_quotes_nothing(
    content: bytes, tmp_path: Path
) -> None:
    path = tmp_path / "cells.csv"
    path.write_bytes(content)
    cells, sentence = refusal(load_csv, path, by=DataError)
    assert is_sentence(sentence) if cells is None else cells.labels.max() <= 9
