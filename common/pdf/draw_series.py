"""The process that makes PDFs one after another: `python -m common.pdf.draw_series`, started by `series.Series`.

It loads WeasyPrint once. Each document is drawn by a child of its own, which begins as all others did, sets its limits,
and takes what it held with it: this process sees no document, so that nothing of one can meet the next.
"""

import contextlib
import json
import os
import shutil
import socket
import sys
import tempfile
from dataclasses import replace

from common.pdf.channel import NEXT, Request, die_with_parent, report_of, unpacked
from common.pdf.draw import draw
from common.pdf.limits import impose


def serve(line: socket.socket) -> None:
    """Let a child draw what comes along `line` and say what became of it, until the other end is closed."""
    die_with_parent()
    # What all documents need. A library that is not there is found by the first of them, and told then.
    with contextlib.suppress(OSError):
        import weasyprint.text.fonts  # noqa: F401, PLC0415 (only here, where there are several to draw)

        import common.pdf.fetcher  # noqa: F401, PLC0415 (as above)
    while True:
        word, descriptors, _flags, _address = socket.recv_fds(line, len(NEXT), 2)
        if word != NEXT:
            return
        line.sendall(json.dumps(_drawn(line, *descriptors)).encode() + b"\n")


def _drawn(line: socket.socket, asked: int, output: int) -> dict[str, object]:
    """How the child ended that drew the request in `asked` to `output`, and its report."""
    source, target = os.pipe()
    folder = tempfile.mkdtemp()
    child = os.fork()
    if not child:
        try:
            line.close()
            os.close(source)
            _be_child(asked, output, target, folder)
        finally:
            # Nothing that this process had to tidy up is the child's to tidy up.
            os._exit(1)
    for descriptor in (asked, output, target):
        os.close(descriptor)
    with os.fdopen(source, "rb") as report:
        said = report.read()
    _pid, status = os.waitpid(child, 0)
    shutil.rmtree(folder, ignore_errors=True)
    return {"code": os.waitstatus_to_exitcode(status), "said": said.decode()}


def _be_child(asked: int, output: int, target: int, folder: str) -> None:
    die_with_parent()
    tempfile.tempdir = folder
    with os.fdopen(asked, "rb") as source:
        request: Request = unpacked(source)
    impose(request.limits)
    said = report_of(draw, replace(request, values={**request.values, "output": output}))
    with os.fdopen(target, "wb") as report:
        report.write(said.encode())
    os._exit(0)


if __name__ == "__main__":
    # The line is not for what this process starts.
    serve(socket.socket(fileno=os.dup(sys.stdin.fileno())))
