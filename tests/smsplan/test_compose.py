"""docker-compose.yml runs: each service that we build, as a plain process beside a throwaway PostgreSQL and Redis."""

import contextlib
import re
import secrets
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.throwaway_servers import ServerError, throwaway_postgresql, throwaway_redis
from tests.smsplan.compose import ROOT, Service, in_order, processes_with, read_compose, read_env, wait_until
from tests.smsplan.web_client import Visitor

BASE_URL = "https://sms.example.org"
PEOPLE = """
from accounts.models import User
from phases.services.start import ProjectPlan, start_project
from projects.services.organizations import create_organization
from datetime import date
user = User.objects.create_user("mara@example.org", "quiet-harbour-42", name="Mara Moss")
organization = create_organization(acting_user=None, name="Alder IT", owner=user)
start_project(acting_user=None, organization=organization, slug="alder",
              plan=ProjectPlan(name="Alder SMS", start=date(2026, 1, 12), scope_statement="Mail for all."))
"""


@pytest.fixture
def servers() -> Iterator[dict[str, str]]:
    """DATABASE_URL and REDIS_URL of servers that exist for this test alone."""
    with contextlib.ExitStack() as stack:
        try:
            yield {
                "DATABASE_URL": stack.enter_context(throwaway_postgresql()),
                "REDIS_URL": stack.enter_context(throwaway_redis()),
            }
        except ServerError as error:
            pytest.skip(str(error))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _services(folder: Path, servers: dict[str, str], port: int) -> dict[str, Service]:
    """The services that we build, in the order in which Docker would start them."""
    env = read_env(folder / ".env")
    compose = read_compose(env)["services"]
    built = {}
    for name in in_order(compose):
        if "build" in compose[name]:
            settings = compose[name]["environment"]
            assert "@db:5432/" in settings["DATABASE_URL"]
            assert "@redis:6379/" in settings["REDIS_URL"]
            here = {
                "/data": str(folder / "data"),
                "/tmp/alive": str(folder / f"alive-{name}"),
                "0.0.0.0": "127.0.0.1",  # noqa: S104 (what the image listens on)
                "8000": str(port),
            }
            built[name] = Service(name, compose[name], env, servers, here, folder)
    return built


@pytest.mark.processes
def test_all_services_start_do_a_job_and_stop(tmp_path: Path, servers: dict[str, str]) -> None:
    subprocess.run([ROOT / "scripts" / "docker_env.sh", BASE_URL, tmp_path / ".env"], check=True)
    port, mark = _free_port(), secrets.token_hex(8)
    built = _services(tmp_path, {**servers, "COMPOSE_TEST_MARK": mark}, port)
    assert list(built) == ["migrate", "web", "worker", "worker-quick", "beat"]
    once, lasting = built["migrate"], [service for name, service in built.items() if name != "migrate"]

    def said() -> str:
        return "\n".join(f"--- {name}\n{service.log.read_text()}" for name, service in built.items())

    try:
        assert once.run(300) == 0, once.log.read_text()
        _people(once)
        for service in lasting:
            assert not service.is_healthy()
            service.start()
        wait_until(lambda: all(service.is_healthy() for service in lasting), 240, said)
        _export_the_plan(Visitor(port, BASE_URL))
        assert {service.name: service.stop() for service in lasting} == dict.fromkeys(
            [service.name for service in lasting], 0
        ), said()
        assert list(processes_with(mark)) == []
    finally:
        for service in built.values():
            service.kill()
    assert "Traceback" not in said()
    env = read_env(tmp_path / ".env")
    for secret in (env["SECRET_KEY"], env["TRAIL_KEY"], *servers.values()):
        assert secret not in said()


def _people(service: Service) -> None:
    subprocess.run(
        [sys.executable, "manage.py", "shell", "-c", PEOPLE],
        cwd=ROOT,
        env=service.environment,
        check=True,
        capture_output=True,
    )


def _export_the_plan(visitor: Visitor) -> None:
    """Sign in, ask for the plan as a file, wait for it on the page of the job, and fetch it."""
    visitor.get("/accounts/login/")
    answer = visitor.post("/accounts/login/", login="mara@example.org", password="quiet-harbour-42")
    assert (answer.status, answer.location) == (302, "/")
    assert "Alder SMS" in visitor.get("/projects/alder/").text
    answer = visitor.post("/projects/alder/export/")
    assert answer.status == 302, answer.text
    job = answer.location
    assert re.fullmatch(r"/jobs/[0-9a-f-]{36}/", job)
    wait_until(lambda: f"{job}result/" in visitor.get(job).text, 120, lambda: visitor.get(job).text)
    result = visitor.get(f"{job}result/")
    assert result.status == 200
    assert result.text.count("\n") > 471
    assert "\nCH.i,1," in result.text
