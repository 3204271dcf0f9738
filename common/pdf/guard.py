"""Running a process that makes or reads a PDF: what it gets, how long it may run, and what its end means."""

import contextlib
import json
import logging
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from common.pdf.channel import Request, packed
from common.pdf.exceptions import PdfFailed, Why

logger = logging.getLogger(__name__)

ROOT = Path(__file__).resolve().parents[2]
_NO_FONTS = Path(__file__).with_name("no-fonts.conf")
# Nothing in a file may come from the day, or from the order in which Python keeps a set.
_SAME_EVERY_TIME = {"SOURCE_DATE_EPOCH": "0", "PYTHONHASHSEED": "0"}
# What the system's fonts are found by, and no more: no key and no address of a database goes along.
_PASSED_ON = (
    "PATH",
    "LANG",
    "LC_ALL",
    "HOME",
    "XDG_CACHE_HOME",
    "FONTCONFIG_FILE",
    "FONTCONFIG_PATH",
    "LD_LIBRARY_PATH",
)
_BY_SIGNAL = {
    signal.SIGXCPU: Why.TIME,
    signal.SIGXFSZ: Why.FILE_SIZE,
    # The system ends what takes the last memory of the machine; the others are how libraries in C end without it.
    signal.SIGKILL: Why.MEMORY,
    signal.SIGABRT: Why.MEMORY,
    signal.SIGTRAP: Why.MEMORY,
    signal.SIGSEGV: Why.MEMORY,
    signal.SIGBUS: Why.MEMORY,
}


def run_guarded(
    module: str, request: Request, *, output: int | None = None, source: int | None = None, own_fonts: bool = False
) -> dict[str, Any]:
    """Let `module` work on `request` in a process of its own and return its result.

    It gets a file descriptor to write to (`output`), one to read from (`source`), a folder for what it needs
    meanwhile, and its limits; with `own_fonts` it sees no font of the system. Raises PdfFailed where it does not come
    to a result; by then the process is gone, and so is its folder.
    """
    with tempfile.TemporaryDirectory(prefix="smsplan-pdf-") as folder:
        process = subprocess.Popen(  # noqa: S603 (our own module, with nothing of a person in the command)
            [sys.executable, "-m", module],
            cwd=ROOT,
            env=environment(folder, own_fonts=own_fonts),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            pass_fds=[each for each in (output, source) if each is not None],
            start_new_session=True,
        )
        try:
            said, _nothing = process.communicate(packed(request), timeout=request.limits.seconds)
        except subprocess.TimeoutExpired:
            logger.warning("%s was stopped after %d seconds", module, request.limits.seconds)
            raise PdfFailed(Why.TIME) from None
        finally:
            end_of(process)
    return result_of(module, process.returncode, said)


def environment(folder: str, *, own_fonts: bool) -> dict[str, str]:
    """What a process that makes or reads a PDF knows of this one: no key, no address; `folder` for what it needs."""
    kept = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    fonts = {"FONTCONFIG_FILE": str(_NO_FONTS)} if own_fonts else {}
    return {"LANG": "C.UTF-8", **kept, **fonts, **_SAME_EVERY_TIME, "TMPDIR": folder}


def end_of(process: subprocess.Popen[bytes]) -> None:
    """Make sure that it is gone, with all that it started."""
    if process.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def result_of(module: str, code: int, said: bytes) -> dict[str, Any]:
    """The result in the report `said` of a process that ended with `code`. Raises PdfFailed where there is none."""
    if code < 0:
        logger.warning("%s was ended by signal %d", module, -code)
        raise PdfFailed(_BY_SIGNAL.get(signal.Signals(-code), Why.FAULT))
    try:
        report: dict[str, Any] = json.loads(said)
    except ValueError:
        logger.error("%s ended with code %d and no report", module, code)
        raise PdfFailed(Why.FAULT) from None
    if "result" in report:
        result: dict[str, Any] = report["result"]
        return result
    if report.get("trace"):
        logger.error("%s failed:\n%s", module, report["trace"])
    raise PdfFailed(Why(report["why"]), str(report.get("what", "")))
