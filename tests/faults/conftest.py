"""What every fault test needs: an installation that it may break."""

import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.throwaway_servers import Server, ServerError, redis_server
from tests.faults.installation import Installation, installed


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the catalogue and the cast in SQLite: made once for all processes of a run."""
    base = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        base = base.parent
    folder = base / "fault-template"
    with (base / "fault-template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "made").exists():
            folder.mkdir(exist_ok=True)
            maker = Installation(folder)
            try:
                maker.inside("prepare")
            finally:
                maker.close()
            (folder / "made").touch()
    return folder


@pytest.fixture
def installation(template: Path, tmp_path: Path) -> Iterator[Installation]:
    """An embedded installation with the cast: SQLite, and a folder for messages. Nothing runs in it yet."""
    with installed(template, tmp_path / "data") as made:
        yield made


@pytest.fixture
def redis() -> Iterator[Server]:
    """A Redis of the test's own, which it may stop."""
    try:
        with redis_server() as server:
            yield server
    except ServerError as error:
        pytest.fail(str(error))


@pytest.fixture
def on_redis(template: Path, tmp_path: Path, redis: Server) -> Iterator[Installation]:
    """An installation with the cast on SQLite, and its messages in Redis."""
    with installed(template, tmp_path / "data", REDIS_URL=redis.url) as made:
        yield made
