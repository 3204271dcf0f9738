"""Handing a mail to a server that takes it, refuses it, or goes away in the middle: over a real connection."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.core.mail import EmailMultiAlternatives

from common.mail import MailRefused, MailUncertain, deliver, one_line


class _Server(socketserver.ThreadingTCPServer):
    """As much of SMTP as a sender needs. `answers` replaces the answer to a word; None hangs up instead."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, answers: dict[str, str | None]) -> None:
        self.answers = answers
        self.taken: list[str] = []
        super().__init__(("127.0.0.1", 0), _Handler)


class _Handler(socketserver.StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        if not self._answer("HELLO", "220 here"):
            return
        while line := self.rfile.readline().decode().strip():
            word = line.split()[0].upper()
            usual = {"DATA": "354 go on", "QUIT": "221 bye"}.get(word, "250 yes")
            if not self._answer(word, usual):
                return
            if word == "DATA":
                text = b""
                while not text.endswith(b"\r\n.\r\n"):
                    text += self.rfile.readline()
                if self.server.answers.get("TEXT", "") == "":
                    self.server.taken.append(text.decode())
                if not self._answer("TEXT", "250 taken"):
                    return

    def _answer(self, word: str, usual: str) -> bool:
        said = self.server.answers.get(word, usual)
        if said is None:
            return False
        self.wfile.write(f"{said}\r\n".encode())
        return True


@pytest.fixture
def serve(settings):
    @contextmanager
    def serving(**answers: str | None) -> Iterator[_Server]:
        with _Server(answers) as server:
            settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
            settings.EMAIL_HOST, settings.EMAIL_PORT = server.server_address[:2]
            settings.EMAIL_TIMEOUT = 5
            threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
            yield server
            server.shutdown()

    return serving


def message() -> EmailMultiAlternatives:
    return EmailMultiAlternatives("Hello", "Text", "from@alder.example", ["to@alder.example"])


def test_a_server_that_takes_it_has_it_once(serve) -> None:
    with serve() as server:
        deliver(message())
    assert len(server.taken) == 1
    assert "Subject: Hello" in server.taken[0]


@pytest.mark.parametrize(
    ("word", "answer"),
    [
        ("HELLO", "421 too busy"),
        ("HELLO", None),
        ("MAIL", "451 not now"),
        ("RCPT", "550 nobody here"),
        ("DATA", "552 full"),
        ("TEXT", "554 looks like spam"),
    ],
)
def test_what_the_server_says_no_to_can_be_sent_again(serve, word: str, answer: str | None) -> None:
    with serve(**{word: answer}) as server, pytest.raises(MailRefused):
        deliver(message())
    assert server.taken == []


def test_a_server_that_hangs_up_after_the_text_leaves_it_uncertain(serve) -> None:
    with serve(TEXT=None), pytest.raises(MailUncertain):
        deliver(message())


def test_a_server_that_hangs_up_once_it_has_taken_it_does_no_harm(serve) -> None:
    with serve(QUIT=None) as server:
        deliver(message())
    assert len(server.taken) == 1


def test_no_server_at_all_is_a_refusal(settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", 1, 2
    with pytest.raises(MailRefused, match="Connection refused"):
        deliver(message())


def test_a_subject_becomes_one_line() -> None:
    assert one_line("A\r\nBcc: x@evil.example\x00\u2028 B\t") == "A Bcc: x@evil.example B"
    assert len(one_line("x" * 500)) == 200
