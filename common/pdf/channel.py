"""What goes between the application and a process that makes or reads a PDF: one request in, one report out.

A request is a line of JSON with the sizes of what follows, then the bytes themselves. Plain Python on both sides.
"""

import contextlib
import ctypes
import errno
import json
import signal
import sys
import traceback
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, BinaryIO

from common.pdf.limits import Limits, impose

#: One byte to a process that draws several documents, for each: its request and the file for its PDF come along as
#: descriptors.
NEXT = b"n"
_PR_SET_PDEATHSIG = 1
_TRACE = 4000


@dataclass(frozen=True, slots=True)
class Request:
    """What a process is to do: plain values, and bytes by name."""

    limits: Limits
    values: Mapping[str, Any]
    parts: Mapping[str, bytes]


class Refused(Exception):
    """The work cannot be done, for a reason that the person may know; `why` is a value of `exceptions.Why`."""

    def __init__(self, why: str, what: str = "") -> None:
        super().__init__(why)
        self.why, self.what = why, what


def packed(request: Request) -> bytes:
    """`request` as the bytes that `unpacked` reads."""
    head = {
        "limits": asdict(request.limits),
        "values": dict(request.values),
        "parts": [[name, len(content)] for name, content in request.parts.items()],
    }
    return b"".join([json.dumps(head).encode(), b"\n", *request.parts.values()])


def unpacked(source: BinaryIO) -> Request:
    """Read what `packed` wrote."""
    head = json.loads(source.readline())
    return Request(
        limits=Limits(**head["limits"]),
        values=head["values"],
        parts={name: source.read(size) for name, size in head["parts"]},
    )


def answer(work: Callable[[Request], dict[str, Any]]) -> None:
    """Be the process: read a request, set its limits, do `work`, and report its result or why there is none."""
    die_with_parent()
    request = unpacked(sys.stdin.buffer)
    impose(request.limits)
    sys.stdout.write(report_of(work, request))
    sys.stdout.flush()


def report_of(work: Callable[[Request], dict[str, Any]], request: Request) -> str:
    """Do `work`: its result, or why there is none, as `guard.result_of` reads it."""
    try:
        return json.dumps(_report(work, request))
    except (MemoryError, SystemError):
        # There was no memory even to say what failed; by now all that was being worked on is let go of.
        return '{"why": "memory"}'


def _report(work: Callable[[Request], dict[str, Any]], request: Request) -> dict[str, Any]:
    """What `work` came to, or why it came to nothing."""
    try:
        return {"result": work(request)}
    except Refused as error:
        return {"why": error.why, "what": error.what}
    except MemoryError:
        return {"why": "memory"}
    except RecursionError:
        return {"why": "nesting"}
    except Exception as error:  # noqa: BLE001 (whatever it is must reach the log of the application)
        return {"why": _why(error), "trace": traceback.format_exc()[-_TRACE:]}


def _why(error: BaseException) -> str:
    """The reason behind an error of a library, which may have wrapped what happened."""
    found: BaseException | None = error
    while found is not None:
        # Python raises SystemError where a library in C had no memory to say so.
        if isinstance(found, MemoryError | SystemError):
            return "memory"
        if isinstance(found, OSError) and found.errno == errno.EFBIG:
            return "file size"
        if isinstance(found, OSError) and found.errno in (errno.ENOSPC, errno.EDQUOT):
            return "disk"
        found = found.__cause__ or found.__context__
    return "fault"


def die_with_parent() -> None:
    """End when the process that started this one ends, however it does (Linux)."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
