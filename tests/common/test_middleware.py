"""What holds for the answers of all pages."""

from django.http import FileResponse, HttpRequest, HttpResponse

from common.middleware import HeadMiddleware


def answer(method: str, response: HttpResponse) -> HttpResponse:
    """`response` to a request of `method`, as it leaves."""
    request = HttpRequest()
    request.method = method
    return HeadMiddleware(lambda _request: response)(request)


def test_head_has_the_headers_and_no_body() -> None:
    response = answer("HEAD", HttpResponse("whole", headers={"Content-Length": "5", "ETag": '"x"'}))
    assert response.content == b""
    assert (response["Content-Length"], response["ETag"]) == ("5", '"x"')


def test_others_keep_theirs() -> None:
    assert answer("GET", HttpResponse("whole")).content == b"whole"


def test_a_file_is_left_to_the_server(tmp_path) -> None:
    (tmp_path / "file").write_bytes(b"whole")
    response = answer("HEAD", FileResponse((tmp_path / "file").open("rb")))
    assert response["Content-Length"] == "5"
    assert b"".join(response.streaming_content) == b"whole"
