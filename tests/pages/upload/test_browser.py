"""What the upload page needs of the browser."""

import pytest

from pages.upload import browser
from tests.pages.upload.pictures import OpenPage, texts


@pytest.mark.parametrize(
    ("address", "given"),
    [
        pytest.param("http://localhost:8501/upload", True, id="this computer"),
        pytest.param("http://[::1]:8501/upload", True, id="this computer by number"),
        pytest.param("https://192.168.1.5:8501/upload", True, id="encrypted"),
        pytest.param("http://192.168.1.5:8501/upload", False, id="plain"),
        pytest.param("http://localhost.example/upload", False, id="a name that begins like this computer's"),
        pytest.param(None, True, id="no browser"),
    ],
)
def test_browsers_give_their_camera_over_https_and_at_this_computer(address: str | None, given: bool) -> None:
    assert browser.gets_camera(address) is given


def test_page_over_plain_http_says_why_it_has_no_camera(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(browser, "gets_camera", lambda address: False)
    app = open_page("upload").run()
    assert not app.toggle
    assert "only to pages that come over https" in texts(app)
    assert "make run HTTPS=1" in texts(app)
