"""The health checks of containers say what is wrong and exit 1, or exit 0."""

import json
import os
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from smsplan import alive, probe


class Page(BaseHTTPRequestHandler):
    """Answers as `answer` says, and remembers the host it was asked by."""

    answer: tuple[int, str] = (200, "{}")
    host = ""

    def do_GET(self) -> None:
        Page.host = self.headers["Host"]
        self.send_response(Page.answer[0])
        self.end_headers()
        self.wfile.write(Page.answer[1].encode())

    def log_message(self, *_args: object) -> None:
        """Nothing."""


@pytest.fixture
def url() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Page)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/readyz"
    server.shutdown()
    thread.join()
    server.server_close()


def test_ready_asks_by_the_host_that_is_answered(url: str, monkeypatch, capsys) -> None:
    monkeypatch.setenv("BASE_URL", "https://sms.example.org:8443")
    Page.answer = (200, "{}")
    assert probe.main(["ready", url]) == 0
    assert Page.host == "sms.example.org:8443"
    assert capsys.readouterr().err == ""


def test_ready_says_what_is_wrong(url: str, capsys) -> None:
    checks = {"database": {"ok": True, "words": "well"}, "beat": {"ok": False, "words": "has never run"}}
    for answer, words in (
        ((503, json.dumps({"checks": checks})), "beat: has never run"),
        ((500, "<html>"), "answered 500"),
        ((503, "{}"), "answered 503"),
    ):
        Page.answer = answer
        assert probe.main(["ready", url]) == 1
        assert capsys.readouterr().err == f"probe: {words}\n"
    assert probe.main(["ready", "http://127.0.0.1:1/readyz"]) == 1
    assert capsys.readouterr().err.startswith("probe: does not answer: ")


def test_alive_looks_at_the_age_of_the_file(tmp_path: Path, capsys) -> None:
    file = tmp_path / "alive"
    assert probe.main(["alive", str(file), "60"]) == 1
    assert capsys.readouterr().err == f"probe: {file} is not there\n"
    file.touch()
    assert probe.main(["alive", str(file), "60"]) == 0
    os.utime(file, (time.time() - 90, time.time() - 90))
    assert probe.main(["alive", str(file), "60"]) == 1
    assert capsys.readouterr().err == "probe: no sign of life for 90 s\n"


@pytest.mark.parametrize("arguments", [[], ["ready"], ["alive", "x"], ["other", "x"]])
def test_what_it_does_not_know_is_no_health(arguments: list[str]) -> None:
    assert probe.main(arguments) == 1


def test_a_file_is_touched_only_where_one_is_named(tmp_path: Path, settings) -> None:
    settings.ALIVE_FILE = ""
    alive.touch()
    assert list(tmp_path.iterdir()) == []
    settings.ALIVE_FILE = str(tmp_path / "alive")
    alive.touch()
    assert probe.main(["alive", settings.ALIVE_FILE, "60"]) == 0
