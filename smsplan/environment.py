"""Where settings come from: the environment first, then `DATA_DIR/settings.env`.

Nothing here imports Django, so that a wrong setting ends a command with one line and not with a trace.
"""

import os
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from pathlib import Path
from urllib.parse import urlsplit

BASE_DIR = Path(__file__).resolve().parent.parent
MODES = ("production", "demo", "development", "test")
_LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


class ConfigurationError(Exception):
    """A setting is missing or wrong; the message names it and says what to do."""


def data_dir() -> Path:
    """The folder that holds the database, files and `settings.env` (`DATA_DIR`, default `var/`)."""
    chosen = os.environ.get("DATA_DIR", "").strip()
    return (Path(chosen) if chosen else BASE_DIR / "var").expanduser().resolve()


def read_settings_file(path: Path) -> dict[str, str]:
    """Return the `NAME=value` lines of `path`; blank lines and `#` lines are skipped.

    Raises ConfigurationError where a line is neither.
    """
    found: dict[str, str] = {}
    if not path.is_file():
        return found
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        name, separator, value = text.partition("=")
        if not separator or not name.strip().isidentifier():
            raise ConfigurationError(f"line {number} of {path.name} is not NAME=value: {text[:60]}")
        found[name.strip()] = value.strip()
    return found


def write_settings_file(path: Path, values: dict[str, str]) -> None:
    """Write `values` to `path`, readable by its owner alone (mode 600): whole, or not at all.

    Raises ConfigurationError for a value of more than one line.
    """
    for name, value in values.items():
        if len(value.splitlines()) > 1:
            raise ConfigurationError(f"{name} has more than one line; a setting has one")
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".tmp")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as handle:
        handle.writelines(f"{name}={value}\n" for name, value in values.items())
        handle.flush()
        # A key that is lost in a power cut cannot be made again.
        os.fsync(handle.fileno())
    temporary.replace(path)


@dataclass(frozen=True, slots=True)
class Address:
    """The address people use, without a slash at its end; `host` without the port, as ALLOWED_HOSTS names it."""

    url: str
    host: str

    @property
    def is_plain(self) -> bool:
        """Whether it is http://, so that nothing protects what travels."""
        return self.url.startswith("http://")

    @property
    def is_this_machine(self) -> bool:
        """Whether only this machine itself can reach it."""
        return self.host in _LOOPBACK


def address_of(url: str) -> Address:
    """Read a base address. Raises ConfigurationError for anything but scheme, host and port."""
    text = url.strip()
    example = "Give the address people use, such as https://sms.example.org"
    try:
        parts = urlsplit(text)
        port, host = parts.port, parts.hostname or ""
    except ValueError as error:
        raise ConfigurationError(f"BASE_URL {text!r} is no address: {error}. {example}") from error
    if parts.scheme not in ("http", "https"):
        raise ConfigurationError(f"BASE_URL {text!r} does not begin with https:// or http://. {example}")
    if not host or any(character.isspace() or character in "\\,'\"" for character in host):
        raise ConfigurationError(f"BASE_URL {text!r} names no host. {example}")
    if parts.username is not None or parts.path not in ("", "/") or "?" in text or "#" in text:
        raise ConfigurationError(f"BASE_URL {text!r} has more than scheme, host and port. {example}")
    host = f"[{host}]" if ":" in host else host
    return Address(f"{parts.scheme}://{host}" + (f":{port}" if port is not None else ""), host)


def checked_base_url(url: str, *, insecure_http: bool) -> Address:
    """The address of a production installation: https://, or http:// on this machine or where the operator insists.

    Raises ConfigurationError where it is neither.
    """
    address = address_of(url)
    if address.is_plain and not address.is_this_machine and not insecure_http:
        raise ConfigurationError(
            f"BASE_URL {address.url} is http://: passwords would travel in clear. Use https:// (a proxy can hold the "
            "certificate), or accept it with --insecure-http, which is INSECURE_HTTP=on among the settings"
        )
    return address


