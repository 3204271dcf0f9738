"""What every fault test needs: an installation that it may break."""

import fcntl
import os
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from scripts.throwaway_servers import Server, ServerError, postgresql_server, redis_server
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


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    """A PostgreSQL that keeps what it acknowledged when it is stopped as by a crash."""
    try:
        with postgresql_server(durable=True) as server:
            yield server
    except ServerError as error:
        pytest.fail(str(error))


def _made(server: Server, name: str, template: str = "template0") -> str:
    """Make the database `name`; its address."""
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    return f"{server.url.rpartition('/')[0]}/{name}"


@pytest.fixture(scope="session")
def postgresql_template(postgresql: Server, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name of a database with the catalogue and the cast."""
    url = _made(postgresql, "with_cast")
    maker = Installation(tmp_path_factory.mktemp("postgresql"), DATABASE_URL=url)
    try:
        maker.inside("prepare")
    finally:
        maker.close()
    return "with_cast"


@pytest.fixture
def on_postgresql(
    postgresql: Server, postgresql_template: str, tmp_path: Path, redis: Server
) -> Iterator[Installation]:
    """An installation with the cast on PostgreSQL, and its messages in Redis."""
    url = _made(postgresql, f"test_{uuid4().hex[:12]}", postgresql_template)
    folder = tmp_path / "data"
    folder.mkdir()
    made = Installation(folder, DATABASE_URL=url, REDIS_URL=redis.url)
    try:
        yield made
    finally:
        made.close()
