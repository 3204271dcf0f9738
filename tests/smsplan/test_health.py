"""The health page, and the headers of every answer."""

import pytest
from django.test import Client


def test_it_answers_without_signing_in(client: Client, db) -> None:
    response = client.get("/healthz")
    assert (response.status_code, response.json()["status"]) == (200, "ok")


def test_a_page_carries_the_headers_that_keep_it_in(client: Client, cast, sign_in) -> None:
    response = sign_in(cast.mara).get("/projects/alder/")
    policy = response["Content-Security-Policy"]
    for part in (
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    ):
        assert part in policy
    assert "unsafe" not in policy
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("path", ["/projects/alder/", "/projects/no-such/", "/gallery/", "/catalogues/"])
def test_no_page_holds_inline_script_or_style(path: str, cast, sign_in) -> None:
    body = sign_in(cast.mara).get(path).content.decode().lower()
    assert " style=" not in body
    assert "<style" not in body
    assert " onclick=" not in body
    assert "<script>" not in body
    assert "javascript:" not in body


def test_a_forced_error_shows_no_trace_and_no_secret(cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: object, **_kwargs: object) -> None:
        raise RuntimeError("inner-detail-91")

    monkeypatch.setattr("projects.access.access_to", fail)
    client = Client(raise_request_exception=False)
    client.force_login(cast.mara, backend="accounts.backends.ActiveUserBackend")
    response = client.get("/projects/alder/")
    body = response.content.decode()
    assert response.status_code == 500
    assert "inner-detail-91" not in body
    assert "Traceback" not in body
    assert "test-only-secret_key" not in body
