"""What can be said of Dockerfile and docker-compose.yml by reading them: no rights, no secrets, nothing missing."""

import os
import re
import secrets
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management.base import CommandError

from smsplan.management.commands import serve
from tests.smsplan.compose import ROOT, in_order, read_compose, read_env

ENV = {
    "BASE_URL": "https://sms.example.org",
    "POSTGRES_PASSWORD": "p" * 96,
    "REDIS_PASSWORD": "r" * 96,
    "SECRET_KEY": secrets.token_hex(48),
    "TRAIL_KEY": secrets.token_hex(48),
}
SERVICES: dict[str, dict[str, Any]] = read_compose(ENV)["services"]
BUILT = [name for name, service in SERVICES.items() if "build" in service]
LASTING = [name for name in SERVICES if name != "migrate"]
DOCKERFILE = re.sub(r"\\\n\s*", " ", (ROOT / "Dockerfile").read_text())
OPERATIONS = (ROOT / "docs" / "operations.md").read_text()


def lines(word: str) -> list[str]:
    """The lines of the Dockerfile that begin with `word`, without it."""
    return re.findall(rf"^{word} (.+)$", DOCKERFILE, re.MULTILINE)


def debian_packages() -> set[str]:
    """What the Dockerfile installs."""
    (found,) = re.findall(r"apt-get install -y --no-install-recommends ([^&]+)", DOCKERFILE)
    return set(found.split())


def ignored_but() -> list[str]:
    """What .dockerignore lets into the image."""
    rules = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line and line[0] != "#"]
    assert rules[0] == "*"
    return [rule[1:] for rule in rules if rule.startswith("!")]


