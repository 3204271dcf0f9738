"""Settings come from the environment and `settings.env`, strictly."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from smsplan.environment import (
    BASE_DIR,
    ConfigurationError,
    prepare,
    prepare_demo,
    read_settings_file,
    secret,
    write_settings_file,
)


def run(tmp_path: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run manage.py with nothing in its environment but what the test says."""
    return subprocess.run(
        [sys.executable, str(BASE_DIR / "manage.py"), *arguments],
        env={"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


GOOD = {
    "SECRET_KEY": "p" * 30 + "0123456789abcdefghijklmnopqrstuvwxyz",
    "TRAIL_KEY": "another-secret-of-some-length",
    "BASE_URL": "https://sms.example.org",
}


@pytest.mark.parametrize("command", ["check", "serve", "worker", "beat", "migrate"])
@pytest.mark.parametrize("missing", sorted(GOOD))
def test_production_without_a_required_setting_ends_at_once_and_names_it(
    tmp_path: Path, missing: str, command: str
) -> None:
    rest = {name: value for name, value in GOOD.items() if name != missing}
    ended = run(tmp_path, command, **rest)
    assert ended.returncode != 0
    assert f"smsplan: {missing} is not set" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_production_settings_pass_the_checks_for_deployment(tmp_path: Path) -> None:
    ended = run(tmp_path, "check", "--deploy", "--fail-level", "WARNING", **GOOD)
    assert ended.returncode == 0, ended.stderr


@pytest.mark.parametrize("url", ["sms.example.org", "https://sms.example.org/plan", "http://sms.example.org"])
def test_production_with_an_address_that_will_not_do_ends_at_once(tmp_path: Path, url: str) -> None:
    ended = run(tmp_path, "check", **GOOD | {"BASE_URL": url})
    assert ended.returncode != 0
    assert "smsplan: BASE_URL" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_an_unknown_mode_is_an_error(tmp_path: Path) -> None:
    ended = run(tmp_path, "check", SMSPLAN_ENV="staging", **GOOD)
    assert "SMSPLAN_ENV is 'staging'" in ended.stderr


def test_a_secret_may_come_from_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "key"
    path.write_text("from-a-file\n")
    monkeypatch.delenv("SOME_KEY", raising=False)
    monkeypatch.setenv("SOME_KEY_FILE", str(path))
    assert secret("SOME_KEY") == "from-a-file"


def test_a_secret_file_that_cannot_be_read_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOME_KEY_FILE", "/no/such/file")
    with pytest.raises(ConfigurationError, match="SOME_KEY_FILE names /no/such/file"):
        secret("SOME_KEY")


def test_the_settings_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "data" / "settings.env"
    write_settings_file(path, {"A": "1", "B": "x=y"})
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert read_settings_file(path) == {"A": "1", "B": "x=y"}


def test_a_line_that_is_no_setting_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "settings.env"
    path.write_text("# fine\n\nA=1\nthis is wrong\n")
    with pytest.raises(ConfigurationError, match=r"line 4 of settings\.env"):
        read_settings_file(path)


def test_the_environment_wins_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_settings_file(tmp_path / "settings.env", {"SMSPLAN_PROBE": "file", "SMSPLAN_PROBE_2": "file"})
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    monkeypatch.setenv("SMSPLAN_PROBE", "environment")
    monkeypatch.setenv("SMSPLAN_PROBE_2", "")
    monkeypatch.delenv("SMSPLAN_PROBE_2")
    prepare(["manage.py", "check"])
    assert (os.environ["SMSPLAN_PROBE"], os.environ["SMSPLAN_PROBE_2"]) == ("environment", "file")
    monkeypatch.delenv("SMSPLAN_PROBE_2")


def test_the_demo_writes_its_settings_without_a_path_of_the_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "demo"))
    prepare_demo()
    values = read_settings_file(tmp_path / "demo" / "settings.env")
    assert values["SMSPLAN_ENV"] == "demo"
    assert len(values["SECRET_KEY"]) >= 50
    assert values["SECRET_KEY"] != values["TRAIL_KEY"]
    assert not any(str(tmp_path) in value for value in values.values())


def test_the_demo_refuses_the_folder_of_another_installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_settings_file(tmp_path / "settings.env", {"SMSPLAN_ENV": "production"})
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    with pytest.raises(ConfigurationError, match="belongs to a production installation"):
        prepare_demo()


def test_the_demo_refuses_a_database_it_did_not_make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "smsplan.sqlite3").write_bytes(b"somebody's")
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    with pytest.raises(ConfigurationError, match="did not make"):
        prepare_demo()
    assert not (tmp_path / "settings.env").exists()


@pytest.mark.parametrize("value", ["abc", "-1", "1.5", "1" * 10, "١٢"])
def test_a_number_that_is_none_ends_at_once_and_is_named(tmp_path: Path, value: str) -> None:
    ended = run(tmp_path, "check", **GOOD, JOB_MEMORY_MB=value)
    assert ended.returncode != 0
    assert "smsplan: JOB_MEMORY_MB is" in ended.stderr
    assert "Traceback" not in ended.stderr
