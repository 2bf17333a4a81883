"""The Dockerfile, as far as it can be checked without Docker: it was not built where it was written."""

import re

import pytest

from mnist_core.config import PROJECT_FOLDER

DOCKERFILE = (PROJECT_FOLDER / "Dockerfile").read_text(encoding="utf-8")
LINES = DOCKERFILE.replace("\\\n", " ").splitlines()
VOLUME = "/home/digits/playground"


def stage(name: str) -> str:
    """Give the lines of one stage."""
    return DOCKERFILE.partition(f" AS {name}\n")[2].partition("\nFROM ")[0]


def test_the_base_is_named_by_its_digest():
    assert re.search(
        r"^ARG BASE=python:3\.11\.\d+-slim-bookworm@sha256:[0-9a-f]{64}$", DOCKERFILE, re.MULTILINE
    )
    bases = [line.split()[1] for line in LINES if line.startswith("FROM ")]
    stages = [line.split()[3] for line in LINES if line.startswith("FROM ")]
    assert set(bases) <= {"${BASE}", *stages}


def test_it_runs_as_a_user_by_number_that_is_not_root():
    assert re.findall(r"^USER (\S+)$", DOCKERFILE, re.MULTILINE) == ["1000:1000"]


def test_all_that_is_copied_exists_and_is_sent_to_docker():
    sent = {
        line[1:] for line in (PROJECT_FOLDER / ".dockerignore").read_text().splitlines() if line[:1] == "!"
    }
    for line in LINES:
        if line.startswith("COPY ") and "--from" not in line:
            for source in line.split()[1:-1]:
                assert (PROJECT_FOLDER / source).exists(), source
                assert source in sent or any(
                    re.fullmatch(each.replace("*", ".*"), source) for each in sent
                ), source


def test_the_licence_is_in_it():
    assert re.search(r"^COPY .*\bLICENSE\b", DOCKERFILE, re.MULTILINE)


@pytest.mark.parametrize("name", ["HOME", "DIGITS_HOME"])
def test_all_that_is_written_goes_to_the_volume(name: str):
    assert re.search(rf"\b{name}={VOLUME}\b", DOCKERFILE)
    assert f'VOLUME ["{VOLUME}"]' in DOCKERFILE


def test_the_image_for_reading_has_no_tensorflow():
    assert "requirements-train" not in stage("packages") + stage("app") + stage("reading")
    assert "--from=packages " in stage("reading")
    assert "--from=training-packages " in stage("full")
    tensorflow = re.compile(r"^(tensorflow|keras)", re.MULTILINE)
    assert not tensorflow.search((PROJECT_FOLDER / "requirements.txt").read_text())


def test_the_last_stage_is_the_whole_app():
    assert [line.split()[3] for line in LINES if line.startswith("FROM ")][-1] == "full"
