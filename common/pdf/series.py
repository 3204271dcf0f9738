"""Several PDFs one after another, for which WeasyPrint is loaded once."""

import json
import socket
import subprocess
import sys
import tempfile
import time
from types import TracebackType
from typing import Any, Self

from common.pdf.channel import NEXT, Request, packed
from common.pdf.exceptions import PdfFailed, Why
from common.pdf.guard import ROOT, end_of, environment, logger, result_of

_MODULE = "common.pdf.draw_series"
_PIECE = 65536


class Series:
    """A process that lets a child of its own draw each document, with the limits and the end that a process of its own
    has (`guard.run_guarded`). Give it to `render_pdf`; with `own_fonts` it draws what is to see no font of the system.

    Used as a context manager; the process begins with the first document, and is gone afterwards.
    """

    def __init__(self, *, own_fonts: bool = False) -> None:
        self.own_fonts = own_fonts
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._line: socket.socket | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._stop()

    def draw(self, request: Request, output: int) -> dict[str, Any]:
        """Let `request` be drawn to the file descriptor `output`, and return the result. Raises PdfFailed as
        `run_guarded`; the documents after it are drawn all the same."""
        line = self._line or self._start()
        with tempfile.TemporaryFile() as asked:
            asked.write(packed(request))
            asked.seek(0)
            try:
                line.settimeout(request.limits.seconds)
                socket.send_fds(line, [NEXT], [asked.fileno(), output])
                said = _line_from(line, request.limits.seconds)
            except TimeoutError:
                logger.warning("%s was stopped after %d seconds", _MODULE, request.limits.seconds)
                self._stop()
                raise PdfFailed(Why.TIME) from None
            except OSError:
                said = b""
        try:
            report = json.loads(said)
        except ValueError:
            # The process itself ended: there was no memory left to fork in, or something killed it.
            self._stop()
            logger.exception("%s ended and said nothing", _MODULE)
            raise PdfFailed(Why.MEMORY) from None
        return result_of(_MODULE, report["code"], report["said"].encode())

    def _start(self) -> socket.socket:
        self._folder = tempfile.TemporaryDirectory(prefix="smsplan-pdf-")
        self._line, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 (our own module, with nothing of a person in the command)
                [sys.executable, "-m", _MODULE],
                cwd=ROOT,
                env=environment(self._folder.name, own_fonts=self.own_fonts),
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        return self._line

    def _stop(self) -> None:
        """End the process with all that it started; the next document begins another."""
        if self._line is not None:
            self._line.close()
        if self._process is not None:
            end_of(self._process)
        if self._folder is not None:
            self._folder.cleanup()
        self._line = self._process = self._folder = None


def _line_from(line: socket.socket, seconds: int) -> bytes:
    """One line of what the process says; less where it ended before. Raises TimeoutError after `seconds`."""
    until, said = time.monotonic() + seconds, b""
    while not said.endswith(b"\n"):
        line.settimeout(max(until - time.monotonic(), 0.001))
        piece = line.recv(_PIECE)
        if not piece:
            break
        said += piece
    return said
