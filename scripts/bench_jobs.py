"""The part of `make bench` on jobs: how many a second, how soon the first one starts, what idle processes hold.

Real processes, embedded and, where PostgreSQL and Redis are installed, scaled. The job is the plan as CSV, 550 rows.

    python -m scripts.bench_jobs [--jobs 60]
"""

import argparse
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from scripts.source_files import ROOT
from scripts.throwaway_servers import ServerError, throwaway_postgresql, throwaway_redis

Row = Callable[..., None]

# Run inside the installation that is measured.
_PREPARE = """
from datetime import UTC, datetime
from django.core.management import call_command
call_command("migrate", verbosity=0)
call_command("createcachetable", verbosity=0)
call_command("load_content", stdout=open("/dev/null", "w"))
from accounts.models import User
from common import clock
from phases.services.start import ProjectPlan, start_project
from projects.services.organizations import create_organization
user = User.objects.create_user("bench@example.org", "bench-bench-42", name="Bench")
organization = create_organization(acting_user=None, name="Bench", owner=user)
start_project(acting_user=user, organization=organization,
    plan=ProjectPlan(name="Bench", start=clock.today(), scope_statement="Bench"))
"""
_ASK = """
import sys, time
from accounts.models import User
from jobs.models import Job
from jobs.services.request import request_job
from projects.models import Project
count = {count}
user, project = User.objects.get(), Project.objects.get()
begun = time.perf_counter()
jobs = [request_job(acting_user=user, project=project, kind="phases.export_plan", parameters={{}}).pk
        for _ in range(count)]
asked = time.perf_counter() - begun
first = 0.0
while True:
    states = list(Job.objects.filter(pk__in=jobs).values_list("state", flat=True))
    if not first and any(state != "queued" for state in states):
        first = time.perf_counter() - begun
    if all(state in ("succeeded", "failed") for state in states):
        break
    time.sleep(0.02)
print(asked, first, time.perf_counter() - begun, sum(state == "succeeded" for state in states))
"""


def bench_jobs(row: Row, jobs: int = 60) -> None:
    """Add the rows on jobs, embedded and scaled."""
    with tempfile.TemporaryDirectory(prefix="smsplan-bench-") as folder:
        _measure("embedded", {}, Path(folder), row, jobs)
    try:
        with ExitStack() as servers:
            folder = servers.enter_context(tempfile.TemporaryDirectory(prefix="smsplan-bench-"))
            addresses = {
                "DATABASE_URL": servers.enter_context(throwaway_postgresql()),
                "REDIS_URL": servers.enter_context(throwaway_redis()),
            }
            _measure("scaled", addresses, Path(folder), row, jobs)
    except ServerError as error:
        row("jobs, scaled", f"not measured: {error}", "", "")


def _measure(name: str, addresses: dict[str, str], folder: Path, row: Row, count: int) -> None:
    environment = {
        **{key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "REDIS_URL")},
        **addresses,
        "SMSPLAN_ENV": "demo",
        "DJANGO_SETTINGS_MODULE": "smsplan.settings",
        "DATA_DIR": str(folder),
        "SECRET_KEY": "bench-" * 12,
        "TRAIL_KEY": "bench-" * 12,
    }
    _shell(_PREPARE, environment)
    with _running(environment, scaled=bool(addresses)) as processes:
        _shell(_ASK.format(count=1), environment)  # the first one warms the processes
        _asked, first, whole, _succeeded = map(float, _shell(_ASK.format(count=1), environment).split())
        row(f"one job, {name}", f"{first * 1000:.0f} ms until it runs", f"{whole * 1000:.0f} ms until it is done", "")
        asked, _first, whole, succeeded = map(float, _shell(_ASK.format(count=count), environment).split())
        row(
            f"{count} jobs, two at a time, {name}",
            f"{succeeded / whole:.1f} jobs a second",
            f"{asked / count * 1000:.0f} ms to ask for one",
            "",
        )
        time.sleep(2)
        for title, pid in processes.items():
            tree = _tree(pid)
            row(f"{title}, {name}", f"{len(tree)} processes", f"{sum(map(_own_mb, tree)):.0f} MB", "")


def _shell(code: str, environment: dict[str, str]) -> str:
    command = [sys.executable, "manage.py", "shell", "--no-imports", "-c", code]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True).stdout


@contextmanager
def _running(environment: dict[str, str], *, scaled: bool) -> Iterator[dict[str, int]]:
    """Serve, and yield the process of each part by its title."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    commands = [["serve", "--port", str(port)], *([["worker"], ["beat"]] if scaled else [])]
    started = [
        subprocess.Popen([sys.executable, "manage.py", *command], cwd=ROOT, env=environment, stderr=subprocess.DEVNULL)
        for command in commands
    ]
    try:
        _wait_for(f"http://127.0.0.1:{port}/healthz")
        time.sleep(5)
        parts = _children(started[0].pid) + [process.pid for process in started[1:]]
        yield {_title(pid): pid for pid in parts}
    finally:
        for process in started:
            process.send_signal(signal.SIGTERM)
        for process in started:
            process.wait(60)


def _wait_for(address: str) -> None:
    for _ in range(600):
        try:
            urllib.request.urlopen(address, timeout=1)  # noqa: S310 (our own address)
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise ServerError(f"{address} does not answer")


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()]


def _tree(pid: int) -> list[int]:
    return [pid, *(below for child in _children(pid) for below in _tree(child))]


def _title(pid: int) -> str:
    words = Path(f"/proc/{pid}/cmdline").read_text(encoding="utf-8").split("\0")
    return next((f"idle {word}" for word in ("worker", "beat") if word in words), "idle web")


def _own_mb(pid: int) -> float:
    """Memory in MB, with shared pages counted to each sharer in part (PSS)."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    return 0.0


def main() -> None:
    """Print the rows on jobs alone."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", type=int, default=60)
    bench_jobs(lambda *cells: print("| " + " | ".join(cells) + " |", flush=True), parser.parse_args().jobs)


if __name__ == "__main__":
    main()