def prepare_demo() -> None:
    """Give a new data folder the settings of a demo; refuse one that something else made."""
    path = data_dir() / "settings.env"
    existing = read_settings_file(path)
    if existing.get("SMSPLAN_ENV", "demo") != "demo":
        raise ConfigurationError(
            f"{path} belongs to a {existing['SMSPLAN_ENV']} installation; the demo needs a DATA_DIR of its own"
        )
    if not existing and (data_dir() / "smsplan.sqlite3").exists():
        raise ConfigurationError(f"{data_dir()} holds a database the demo did not make; choose another DATA_DIR")
    if not existing:
        write_settings_file(
            path,
            {
                "SMSPLAN_ENV": "demo",
                "SECRET_KEY": secrets.token_urlsafe(48),
                "TRAIL_KEY": secrets.token_urlsafe(48),
            },
        )


def _port(argv: Sequence[str]) -> str:
    for index, argument in enumerate(argv):
        if argument.startswith("--port="):
            return argument.partition("=")[2]
        if argument == "--port" and index + 1 < len(argv):
            return argv[index + 1]
    return "8000"


def prepare(argv: Sequence[str]) -> None:
    """Load `settings.env` into the environment; what the environment already says stands.

    Raises ConfigurationError where a file cannot be read as settings, or the demo may not use the folder.
    """
    if len(argv) > 1 and argv[1] == "demo":
        for index, argument in enumerate(argv):
            if argument.startswith("--data-dir="):
                os.environ["DATA_DIR"] = argument.partition("=")[2]
            elif argument == "--data-dir" and index + 1 < len(argv):
                os.environ["DATA_DIR"] = argv[index + 1]
        prepare_demo()
        os.environ.setdefault("BASE_URL", f"http://127.0.0.1:{_port(argv)}")
    # What is written here is for this account alone: database, files, mails with links in them.
    os.umask(0o077)
    for name, value in read_settings_file(data_dir() / "settings.env").items():
        os.environ.setdefault(name, value)


def time_of_night(value: str) -> time | None:
    """The time that NIGHTLY_AT says, `HH:MM` in UTC; None for `off`. Raises ConfigurationError for anything else."""
    text = value.strip().lower()
    if text == "off":
        return None
    try:
        return datetime.strptime(text, "%H:%M").time()  # noqa: DTZ007 (a time of day, in UTC by definition)
    except ValueError as error:
        raise ConfigurationError(f"NIGHTLY_AT is {value!r}; it must be a time such as 01:30, in UTC, or off") from error


def whole(name: str, default: int, *, least: int = 0) -> int:
    """The whole number that `name` says, `default` where it says nothing. Raises ConfigurationError for others."""
    text = os.environ.get(name, "").strip()
    if not text:
        return default
    if not re.fullmatch(r"[0-9]{1,9}", text) or int(text) < least:
        raise ConfigurationError(f"{name} is {text[:40]!r}; it must be a whole number, {least} or more")
    return int(text)


def is_on(value: str) -> bool:
    """Whether a setting that is on or off says on."""
    return value.strip().lower() in ("on", "true", "1", "yes")


def secret(name: str) -> str:
    """Return the value of `name`, or the content of the file that `name_FILE` names; "" where neither is set."""
    value = os.environ.get(name, "").strip()
    if value:
        return value
    file_name = os.environ.get(f"{name}_FILE", "").strip()
    if not file_name:
        return ""
    try:
        return Path(file_name).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise ConfigurationError(f"{name}_FILE names {file_name}, which cannot be read: {error.strerror}") from error


def required_secret(name: str, mode: str) -> str:
    """Return secret `name`; outside tests a missing one is an error that says what to set."""
    value = secret(name)
    if value:
        return value
    if mode == "test":
        return f"test-only-{name.lower()}-which-is-long-enough-for-every-check-of-django"
    raise ConfigurationError(
        f"{name} is not set. Set {name} or {name}_FILE in the environment or in {data_dir() / 'settings.env'} "
        f"(SMSPLAN_ENV is {mode})."
    )
