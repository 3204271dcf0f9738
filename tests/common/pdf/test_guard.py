"""The process that makes a PDF gets limits, no secrets, and its end is told in words."""

import os
import signal
from pathlib import Path
from typing import Any

import pytest

from common.pdf.channel import Request
from common.pdf.exceptions import PdfFailed, Why
from common.pdf.guard import run_guarded
from common.pdf.limits import Limits

MB = 1024 * 1024
SMALL = Limits(memory_mb=512, file_mb=2, cpu_seconds=1, seconds=60)


def probe(do: str = "", limits: Limits = SMALL, **values: Any) -> dict[str, Any]:
    return run_guarded("tests.common.pdf.probe", Request(limits, {"do": do, **values}, {"a": "ł".encode(), "b": b""}))


def test_limits_are_set_as_asked() -> None:
    limits = Limits(memory_mb=700, file_mb=30, cpu_seconds=40, seconds=50)
    assert probe(limits=limits)["limits"] == {
        "RLIMIT_AS": 700 * MB,
        "RLIMIT_CPU": 40,
        "RLIMIT_FSIZE": 30 * MB,
        "RLIMIT_CORE": 0,
    }


def test_bytes_arrive_as_they_were_sent() -> None:
    assert probe()["parts"] == {"a": "ł", "b": ""}


def test_no_secret_goes_along(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SECRET_KEY", "TRAIL_KEY", "DATABASE_URL", "REDIS_URL", "EMAIL_URL", "DJANGO_SETTINGS_MODULE"):
        monkeypatch.setenv(name, "canary")
    given = probe()["environment"]
    assert "canary" not in given.values()
    assert set(given) <= {
        *("PATH", "LANG", "LC_ALL", "LC_CTYPE", "HOME", "XDG_CACHE_HOME", "FONTCONFIG_FILE", "FONTCONFIG_PATH"),
        *("LD_LIBRARY_PATH", "TMPDIR", "SOURCE_DATE_EPOCH", "PYTHONHASHSEED"),
    }


def test_it_leads_a_group_of_its_own_that_can_be_ended_whole() -> None:
    assert probe()["own_session"] is True


def test_its_folder_goes_with_it() -> None:
    assert not Path(probe()["environment"]["TMPDIR"]).exists()


@pytest.mark.parametrize(
    ("do", "why"),
    [
        ("burn", Why.TIME),
        ("grow", Why.MEMORY),
        ("fail without memory", Why.MEMORY),
        ("leave", Why.FAULT),
        ("fail", Why.FAULT),
    ],
)
def test_an_end_is_told_apart(do: str, why: Why) -> None:
    with pytest.raises(PdfFailed) as raised:
        probe(do)
    assert raised.value.why is why


def test_a_file_that_grows_too_large_is_said_to(tmp_path: Path) -> None:
    with pytest.raises(PdfFailed) as raised:
        probe("write", output=str(tmp_path / "large"))
    assert raised.value.why is Why.FILE_SIZE


@pytest.mark.parametrize(
    ("number", "why"),
    [
        (signal.SIGXCPU, Why.TIME),
        (signal.SIGKILL, Why.MEMORY),
        (signal.SIGABRT, Why.MEMORY),
        (signal.SIGTERM, Why.FAULT),
    ],
)
def test_a_signal_says_why(number: signal.Signals, why: Why) -> None:
    with pytest.raises(PdfFailed) as raised:
        probe("signal", number=int(number))
    assert raised.value.why is why


def test_one_that_only_waits_is_stopped_by_the_clock_and_is_gone() -> None:
    with pytest.raises(PdfFailed) as raised:
        probe("sleep", Limits(memory_mb=512, file_mb=2, cpu_seconds=5, seconds=1))
    assert raised.value.why is Why.TIME
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def test_a_fault_of_ours_is_in_the_log_and_not_in_the_words(caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(PdfFailed) as raised:
        probe("fail")
    assert "ValueError: a fault of ours" in caplog.text
    assert "fault of ours" not in str(raised.value)


@pytest.mark.parametrize("why", Why)
def test_every_reason_has_a_sentence(why: Why) -> None:
    words = str(PdfFailed(why, "https://elsewhere.example/x"))
    assert words.endswith(".")
    assert "%(" not in words
