"""docker-compose.yml as Docker would read it, and its services as plain processes."""

import contextlib
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
_PLACE = re.compile(r"\$\$|\$\{(\w+)(?::([?-])([^}]*))?\}")
_NEVER_HANDED_ON = re.compile(
    r"^(SMSPLAN_|DJANGO_|PYTEST_|DATABASE_URL|REDIS_URL|DATA_DIR|BASE_URL|SECRET_KEY|TRAIL_KEY)"
)


def read_env(path: Path) -> dict[str, str]:
    """The settings of an env file, as Docker reads them."""
    lines = [line for line in path.read_text().splitlines() if line and not line.startswith("#")]
    return dict(line.split("=", 1) for line in lines)


def read_compose(env: Mapping[str, str]) -> dict[str, Any]:
    """The compose file with its variables filled in from `env`. Raises KeyError where one must be set and is not."""

    def fill(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: fill(item) for key, item in value.items()}
        if isinstance(value, list):
            return [fill(item) for item in value]
        return _PLACE.sub(lambda found: _filled(found, env), value) if isinstance(value, str) else value

    return dict(fill(yaml.safe_load((ROOT / "docker-compose.yml").read_text())))


def _filled(found: re.Match[str], env: Mapping[str, str]) -> str:
    name, kind, rest = found.groups()
    if name is None:
        return "$"
    if env.get(name):
        return env[name]
    if kind == "-":
        return str(rest)
    raise KeyError(name)


def in_order(services: Mapping[str, Any]) -> list[str]:
    """The names of `services`, each after those it depends on."""
    ordered: list[str] = []

    def add(name: str) -> None:
        for before in services[name].get("depends_on", {}):
            add(before)
        if name not in ordered:
            ordered.append(name)

    for name in services:
        add(name)
    return ordered


@dataclass
class Service:
    """A service that has `build:`, to be run here. `replaced` are words of the image's world and their like in ours."""

    name: str
    described: Mapping[str, Any]
    env_file: Mapping[str, str]
    given: Mapping[str, str]
    replaced: Mapping[str, str]
    folder: Path
    process: subprocess.Popen[bytes] | None = field(default=None)

    @property
    def log(self) -> Path:
        """What it said."""
        return self.folder / f"{self.name}.log"

    def ours(self, text: str) -> str:
        """`text` with the words of the image's world replaced."""
        for theirs, ours in self.replaced.items():
            text = text.replace(theirs, ours)
        return text

    @property
    def environment(self) -> dict[str, str]:
        """What Docker would give it, with paths and hosts of this machine, and nothing of the test's own."""
        inherited = {key: value for key, value in os.environ.items() if not _NEVER_HANDED_ON.match(key)}
        theirs = {**self.env_file, **self.described["environment"]}
        return {
            **inherited,
            **{key: self.ours(str(value)) for key, value in theirs.items()},
            **self.given,
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        }

    def start(self) -> None:
        """Run its command in a session of its own."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [self.ours(word) for word in self.described["command"]],
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def run(self, seconds: float) -> int:
        """Run its command to its end."""
        self.start()
        assert self.process is not None
        return self.process.wait(seconds)

    def is_healthy(self) -> bool:
        """Whether its health check, run as Docker would, exits 0 in time."""
        check = self.described["healthcheck"]
        kind, *words = check["test"]
        assert kind == "CMD"
        try:
            result = subprocess.run(
                [self.ours(word) for word in words],
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=seconds_of(check["timeout"]),
                check=False,
            )
        except subprocess.TimeoutExpired:
            return False  # as Docker sees it
        return result.returncode == 0

    def stop(self) -> int:
        """SIGTERM, as Docker sends it, and the exit code within the time of grace."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(seconds_of(self.described["stop_grace_period"]))

    def kill(self) -> None:
        """Whatever is left of it."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


def seconds_of(text: str) -> float:
    """A time as the compose file writes it: 30s, 2m."""
    return float(text[:-1]) * {"s": 1, "m": 60}[text[-1]]


def wait_until(what: Callable[[], Any], seconds: float, why: Callable[[], str]) -> Any:
    """What `what` gives once it is true; fails with `why` after `seconds`."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = what()
        if found:
            return found
        time.sleep(0.5)
    raise AssertionError(why())


def processes_with(mark: str) -> Iterator[int]:
    """The ids of processes that have `mark` in their environment."""
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit() and int(folder.name) != os.getpid():
            with contextlib.suppress(OSError):
                if mark.encode() in (folder / "environ").read_bytes():
                    yield int(folder.name)
