"""The certificate that `make run HTTPS=1` makes: a server can work with it, and it names this machine."""

import shutil
import ssl
import subprocess
from pathlib import Path

import pytest

from mnist_core.config import PROJECT_FOLDER

pytestmark = pytest.mark.skipif(not shutil.which("openssl"), reason="needs openssl")


def make(folder: Path, *names: str) -> None:
    subprocess.run([str(PROJECT_FOLDER / "scripts" / "certificate"), str(folder), *names], check=True)


def test_a_server_can_work_with_it(tmp_path: Path) -> None:
    make(tmp_path / "https")
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(tmp_path / "https" / "certificate.pem", tmp_path / "https" / "key.pem")
    assert (tmp_path / "https" / "key.pem").stat().st_mode & 0o077 == 0


def test_it_names_where_the_server_is_and_is_made_anew_only_for_other_names(tmp_path: Path) -> None:
    make(tmp_path, "192.0.2.7")
    first = (tmp_path / "certificate.pem").read_bytes()
    text = subprocess.run(
        ["openssl", "x509", "-noout", "-text", "-in", str(tmp_path / "certificate.pem")],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    for name in ("DNS:localhost", "IP Address:127.0.0.1", "IP Address:192.0.2.7"):
        assert name in text
    make(tmp_path, "192.0.2.7")
    assert (tmp_path / "certificate.pem").read_bytes() == first
    make(tmp_path, "school.example")
    assert (tmp_path / "certificate.pem").read_bytes() != first
