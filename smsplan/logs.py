"""Logs: one line an event, each with its request or job; JSON in production, words elsewhere.

Every logger of the process ends here, ours and those of packages. What must not be in a log is taken out in one place
(`hide_secrets`), and no text that a person wrote can begin a line of its own. Nothing here needs Django: gunicorn's
first process has none (`smsplan.gunicorn_logger`).
"""

import logging
import os
import re
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from contextvars import ContextVar
from textwrap import indent
from typing import Any

import structlog

from smsplan.environment import ConfigurationError

FORMATS = ("json", "console")
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
_HIDDEN = "***"

# Addresses that are keys themselves: whoever has them needs no password.
_SECRET_PATHS = re.compile(
    r"(/(?:calendar|invitations|mail/stop|accounts/password/reset/key)/)(?:[^/\s\"'?#<>]+?)(?=\.ics|[/\s\"'?#<>]|$)"
)
_SECRET_FIELDS = re.compile(
    r"(?i)\b(key|token|secret|password|passwd|sessionid|csrftoken|csrfmiddlewaretoken)(=|%3D|['\"]?:\s*['\"]?)[^\s&;,'\"]+"
)
_SECRET_NAMES = frozenset({"key", "token", "secret", "password", "authorization", "cookie"})
_CREDENTIALS = re.compile(r"(?<=://)[^/\s@]*:[^/\s@]*(?=@)")
_MAIL = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")
# Line ends of all kinds, what moves the cursor, and what turns the direction of the text.
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]")

_acting: ContextVar[Any] = ContextVar("smsplan_request", default=None)

Event = MutableMapping[str, Any]


@contextmanager
def naming(request: Any) -> Iterator[None]:
    """Lines inside the block say who made `request`, once that is known; nobody is looked up for it."""
    token = _acting.set(request)
    try:
        yield
    finally:
        _acting.reset(token)


def without_secrets(text: str) -> str:
    """`text` without keys in addresses, passwords and mail addresses."""
    text = _SECRET_PATHS.sub(rf"\1{_HIDDEN}", text)
    text = _CREDENTIALS.sub(_HIDDEN, text)
    text = _SECRET_FIELDS.sub(rf"\1\2{_HIDDEN}", text)
    return _MAIL.sub(_HIDDEN, text)


def add_person(_logger: Any, _method: str, event: Event) -> Event:
    """The id of who made the request, where the request has been asked for it already."""
    person = getattr(_acting.get(), "_cached_user", None)
    if person is not None and person.pk is not None:
        event.setdefault("user_id", person.pk)
    return event


def hide_secrets(_logger: Any, _method: str, event: Event) -> Event:
    """Take out what opens something or names somebody, whatever part of the line it stands in."""
    for name, value in event.items():
        if name.lower() in _SECRET_NAMES:
            event[name] = _HIDDEN
        elif isinstance(value, str):
            event[name] = without_secrets(value)
        elif value is not None and not isinstance(value, (bool, int, float)) and not name.startswith("_"):
            event[name] = without_secrets(str(value))
    return event


def one_line(_logger: Any, _method: str, event: Event) -> Event:
    """Show line ends and control characters as what they are; a trace keeps its lines, each behind a bar."""
    for name, value in event.items():
        if not isinstance(value, str):
            continue
        if name == "exception":
            lines = "\n".join(_shown(line) for line in value.split("\n"))
            event[name] = indent(lines, "  | ", lambda _line: True)
        else:
            event[name] = _shown(value)
    return event


def _shown(text: str) -> str:
    return _CONTROLS.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), text)


def _shared() -> list[Any]:
    return [
        structlog.contextvars.merge_contextvars,
        add_person,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]


def formatter(form: str) -> logging.Formatter:
    """The formatter of every handler; `form` is one of FORMATS."""
    closing: list[Any] = [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
        hide_secrets,
    ]
    if form == "json":
        closing.append(structlog.processors.JSONRenderer(sort_keys=True))
    else:
        closing += [one_line, structlog.dev.ConsoleRenderer(colors=False, pad_event_to=0, pad_level=False)]
    return structlog.stdlib.ProcessorFormatter(foreign_pre_chain=_shared(), processors=closing)


def logging_settings(form: str, level: str) -> dict[str, Any]:
    """What Django and gunicorn hand to `logging.config`, after letting structlog's own loggers go the same way."""
    structlog.configure(
        processors=[*_shared(), structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": formatter, "form": form}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            # It tells of every refused page and broken request once more, with the whole address.
            "django.request": {"level": "CRITICAL"},
            "django.server": {"handlers": [], "propagate": True},
            # It lists each table of each font of a PDF.
            "fontTools": {"level": "WARNING"},
        },
    }


def chosen() -> tuple[str, str]:
    """`LOG_FORMAT` and `LOG_LEVEL`: json and INFO in production, console and WARNING elsewhere.

    Raises ConfigurationError where one is none that we know.
    """
    production = os.environ.get("SMSPLAN_ENV", "production").strip() == "production"
    form = os.environ.get("LOG_FORMAT", "").strip().lower() or ("json" if production else "console")
    level = os.environ.get("LOG_LEVEL", "").strip().upper() or ("INFO" if production else "WARNING")
    if form not in FORMATS:
        raise ConfigurationError(f"LOG_FORMAT is {form!r}; it must be one of {', '.join(FORMATS)}")
    if level not in LEVELS:
        raise ConfigurationError(f"LOG_LEVEL is {level!r}; it must be one of {', '.join(LEVELS)}")
    return form, level
