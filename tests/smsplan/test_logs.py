"""One line an event, without secrets, and no text of a person begins a line of its own."""

import json
import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest
import structlog
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from projects.calendar_addresses import token_of
from projects.models import CalendarFeed
from smsplan import logs
from smsplan.environment import ConfigurationError
from tests.smsplan.log_lines import logged

logger = logging.getLogger("smsplan.tests")


def test_a_line_is_a_json_object_with_time_level_and_logger() -> None:
    with logged() as lines:
        logger.info("said %s", "hello")
        structlog.get_logger("smsplan.other").warning("counted", count=3)
    first, second = lines.read()
    assert (first["event"], first["level"], first["logger"]) == ("said hello", "info", "smsplan.tests")
    assert first["timestamp"].endswith("Z")
    assert (second["event"], second["level"], second["count"]) == ("counted", "warning", 3)


def test_what_is_bound_stands_on_lines_of_all_loggers() -> None:
    with logged() as lines, structlog.contextvars.bound_contextvars(job_id="j-1", job_kind="export"):
        logger.info("a")
        logging.getLogger("some.package").warning("b")
    assert [(line["job_id"], line["job_kind"]) for line in lines.read()] == [("j-1", "export")] * 2


SECRETS = {
    "/calendar/pLxiRiQ2QwevRp_aL9FjJML4.ics": "/calendar/***.ics",
    "GET /invitations/abc-DEF_123/ now": "GET /invitations/***/ now",
    "https://sms.example/accounts/password/reset/key/1-set-password/": (
        "https://sms.example/accounts/password/reset/key/***/"
    ),
    "/mail/stop/eyJ1IjoxfQ:1abc:xyz/": "/mail/stop/***/",
    "at /x/?key=abc&b=1": "at /x/?key=***&b=1",
    "token: 'abc' and more": "token: '***' and more",
    '{"password": "abc"}': '{"password": "***"}',
    "postgres://smsplan:hunter2@db:5432/smsplan": "postgres://***@db:5432/smsplan",
    "redis://:hunter2@redis:6379/0": "redis://***@redis:6379/0",
    "Key (email)=(petra.pohl+x@alder.example) exists": "Key (email)=(***) exists",
    "nothing to hide in /projects/alder/activities/CH.i/": "nothing to hide in /projects/alder/activities/CH.i/",
    "job 0192c1c0-0000-7000-8000-000000000001 failed": "job 0192c1c0-0000-7000-8000-000000000001 failed",
}


@pytest.mark.parametrize("form", logs.FORMATS)
@pytest.mark.parametrize("said", SECRETS)
def test_keys_passwords_and_mail_addresses_are_taken_out(said: str, form: str) -> None:
    assert logs.without_secrets(said) == SECRETS[said]
    with logged(form) as lines:
        logger.info("%s", said)
        structlog.get_logger("x").info("named", address=said)
        try:
            raise ValueError(said)
        except ValueError:
            logger.exception("failed")
    shown = SECRETS[said].replace('"', '\\"') if form == "json" else SECRETS[said]
    assert lines.text.count(shown) >= 2
    for secret in ("pLxi", "abc", "1-set", "eyJ1", "hunter2", "petra"):
        if secret in said and secret not in SECRETS[said]:
            assert secret not in lines.text


def test_a_field_that_is_called_a_secret_is_not_written() -> None:
    with logged() as lines:
        structlog.get_logger("x").info("made", token="abc", password="def", Cookie="ghi", found={"token": "abc"})
    assert not {"abc", "def", "ghi"} & set(lines.text.replace('"', " ").replace("'", " ").split())


@given(st.text(alphabet=st.one_of(st.characters(exclude_categories=["Cs"]), st.sampled_from("\r\n\x0b\x85\u2028\x1b"))))
def test_no_text_begins_a_line_of_its_own(text: str) -> None:
    for form in logs.FORMATS:
        with logged(form) as lines:
            logger.info("note: %s", text)
            structlog.get_logger("x").info("note", text=text)
        written = lines.text
        assert written.count("\n") == 2
        assert not set(written) & set("\r\x0b\x0c\x1b\x85\u2028\u2029")


def test_a_trace_on_a_console_keeps_its_lines_behind_a_bar() -> None:
    with logged("console") as lines:
        try:
            raise ValueError("first\n2026-01-01 ERROR forged")
        except ValueError:
            logger.exception("it broke")
    first, *rest = lines.text.splitlines()
    assert "it broke" in first
    assert rest
    assert all(line.startswith("  | ") for line in rest)
    with logged("json") as lines:
        try:
            raise ValueError("first\nforged")
        except ValueError:
            logger.exception("it broke")
    (line,) = lines.read()
    assert line["exception"].endswith("ValueError: first\nforged")


def test_format_and_level_are_chosen_by_the_environment(monkeypatch) -> None:
    for name in ("LOG_FORMAT", "LOG_LEVEL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SMSPLAN_ENV", "production")
    assert logs.chosen() == ("json", "INFO")
    monkeypatch.setenv("SMSPLAN_ENV", "demo")
    assert logs.chosen() == ("console", "WARNING")
    monkeypatch.setenv("LOG_FORMAT", "JSON")
    monkeypatch.setenv("LOG_LEVEL", "debug")
    assert logs.chosen() == ("json", "DEBUG")
    monkeypatch.setenv("LOG_LEVEL", "loud")
    with pytest.raises(ConfigurationError, match="LOG_LEVEL is 'LOUD'; it must be one of DEBUG, INFO"):
        logs.chosen()
    monkeypatch.setenv("LOG_FORMAT", "xml")
    with pytest.raises(ConfigurationError, match="LOG_FORMAT is 'xml'; it must be one of json, console"):
        logs.chosen()


def test_a_command_with_a_format_that_is_none_ends_with_a_line_that_says_so(tmp_path: Path) -> None:
    result = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=settings.BASE_DIR,
        env={**os.environ, "LOG_FORMAT": "xml", "DATA_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode != 0
    assert result.stderr == "smsplan: LOG_FORMAT is 'xml'; it must be one of json, console\n"


def test_the_secret_of_a_calendar_address_has_the_form_that_is_hidden(cast) -> None:
    feed = CalendarFeed(project=cast.project, user=cast.petra)
    token = token_of(feed.uuid)
    assert token not in logs.without_secrets(f'"GET /calendar/{token}.ics HTTP/1.1"')


def test_gunicorn_writes_the_same_lines() -> None:
    code = (
        "from gunicorn.config import Config\n"
        "from smsplan.gunicorn_logger import GunicornLogger\n"
        "logger = GunicornLogger(Config())\n"
        "logger.warning('worker %s gone\\nx', 7)\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", code],
        cwd=settings.BASE_DIR,
        env={**os.environ, "LOG_FORMAT": "json", "LOG_LEVEL": "INFO"},
        capture_output=True,
        text=True,
        check=True,
    )
    line = json.loads(result.stderr)
    assert (line["event"], line["level"], line["logger"]) == ("worker 7 gone\nx", "warning", "gunicorn.error")
