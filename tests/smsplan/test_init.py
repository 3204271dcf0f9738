"""`manage.py init` makes a production installation of an empty folder, once, and breaks none that is there."""

import contextlib
import os
import pty
import sqlite3
import stat
import sys
from pathlib import Path

import pytest

from smsplan.environment import BASE_DIR, ConfigurationError, address_of, checked_base_url, read_settings_file
from smsplan.initial_settings import prepare_init
from tests.smsplan.installed import EMAIL, PASSWORD, free_port, manage, serving, signs_in

URL = "https://sms.example.org"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder where nothing is yet, as DATA_DIR of an environment that says nothing else."""
    for name in ("SMSPLAN_ENV", "DATABASE_URL", "REDIS_URL", "BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    return tmp_path / "data"


def prepare(*options: str) -> None:
    """What happens before Django starts."""
    prepare_init(["manage.py", "init", *options])


@pytest.mark.parametrize(
    ("given", "url", "host"),
    [
        ("https://sms.example.org", "https://sms.example.org", "sms.example.org"),
        (" https://SMS.example.org:8443/ ", "https://sms.example.org:8443", "sms.example.org"),
        ("http://[::1]:8000", "http://[::1]:8000", "[::1]"),
    ],
)
def test_an_address_is_read_as_scheme_host_and_port(given: str, url: str, host: str) -> None:
    assert (address_of(given).url, address_of(given).host) == (url, host)


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ("sms.example.org", "does not begin with https://"),
        ("ftp://sms.example.org", "does not begin with https://"),
        ("https://", "names no host"),
        ("https://sms.example.org/plan", "more than scheme, host and port"),
        ("https://sms.example.org?x=1", "more than scheme, host and port"),
        ("https://sms.example.org/?", "more than scheme, host and port"),
        ("https://me@sms.example.org", "more than scheme, host and port"),
        ("https://sms.example.org:port", "is no address"),
        ("https://sms example.org", "names no host"),
        ("https://a.example.org,b.example.org", "names no host"),
    ],
)
def test_an_address_that_will_not_do_is_refused_in_one_line(given: str, fault: str, folder: Path) -> None:
    with pytest.raises(ConfigurationError, match=fault) as caught:
        prepare("--base-url", given)
    assert "\n" not in str(caught.value)
    assert not (folder / "settings.env").exists()


def test_plain_http_is_for_this_machine_or_for_those_who_insist() -> None:
    assert checked_base_url("http://localhost:8000", insecure_http=False).is_plain
    with pytest.raises(ConfigurationError, match="--insecure-http"):
        checked_base_url("http://sms.example.org", insecure_http=False)
    assert checked_base_url("http://sms.example.org", insecure_http=True).host == "sms.example.org"


def test_it_writes_keys_of_its_own_for_the_owner_alone(folder: Path) -> None:
    prepare("--base-url", URL, "--redis-url", "redis://cache:6379/0")
    path = folder / "settings.env"
    values = read_settings_file(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert {name: value for name, value in values.items() if not name.endswith("_KEY")} == {
        "SMSPLAN_ENV": "production",
        "BASE_URL": URL,
        "ALLOWED_HOSTS": "sms.example.org",
        "REDIS_URL": "redis://cache:6379/0",
    }
    assert min(len(values["SECRET_KEY"]), len(values["TRAIL_KEY"])) >= 64
    assert values["SECRET_KEY"] != values["TRAIL_KEY"]


def test_another_time_it_changes_nothing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    prepare("--base-url", URL)
    before = (folder / "settings.env").read_bytes()
    prepare("--base-url", URL)
    assert (folder / "settings.env").read_bytes() == before
    assert "no setting and no key was changed" in capsys.readouterr().out


@pytest.mark.parametrize("more", [("--base-url", "https://other.example.org"), ("--database-url", "postgres://x/y")])
def test_it_changes_no_setting_that_stands(folder: Path, more: tuple[str, str]) -> None:
    prepare("--base-url", URL, "--database-url", "postgres://db/smsplan")
    before = (folder / "settings.env").read_bytes()
    with pytest.raises(ConfigurationError, match="changes no setting that stands"):
        prepare("--base-url", URL, *more)
    assert (folder / "settings.env").read_bytes() == before


def test_it_leaves_alone_what_a_demo_made(folder: Path) -> None:
    folder.mkdir()
    (folder / "settings.env").write_text("SMSPLAN_ENV=demo\n")
    with pytest.raises(ConfigurationError, match="belongs to a demo installation"):
        prepare("--base-url", URL)


def test_it_makes_no_new_keys_for_a_database_that_others_wrote(folder: Path) -> None:
    folder.mkdir()
    (folder / "smsplan.sqlite3").write_bytes(b"somebody's")
    with pytest.raises(ConfigurationError, match="not the keys it was written with"):
        prepare("--base-url", URL)
    assert not (folder / "settings.env").exists()


def test_keys_of_the_environment_are_not_written_down(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY_FILE", "/run/secrets/secret")
    monkeypatch.setenv("TRAIL_KEY", "from the environment")
    prepare("--base-url", URL)
    assert not {"SECRET_KEY", "TRAIL_KEY"} & set(read_settings_file(folder / "settings.env"))


def test_a_setting_of_two_lines_is_refused(folder: Path) -> None:
    with pytest.raises(ConfigurationError, match="EMAIL_URL has more than one line"):
        prepare("--base-url", URL, "--email-url", "smtp://x\nDEBUG=on")
    assert not (folder / "settings.env").exists()


@pytest.mark.processes
def test_what_it_makes_passes_the_checks_and_answers_and_stands_when_it_is_called_again(tmp_path: Path) -> None:
    data, port = tmp_path / "data", free_port()
    arguments = ("init", "--base-url", f"http://127.0.0.1:{port}", "--email", EMAIL, "--name", "Ada")
    made = manage(data, *arguments, SMSPLAN_ADMIN_PASSWORD=PASSWORD)
    assert made.returncode == 0, made.stderr
    assert PASSWORD not in made.stdout

    checked = manage(data, "check", "--deploy", "--fail-level", "WARNING")
    assert checked.returncode == 0, checked.stderr
    with serving(data, port) as address:
        assert signs_in(address, EMAIL, PASSWORD)
        assert not signs_in(address, EMAIL, PASSWORD + "r")

    settings = (data / "settings.env").read_bytes()
    again = manage(data, *arguments, SMSPLAN_ADMIN_PASSWORD="another one altogether")
    assert again.returncode == 0, again.stderr
    assert f"there is an administrator already: {EMAIL}" in again.stdout
    assert (data / "settings.env").read_bytes() == settings
    with sqlite3.connect(data / "smsplan.sqlite3") as database:
        assert database.execute("SELECT email, is_superuser, is_staff FROM accounts_user").fetchall() == [(EMAIL, 1, 1)]
        assert database.execute(
            "SELECT action, kind, key FROM audittrail_event WHERE kind = 'account' ORDER BY id"
        ).fetchall() == [("create", "account", EMAIL), ("change", "account", EMAIL)]
    assert manage(data, "verify").returncode == 0


@pytest.mark.processes
def test_a_weak_password_is_refused_and_a_second_run_ends_the_work(tmp_path: Path) -> None:
    data = tmp_path / "data"
    weak = manage(data, "init", "--base-url", URL, "--email", EMAIL, SMSPLAN_ADMIN_PASSWORD="12345")
    assert weak.returncode == 1
    assert "the first administrator was not made: This password is too short." in weak.stderr
    assert "Traceback" not in weak.stderr

    password = tmp_path / "password"
    password.write_text(PASSWORD + "\n")
    done = manage(data, "init", "--base-url", URL, "--password-file", str(password))
    assert "init: administrator: admin@sms.example.org" in done.stdout
    assert "shown this once" not in done.stdout
    assert manage(data, "check", "--deploy", "--fail-level", "WARNING").returncode == 0


def at_a_terminal(data: Path, answers: dict[str, list[str]]) -> tuple[int, str]:
    """Run init at a terminal and type an answer wherever a prompt asks; its exit status and all that it showed."""
    arguments = [sys.executable, str(BASE_DIR / "manage.py"), "init", "--base-url", URL, "--email", EMAIL]
    pid, terminal = pty.fork()
    if not pid:
        os.execve(arguments[0], arguments, {"PATH": os.environ["PATH"], "DATA_DIR": str(data)})  # noqa: S606 - our own command
    shown, read_to = "", 0
    with contextlib.suppress(OSError):  # the terminal is gone when the program is
        while chunk := os.read(terminal, 4096):
            shown += chunk.decode()
            for prompt, lines in answers.items():
                found = shown.find(prompt, read_to)
                if found >= 0 and lines:
                    read_to = found + len(prompt)
                    os.write(terminal, f"{lines.pop(0)}\n".encode())
    _pid, status = os.waitpid(pid, 0)
    os.close(terminal)
    return os.waitstatus_to_exitcode(status), shown


@pytest.mark.processes
def test_at_a_terminal_it_asks_for_the_password_until_one_will_do(tmp_path: Path) -> None:
    status, shown = at_a_terminal(
        tmp_path / "data",
        {f"Password for {EMAIL}": ["12345", PASSWORD, PASSWORD], "Again: ": ["12345", "another", PASSWORD]},
    )
    assert status == 0, shown
    assert "This password is too short." in shown
    assert "The two differ." in shown
    assert f"init: administrator: {EMAIL}" in shown
    assert PASSWORD not in shown
    assert "shown this once" not in shown
