"""What `manage.py init` does before Django is there: write the settings of a production installation, once.

Nothing here imports Django (see `smsplan.environment`). The second half, database and administrator, is the command.
"""

import argparse
import os
import secrets
import sys
from collections.abc import Sequence
from pathlib import Path

from smsplan.environment import (
    ConfigurationError,
    checked_base_url,
    data_dir,
    is_on,
    read_settings_file,
    write_settings_file,
)

# Settings that an option gives, and the option.
_OPTIONAL = {
    "ALLOWED_HOSTS": "allowed_hosts",
    "DATABASE_URL": "database_url",
    "REDIS_URL": "redis_url",
    "EMAIL_URL": "email_url",
}
_KEYS = ("SECRET_KEY", "TRAIL_KEY")


def add_init_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `manage.py init`, for the reading here and for Django's command alike."""
    parser.add_argument("--base-url", help="The address people will use, such as https://sms.example.org")
    parser.add_argument("--data-dir", help="The folder of the installation (default: DATA_DIR, else var/).")
    parser.add_argument("--insecure-http", action="store_true", help="Accept http:// on a host other than this one.")
    parser.add_argument("--allowed-hosts", help="Host names that are answered (default: the host of --base-url).")
    parser.add_argument("--database-url", help="postgres://user:password@host/name; SQLite in the folder without it.")
    parser.add_argument("--redis-url", help="redis://host:6379/0; without it worker and beat run beside the server.")
    parser.add_argument("--email-url", help="smtp+tls://user:password@host:587; files in the folder without it.")
    parser.add_argument("--email", help="Mail address of the first administrator (default: admin@ the host).")
    parser.add_argument("--name", default="Administrator", help="Name of the first administrator.")
    parser.add_argument(
        "--password-file",
        help="File with the first password. Else SMSPLAN_ADMIN_PASSWORD, else it is asked for on a terminal, "
        "else one is made and shown once.",
    )


def prepare_init(argv: Sequence[str]) -> None:
    """Where `argv` is `manage.py init ...`, see to it that `settings.env` stands before Django reads it.

    What stands already is never changed, keys least of all. Raises ConfigurationError, with one line that says what
    to do, for a wrong address, the folder of another kind of installation, or an option that contradicts what stands.
    """
    if len(argv) < 2 or argv[1] != "init":
        return
    parser = argparse.ArgumentParser(prog="manage.py init", description="Set up a production installation.")
    add_init_arguments(parser)
    options, _djangos = parser.parse_known_args(argv[2:])
    if options.data_dir:
        os.environ["DATA_DIR"] = options.data_dir
    os.umask(0o077)
    path = data_dir() / "settings.env"
    existing = read_settings_file(path)
    _refuse_other_kinds(path, existing)
    wanted = _wanted(options, existing)
    if existing:
        _refuse_contradictions(path, existing, wanted)
    added = {name: value for name, value in wanted.items() if name not in existing}
    keys = [name for name in _KEYS if name not in existing and not _from_environment(name)]
    if keys and "TRAIL_KEY" in keys and (data_dir() / "smsplan.sqlite3").exists():
        raise ConfigurationError(
            f"{data_dir()} holds a database already, but not the keys it was written with. Put its TRAIL_KEY and "
            f"SECRET_KEY into {path}, or choose another DATA_DIR"
        )
    added |= {name: secrets.token_urlsafe(48) for name in keys}
    if not added:
        _say(f"{path} is there already; no setting and no key was changed")
        return
    try:
        write_settings_file(path, existing | added)
    except OSError as error:
        raise ConfigurationError(f"{path} cannot be written: {error.strerror}") from error
    _say(f"wrote {', '.join(added)} to {path}")


def _refuse_other_kinds(path: Path, existing: dict[str, str]) -> None:
    kind = os.environ.get("SMSPLAN_ENV", "").strip() or "production"
    if kind != "production":
        raise ConfigurationError(f"SMSPLAN_ENV is {kind} in the environment; init sets up production. Unset it")
    if existing.get("SMSPLAN_ENV", "production") != "production":
        raise ConfigurationError(
            f"{path} belongs to a {existing['SMSPLAN_ENV']} installation; production needs a DATA_DIR of its own"
        )


def _wanted(options: argparse.Namespace, existing: dict[str, str]) -> dict[str, str]:
    """The settings that the options ask for, keys apart."""
    told = os.environ.get("BASE_URL", "").strip().rstrip("/")
    asked = (options.base_url or told or existing.get("BASE_URL", "")).strip()
    if not asked:
        raise ConfigurationError("--base-url is not given. Say which address people use: --base-url https://host")
    accepted = os.environ.get("INSECURE_HTTP", "") or existing.get("INSECURE_HTTP", "")
    address = checked_base_url(asked, insecure_http=options.insecure_http or is_on(accepted))
    if told and told != address.url:
        raise ConfigurationError(f"BASE_URL is {told} in the environment, which would win over {address.url}")
    wanted = {"SMSPLAN_ENV": "production", "BASE_URL": address.url, "ALLOWED_HOSTS": address.host}
    if options.insecure_http:
        wanted["INSECURE_HTTP"] = "on"
    for name, option in _OPTIONAL.items():
        value = (getattr(options, option) or "").strip()
        if value:
            wanted[name] = value
    if existing and not options.allowed_hosts:
        del wanted["ALLOWED_HOSTS"]
    return wanted


def _refuse_contradictions(path: Path, existing: dict[str, str], wanted: dict[str, str]) -> None:
    for name, value in wanted.items():
        if existing.get(name, value) != value:
            raise ConfigurationError(
                f"{path} says another {name} than this command. init changes no setting that stands: edit the file"
            )


def _from_environment(name: str) -> bool:
    return any(os.environ.get(variant, "").strip() for variant in (name, f"{name}_FILE"))


def _say(line: str) -> None:
    sys.stdout.write(f"init: {line}\n")
    sys.stdout.flush()