@pytest.mark.parametrize("name", SERVICES)
def test_no_service_has_rights_it_does_not_need(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert not {"privileged", "cap_add", "devices", "network_mode", "pid", "ipc"} & set(service)
    assert service.get("user", "from the image") not in ("root", "0", "0:0")
    assert ("user" in service) is (name not in BUILT)
    assert not any("docker.sock" in str(volume) for volume in service.get("volumes", []))


@pytest.mark.parametrize("name", LASTING)
def test_a_service_that_lasts_starts_again_stops_in_time_and_says_how_it_is(name: str) -> None:
    service = SERVICES[name]
    assert service["restart"] == "unless-stopped"
    assert re.fullmatch(r"\d+s", service["stop_grace_period"])
    assert service["healthcheck"]["test"][0] in ("CMD", "CMD-SHELL")
    assert {"interval", "timeout", "retries"} <= set(service["healthcheck"])
    assert service["logging"]["options"] == {"max-size": "10m", "max-file": "5"}


def test_each_waits_for_what_it_needs() -> None:
    assert SERVICES["migrate"]["restart"] == "no"
    assert SERVICES["migrate"]["depends_on"] == {"db": {"condition": "service_healthy"}}
    for name in ("web", "worker", "worker-quick", "beat"):
        assert SERVICES[name]["depends_on"] == {
            "migrate": {"condition": "service_completed_successfully"},
            "db": {"condition": "service_healthy"},
            "redis": {"condition": "service_healthy"},
        }
    assert in_order(SERVICES) == ["db", "redis", "migrate", "web", "worker", "worker-quick", "beat"]


def test_only_the_web_is_reached_from_outside_and_by_this_host_alone() -> None:
    compose = read_compose(ENV)
    assert {name: service["ports"] for name, service in SERVICES.items() if "ports" in service} == {
        "web": ["127.0.0.1:8000:8000"]
    }
    assert compose["networks"]["back"] == {"internal": True}
    assert [name for name in SERVICES if SERVICES[name]["networks"] == ["back"]] == ["db", "redis"]


def test_what_must_last_is_in_a_volume() -> None:
    assert set(read_compose(ENV)["volumes"]) == {"data", "database"}
    assert SERVICES["db"]["volumes"] == ["database:/var/lib/postgresql/data"]
    for name in BUILT:
        assert SERVICES[name]["volumes"] == ["data:/data"]
        assert SERVICES[name]["environment"]["DATA_DIR"] == "/data"


def test_versions_are_pinned() -> None:
    images = [service["image"] for name, service in SERVICES.items() if name not in BUILT]
    images += [line.partition(" ")[0] for line in lines("FROM")]
    assert len(images) == 4
    for image in images:
        assert re.fullmatch(r"[a-z]+:\d+(\.\d+)*-[a-z-]*bookworm", image), image
    assert {SERVICES[name]["image"] for name in BUILT} == {"smsplan:0.1.0"}
    assert 'version = "0.1.0"' in (ROOT / "pyproject.toml").read_text()


def test_the_program_that_backs_up_is_of_the_servers_version() -> None:
    server = SERVICES["db"]["image"].removeprefix("postgres:").partition("-")[0]
    assert f"postgresql-client-{server}" in debian_packages()


def test_python_is_the_one_that_packages_are_locked_for() -> None:
    (version,) = re.findall(r"--python-version (\S+)", (ROOT / "Makefile").read_text())
    assert {line.partition(" ")[0] for line in lines("FROM")} == {f"python:{version}-slim-bookworm"}
    assert "--require-hashes" in DOCKERFILE


def test_the_image_has_the_debian_packages_that_a_checkout_needs() -> None:
    script = (ROOT / "scripts" / "setup.sh").read_text()
    running = script.partition('if [ "$level" = test ]')[0]
    needed = set(re.findall(r"\|\| missing\+=\((lib[\w.-]+)\)", running))
    assert needed == {"libmagic1", "libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0"}
    assert needed <= debian_packages()
    # What is more than that is said why in the Dockerfile.
    assert debian_packages() - needed == {"fontconfig", "fonts-dejavu-core", "postgresql-client-15"}


def test_the_image_runs_as_an_account_of_its_own() -> None:
    assert lines("USER") == ["10001:10001"]
    assert "useradd --uid 10001 --gid 10001" in DOCKERFILE
    assert DOCKERFILE.index("USER 10001") > DOCKERFILE.rindex("RUN ")


def test_no_secret_is_in_the_image() -> None:
    assert lines("ARG") == []
    for line in lines("ENV"):
        assert not re.search(r"KEY|SECRET|PASSWORD|TOKEN", line)
    for name in re.findall(r"(\w*KEY|\w*PASSWORD)=(\S+)", DOCKERFILE):
        assert name[1] == "unused"
    for path in (".git", ".env", "var", "settings.env", "tests", "docs", "scripts"):
        assert path not in ignored_but()


def test_all_that_is_copied_is_there_and_all_that_runs_is_copied() -> None:
    for path in ignored_but():
        assert (ROOT / path).exists(), path
    ours = {Path(app.path).name for app in apps.get_app_configs() if Path(app.path).parent == ROOT}
    assert ours - set(ignored_but()) == set(), "a new app needs a line in .dockerignore"
    assert {"manage.py", "templates", "static", "fixtures", "requirements.lock"} <= set(ignored_but())
    sources = [line.split()[0] for line in lines("COPY") if not line.startswith("--from")]
    assert sources == ["requirements.lock", "."]


def test_every_setting_it_uses_is_documented() -> None:
    script = (ROOT / "scripts" / "docker_env.sh").read_text()
    names = set(re.findall(r"^([A-Z_]+)=", script, re.MULTILINE))
    names |= set(re.findall(r"\$\{(\w+):", (ROOT / "docker-compose.yml").read_text()))
    for name in BUILT:
        names |= set(SERVICES[name]["environment"])
    for name in names:
        assert f"`{name}`" in OPERATIONS, name


@pytest.mark.parametrize("name", ["BASE_URL", "POSTGRES_PASSWORD", "REDIS_PASSWORD"])
def test_without_the_env_file_it_does_not_start(name: str) -> None:
    with pytest.raises(KeyError, match=name):
        read_compose({key: value for key, value in ENV.items() if key != name})


def write_env(*arguments: object) -> "subprocess.CompletedProcess[str]":
    """Run the command that writes the env file."""
    return subprocess.run(
        [ROOT / "scripts" / "docker_env.sh", *map(str, arguments)], capture_output=True, text=True, check=False
    )


def test_the_env_file_has_new_keys_and_is_for_its_owner_alone(tmp_path: Path) -> None:
    found = []
    for name in ("a", "b"):
        result = write_env("https://sms.example.org/", tmp_path / name)
        assert result.returncode == 0, result.stderr
        found.append(read_env(tmp_path / name))
    assert found[0]["BASE_URL"] == "https://sms.example.org"
    assert oct((tmp_path / "a").stat().st_mode)[-3:] == "600"
    secret = [name for name in found[0] if name.endswith(("KEY", "PASSWORD"))]
    assert secret == ["SECRET_KEY", "TRAIL_KEY", "POSTGRES_PASSWORD", "REDIS_PASSWORD"]
    values = [env[name] for env in found for name in secret]
    assert len(set(values)) == 8
    assert all(re.fullmatch(r"[0-9a-f]{96}", value) for value in values)
    assert not any(value in write_env("https://x.example", tmp_path / "a").stderr for value in values)


def test_an_env_file_that_is_there_is_never_changed(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("mine")
    result = write_env("https://sms.example.org", tmp_path / ".env")
    assert result.returncode == 1
    assert "is there already" in result.stderr
    assert (tmp_path / ".env").read_text() == "mine"
    assert [path.name for path in tmp_path.iterdir()] == [".env"]


@pytest.mark.parametrize(
    "url", ["", "sms.example.org", "http://sms.example.org", "https://", "https://x y", "https://$(id)"]
)
def test_an_address_that_is_none_is_refused(url: str, tmp_path: Path) -> None:
    result = write_env(url, tmp_path / ".env")
    assert result.returncode == 2
    assert result.stderr.startswith("docker_env: ")
    assert list(tmp_path.iterdir()) == []


def clean_environment(**values: str) -> dict[str, str]:
    """That of a container: PATH and what it is given."""
    return {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}", **values}


@pytest.mark.slow
def test_what_is_copied_is_enough_to_build_and_to_start(tmp_path: Path) -> None:
    image = tmp_path / "app"
    for path in ignored_but():
        source, target = ROOT / path, image / path
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, target)
    (build,) = [line.partition(" && ")[0] for line in lines("RUN") if "collectstatic" in line]
    subprocess.run(["sh", "-c", build], cwd=image, env=clean_environment(), check=True)
    assert (image / "staticfiles" / "staticfiles.json").is_file()
    settings = {key: str(value) for key, value in SERVICES["web"]["environment"].items()}
    running = clean_environment(**{**ENV, **settings, "DATA_DIR": str(tmp_path / "data"), "TRUST_PROXY_HEADERS": "on"})
    result = subprocess.run(
        ["python", "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=image,
        env=running,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    probe = ["python", "-m", "smsplan.probe"]
    assert subprocess.run(probe, cwd=image, env=running, capture_output=True, check=False).returncode == 1


def test_serve_takes_the_files_of_the_image_where_it_cannot_write(tmp_path: Path, settings, monkeypatch) -> None:
    """As in a container: the account may not write, or the file system is read-only."""
    called = []
    monkeypatch.setattr(serve, "call_command", lambda *args, **kwargs: called.append(args[0]))
    settings.STATIC_ROOT = tmp_path / "staticfiles"
    serve.collect_static()
    assert called == ["collectstatic"]
    monkeypatch.setattr(os, "access", lambda *_args: False)
    with pytest.raises(CommandError, match="the static files are not collected"):
        serve.collect_static()
    (tmp_path / "staticfiles").mkdir()
    (tmp_path / "staticfiles" / "staticfiles.json").touch()
    serve.collect_static()
    assert called == ["collectstatic"]
