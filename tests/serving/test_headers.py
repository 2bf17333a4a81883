"""What every answer says to the browser."""

from starlette.responses import PlainTextResponse

from mnist_core.serving.headers import AddHeaders, content_security_policy, inline_script_hashes
from tests.serving.asgi import ask, http_scope


def test_an_answer_carries_the_headers_whatever_its_status():
    answer = ask(AddHeaders(PlainTextResponse("no", 404), ()), http_scope())
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]


def test_the_policy_names_no_other_server():
    policy = content_security_policy((), "localhost:8501")
    assert "https:" not in policy
    assert "http:" not in policy
    assert "unsafe-eval'" not in policy.replace("'wasm-unsafe-eval'", "")
    assert "'unsafe-inline'" not in policy.split("script-src")[1].split(";")[0]


def test_what_is_no_host_does_not_get_into_the_policy():
    scope = http_scope(headers=[("host", "x; script-src *")])
    answer = ask(AddHeaders(PlainTextResponse(""), ()), scope)
    assert "script-src *" not in answer.headers["content-security-policy"]


def test_a_script_in_the_page_is_allowed_by_its_hash():
    # From the specification of CSP: the hash of alert('Hello, world.');
    page = "<script>alert('Hello, world.');</script><script src='other.js'></script>"
    assert inline_script_hashes(page) == ("sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng=",)
