"""Back up, wipe, restore, verify: with the commands that an operator types, on both databases."""

import contextlib
import json
import os
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from smsplan.backup.manifest import MEDIA, NAME, read_manifest
from smsplan.environment import BASE_DIR
from tests.smsplan.installed import EMAIL, PASSWORD, free_port, manage, serving, signs_in

pytestmark = pytest.mark.processes
PORT = free_port()
SETTINGS = "settings.env"


def make_installation(data: Path, *options: str) -> None:
    """A production installation with a project and two stored files."""
    made = manage(
        data,
        *("init", "--base-url", f"http://127.0.0.1:{PORT}", "--email", EMAIL, "--name", "Ada", *options),
        SMSPLAN_ADMIN_PASSWORD=PASSWORD,
    )
    assert made.returncode == 0, made.stderr
    (data / "media" / "papers").mkdir(parents=True)
    (data / "media" / "papers" / "1.pdf").write_bytes(b"proof")
    (data / "media" / "papers" / "2.pdf").write_bytes(b"more proof" * 1000)
    start_project(data, "Alder")


def start_project(data: Path, name: str) -> None:
    started = manage(data, "create_project", "--organization", "Alder", "--name", name, "--start", "2026-01-12")
    assert started.returncode == 0, started.stderr


def back_up(data: Path) -> Path:
    """Back up; the folder it made."""
    made = manage(data, "backup")
    assert made.returncode == 0, made.stderr
    return Path(made.stdout.split()[1])


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation on SQLite with one backup, to be copied."""
    data = tmp_path_factory.mktemp("original") / "data"
    make_installation(data)
    back_up(data)
    return data


@pytest.fixture
def data(original: Path, tmp_path: Path) -> Path:
    """A copy of the installation, to be ruined."""
    return shutil.copytree(original, tmp_path / "data")


def backup_of(data: Path) -> Path:
    (folder,) = (data / "backups").iterdir()
    return folder


def wipe(data: Path) -> None:
    """Everything is gone but the backups and the settings that were kept elsewhere."""
    for path in data.iterdir():
        if path.name in ("backups", SETTINGS):
            continue
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def test_what_was_wiped_comes_back_whole_and_people_sign_in(data: Path) -> None:
    wipe(data)
    restored = manage(data, "restore", "--latest")
    assert (restored.returncode, restored.stdout.splitlines()[-1]) == (
        0,
        f"restore: {backup_of(data).name} is back; everything holds",
    ), restored.stdout + restored.stderr
    assert (data / "media" / "papers" / "1.pdf").read_bytes() == b"proof"
    assert manage(data, "verify").returncode == 0
    assert manage(data, "show_figures", "alder").returncode == 0
    with sqlite3.connect(data / "smsplan.sqlite3") as database:
        with pytest.raises(sqlite3.Error, match="append-only"):
            database.execute("DELETE FROM audittrail_event")
        assert database.execute("SELECT count(*) FROM audittrail_event WHERE action = 'restore'").fetchone() == (1,)
    with serving(data, PORT) as address:
        assert signs_in(address, EMAIL, PASSWORD)


def test_it_goes_back_to_the_backup_and_what_came_since_is_kept_aside(data: Path) -> None:
    start_project(data, "Birch")
    (data / "media" / "papers" / "3.pdf").write_bytes(b"since")
    refused = manage(data, "restore", "--latest")
    assert refused.returncode == 1
    assert "there are data here already" in refused.stderr

    assert manage(data, "restore", "--latest", "--replace").returncode == 0
    assert not (data / "media" / "papers" / "3.pdf").exists()
    with sqlite3.connect(data / "smsplan.sqlite3") as database:
        assert database.execute("SELECT name FROM projects_project").fetchall() == [("Alder",)]
    (aside,) = data.glob("smsplan.sqlite3.replaced-*Z")
    with sqlite3.connect(aside) as database:
        assert database.execute("SELECT count(*) FROM projects_project").fetchone() == (2,)
    (media,) = data.glob("media.replaced-*")
    assert (media / "papers" / "3.pdf").is_file()


@pytest.mark.parametrize("what", ["altered database", "missing archive", "altered file", "no manifest", "other key"])
def test_a_backup_that_is_not_whole_is_refused_and_nothing_is_touched(data: Path, what: str) -> None:
    folder = backup_of(data)
    if what == "altered database":
        with (folder / "database.sqlite3").open("r+b") as handle:
            handle.seek(5000)
            handle.write(b"XX")
        said = "database.sqlite3 is not what the manifest says"
    elif what == "missing archive":
        (folder / MEDIA).unlink()
        said = "media.tar is missing"
    elif what == "altered file":
        content = (folder / MEDIA).read_bytes()
        (folder / MEDIA).write_bytes(content.replace(b"proof", b"prove", 1))
        said = "the file papers/1.pdf in media.tar was altered"
    elif what == "no manifest":
        (folder / NAME).unlink()
        said = "it is no backup, or one that was not finished"
    else:
        manifest = json.loads((folder / NAME).read_text())
        manifest["rows"]["projects_project"] = 2
        (folder / NAME).write_text(json.dumps(manifest))
        said = "its manifest was altered"
    before = state_of(data)
    refused = manage(data, "restore", str(folder), "--replace")
    assert refused.returncode == 1
    assert said in refused.stderr
    assert "Traceback" not in refused.stderr
    assert state_of(data) == before


def state_of(data: Path) -> dict[str, bytes]:
    """The installation as it lies on disk, locks and backups aside."""
    return {
        path.relative_to(data).as_posix(): path.read_bytes()
        for path in data.rglob("*")
        if path.is_file() and path.suffix != ".lock" and "backups" not in path.parts
    }


def test_it_refuses_while_the_server_runs(data: Path) -> None:
    with serving(data, PORT):
        refused = manage(data, "restore", "--latest", "--replace")
    assert refused.returncode == 1
    assert "is running; stop it first" in refused.stderr


def test_the_files_of_another_backup_beside_this_database_are_noticed(data: Path) -> None:
    folder = backup_of(data)
    manifest = read_manifest(folder)
    assert [entry["path"] for entry in manifest["media"]] == ["papers/1.pdf", "papers/2.pdf"]
    (data / "media" / "papers" / "2.pdf").unlink()
    other = back_up(data)
    shutil.copyfile(other / MEDIA, folder / MEDIA)
    refused = manage(data, "restore", str(folder), "--replace")
    assert "the file papers/2.pdf is not in media.tar" in refused.stderr


def test_a_look_at_a_backup_touches_nothing_and_names_files_that_differ_here(data: Path) -> None:
    (data / "media" / "papers" / "1.pdf").write_bytes(b"prove")
    (data / "media" / "papers" / "2.pdf").unlink()
    before = state_of(data)
    looked = manage(data, "restore", "--latest", "--check")
    assert looked.returncode == 0, looked.stderr
    assert looked.stdout.splitlines()[1:] == [
        "restore: here the file papers/1.pdf is not what was backed up",
        "restore: here the file papers/2.pdf is missing",
    ]
    (backup_of(data) / MEDIA).unlink()
    assert manage(data, "restore", "--latest", "--check").returncode == 1
    assert state_of(data) == before


def test_a_key_that_is_lost_is_said_and_shown_in_the_findings(data: Path) -> None:
    path = data / SETTINGS
    lines = [line for line in path.read_text().splitlines() if not line.startswith("TRAIL_KEY=")]
    path.write_text("\n".join([*lines, "TRAIL_KEY=another-key-of-some-length", "TRAIL_KEY_ID=2"]) + "\n")
    assert "sealed with a TRAIL_KEY that is not set here" in manage(data, "restore", "--latest", "--replace").stderr
    restored = manage(data, "restore", "--latest", "--replace", "--trail-key-lost")
    assert restored.returncode == 1
    assert "names the trail key '1', which is not set" in restored.stdout
    with sqlite3.connect(data / "smsplan.sqlite3") as database:
        assert database.execute("SELECT name FROM projects_project").fetchall() == [("Alder",)]


def test_a_disk_that_fills_up_leaves_no_backup_that_looks_whole(data: Path) -> None:
    shutil.rmtree(data / "backups")
    (data / "media" / "large").write_bytes(b"0" * 8_000_000)

    def at_most() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (6_000_000, 6_000_000))

    ended = subprocess.run(
        [sys.executable, str(BASE_DIR / "manage.py"), "backup"],
        env={"PATH": os.environ["PATH"], "DATA_DIR": str(data)},
        preexec_fn=at_most,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 1
    assert "no backup was made: File too large. Is the disk full?" in ended.stderr
    assert list((data / "backups").iterdir()) == []


@contextlib.contextmanager
def writers(database: Path) -> Iterator[list[int]]:
    """Two threads that write pairs of rows, each pair in one transaction, until the block ends."""
    with sqlite3.connect(database) as setup:
        setup.execute("CREATE TABLE pairs (number INTEGER, half INTEGER)")
    stop, written = threading.Event(), [0, 0]

    def write(writer: int) -> None:
        with contextlib.closing(sqlite3.connect(database, timeout=60, isolation_level=None)) as own:
            while not stop.is_set():
                own.execute("BEGIN IMMEDIATE")
                for half in (0, 1):
                    own.execute("INSERT INTO pairs VALUES (?, ?)", (written[writer] * 2 + writer, half))
                own.execute("COMMIT")
                written[writer] += 1

    threads = [threading.Thread(target=write, args=(writer,)) for writer in (0, 1)]
    for thread in threads:
        thread.start()
    try:
        yield written
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def test_writers_go_on_during_a_backup_and_no_transaction_is_halved(data: Path) -> None:
    with writers(data / "smsplan.sqlite3") as written:
        before = sum(written)
        folder = back_up(data)
        assert sum(written) > before
    with sqlite3.connect(folder / "database.sqlite3") as copy:
        pairs = copy.execute("SELECT count(*), count(DISTINCT number) FROM pairs").fetchone()
    assert pairs[0] == 2 * pairs[1] > 0
    assert manage(data, "restore", str(folder), "--replace").returncode == 0


@pytest.mark.db
def test_the_drill_on_postgresql(tmp_path: Path, postgresql_url: str) -> None:
    data = tmp_path / "data"
    with psycopg.connect(postgresql_url, autocommit=True) as server:
        server.execute("DROP DATABASE IF EXISTS drill")
        server.execute("CREATE DATABASE drill")
    url = urlsplit(postgresql_url)._replace(path="/drill").geturl()
    make_installation(data, "--database-url", url)
    folder = back_up(data)
    assert read_manifest(folder)["database"] == {"kind": "postgresql", "file": "database.pgdump"}
    start_project(data, "Birch")
    with psycopg.connect(url, autocommit=True) as database:
        # What a later version made goes too; what is not ours stays.
        database.execute("CREATE TABLE phases_later (id integer)")
        database.execute("CREATE TABLE somebody_elses (id integer)")
        other = manage(data, "restore", str(folder), "--replace")
        assert "1 other connection(s) to the database are open" in other.stderr
    assert "there are data here already" in manage(data, "restore", str(folder)).stderr

    wipe(data)
    restored = manage(data, "restore", str(folder), "--replace")
    assert restored.returncode == 0, restored.stdout + restored.stderr
    assert manage(data, "verify").returncode == 0
    with psycopg.connect(url, autocommit=True) as database:
        assert database.execute("SELECT name FROM projects_project").fetchall() == [("Alder",)]
        assert database.execute(
            "SELECT to_regclass('phases_later'), to_regclass('somebody_elses')::text"
        ).fetchone() == (
            None,
            "somebody_elses",
        )
        with pytest.raises(psycopg.errors.RaiseException, match="append-only"):
            database.execute("DELETE FROM audittrail_event")
    start_project(data, "Cedar")  # numbers go on where they were
    with serving(data, PORT) as address:
        assert signs_in(address, EMAIL, PASSWORD)

    missing = manage(data, "backup", PATH=str(Path(sys.executable).parent))
    assert "pg_dump is not there: install the Debian package postgresql-client" in missing.stderr


def test_a_backup_that_is_killed_leaves_nothing_that_looks_whole(data: Path) -> None:
    shutil.rmtree(data / "backups")
    (data / "media" / "large").write_bytes(b"0" * 300_000_000)
    process = subprocess.Popen(
        [sys.executable, str(BASE_DIR / "manage.py"), "backup"],
        env={"PATH": os.environ["PATH"], "DATA_DIR": str(data)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    deadline = time.monotonic() + 60
    while not list(data.glob("backups/*.part/media.tar")) and time.monotonic() < deadline:
        time.sleep(0.01)
    process.kill()
    assert process.wait() == -signal.SIGKILL
    assert [path.suffix for path in (data / "backups").iterdir()] == [".part"]
    assert "there is no backup in" in manage(data, "restore", "--latest", "--replace").stderr
    # The lock went with the process: the next one is made, and a night clears the rest away.
    (data / "media" / "large").unlink()
    assert back_up(data).is_dir()
