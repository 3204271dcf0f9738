"""Run a command beside a PostgreSQL or a Redis that exists only for it.

    python -m scripts.throwaway_servers --postgresql --redis -- pytest -m db

The servers listen on free ports of the loopback address, keep their data in a temporary folder, and ask for a random
password. The command finds them in DATABASE_URL and REDIS_URL. They are stopped and their data are removed when the
command ends, fails or is interrupted; should this process be killed, the kernel ends the servers with it.

Standard library only: it runs before anything is installed.
"""

import argparse
import contextlib
import ctypes
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import FrameType

_START_SECONDS = 30
_STOP_SECONDS = 20
_TRIES = 3
_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None, use_errno=True)


class ServerError(Exception):
    """A server cannot be had; the message says what is missing."""


def find_program(name: str) -> str:
    """Return the path of a server's program; Debian keeps those of PostgreSQL out of PATH."""
    found = shutil.which(name)
    if found:
        return found
    candidates = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: _version(path.parts[-3]))
    if candidates:
        return str(candidates[-1])
    package = "redis-server" if name.startswith("redis") else "postgresql"
    raise ServerError(f"{name} not found: install the Debian package {package}.")


def _version(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0


def _account() -> pwd.struct_passwd | None:
    """The user that runs the servers: PostgreSQL refuses root. None means the one who is here already."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise ServerError("Neither the user postgres nor nobody exists, and PostgreSQL does not run as root.")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _die_with_parent() -> None:
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGQUIT)


@contextlib.contextmanager
def _folder() -> Iterator[Path]:
    """A private folder of the servers' user, removed at the end."""
    # Not under TMPDIR: a login's private folder there would be closed to the servers' user.
    folder = Path(tempfile.mkdtemp(prefix="smsplan-server-", dir="/tmp"))
    try:
        account = _account()
        if account:
            os.chown(folder, account.pw_uid, account.pw_gid)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class _Runner:
    """Starts programs as the servers' user in `folder`, with a bare environment."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.log = folder / "server.log"
        self.account = _account()
        self._environment = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8", "HOME": str(folder)}

    def start(self, command: Sequence[str]) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as log:
            return subprocess.Popen(
                command,
                cwd=self.folder,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                # A session of its own: Ctrl-C reaches the command first, and the servers end after it.
                start_new_session=True,
                user=self.account.pw_uid if self.account else None,
                group=self.account.pw_gid if self.account else None,
                extra_groups=[] if self.account else None,
                # Safe here: no other thread of this process could hold a lock while it forks.
                preexec_fn=_die_with_parent,
            )

    def run(self, command: Sequence[str]) -> None:
        """Run `command` to its end; raise ServerError with its last words where it fails."""
        if self.start(command).wait() != 0:
            raise ServerError(f"{Path(command[0]).name} failed: {self.tail()}")

    def said_since(self, begin: int) -> str:
        """What the server's log holds behind its first `begin` bytes."""
        return self.log.read_bytes()[begin:].decode("utf-8", errors="replace") if self.log.exists() else ""

    def tail(self) -> str:
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines() if self.log.exists() else []
        return " / ".join(lines[-5:]) or "it said nothing"


def _wait_until_ready(process: subprocess.Popen[bytes], port: int, says: Callable[[], str], ready: str) -> bool:
    """Wait until a server listens and says `ready`, as one does that refuses at first; False where it never does."""
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            return False
        if _listens(port) and ready in says():
            return True
        time.sleep(0.05)
    return False


def _stop(process: subprocess.Popen[bytes]) -> None:
    """End a server: politely, then firmly. SIGINT is PostgreSQL's fast shutdown and Redis's orderly one."""
    for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        if process.poll() is not None:
            return
        process.send_signal(number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(_STOP_SECONDS)


class Server:
    """A server whose command takes its port as an option. A test may stop it and start it again on the same port."""

    def __init__(
        self, runner: _Runner, command: Sequence[str], port_option: str, address: str, ready: str = ""
    ) -> None:
        self._runner = runner
        self._command = command
        self._port_option = port_option
        self._address = address
        self._ready = ready
        self._process: subprocess.Popen[bytes] | None = None
        self.port = 0

    @property
    def url(self) -> str:
        """The address of its one empty database."""
        return self._address.format(port=self.port)

    def start(self) -> None:
        """Start it, the first time on a free port, later on the same one; raise ServerError where it does not."""
        begin = self._runner.log.stat().st_size if self._runner.log.exists() else 0
        for _ in range(_TRIES):
            # Another program may take a free port first, hence the tries.
            port = self.port or _free_port()
            self._process = self._runner.start([*self._command, self._port_option, str(port)])
            if _wait_until_ready(self._process, port, lambda: self._runner.said_since(begin), self._ready):
                self.port = port
                return
            _stop(self._process)
        raise ServerError(f"{Path(self._command[0]).name} does not start: {self._runner.tail()}")

    def stop(self, number: int = signal.SIGINT) -> None:
        """Stop it by signal `number`: SIGINT is the orderly way, SIGQUIT for PostgreSQL the one of a crash."""
        if self._process is not None:
            if self._process.poll() is None:
                self._process.send_signal(number)
                with contextlib.suppress(subprocess.TimeoutExpired):
                    self._process.wait(_STOP_SECONDS)
            _stop(self._process)

    @contextlib.contextmanager
    def frozen(self) -> Iterator[None]:
        """While the block lasts it keeps its port and its connections, and answers nothing."""
        if self._process is None:
            raise ServerError("it was never started")
        self._process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self._process.send_signal(signal.SIGCONT)


@contextlib.contextmanager
def postgresql_server(*, durable: bool = False) -> Iterator[Server]:
    """Serve an empty PostgreSQL database; what it has acknowledged survives a crash only where it is `durable`.

    Raises ServerError where that cannot be done.
    """
    initdb, postgres = find_program("initdb"), find_program("postgres")
    with _folder() as folder:
        runner = _Runner(folder)
        password = secrets.token_hex(16)
        password_file = folder / "password"
        password_file.touch(mode=0o600)
        password_file.write_text(password, encoding="ascii")
        if runner.account:
            os.chown(password_file, runner.account.pw_uid, runner.account.pw_gid)
        data = folder / "data"
        runner.run(
            [
                initdb,
                f"--pgdata={data}",
                "--username=smsplan",
                f"--pwfile={password_file}",
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale=C.UTF-8",
                "--no-sync",
            ]
        )
        settings = {"listen_addresses": "127.0.0.1", "unix_socket_directories": ""}
        if not durable:
            # The data live no longer than the command: nothing has to survive a crash.
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        address = f"postgresql://smsplan:{password}@127.0.0.1:{{port}}/postgres"
        server = Server(runner, [postgres, "-D", str(data), *options], "-p", address, "ready to accept connections")
        try:
            server.start()
            yield server
        finally:
            server.stop()


@contextlib.contextmanager
def redis_server() -> Iterator[Server]:
    """Serve an empty Redis that forgets everything when it stops; raise ServerError where that cannot be done."""
    program = find_program("redis-server")
    with _folder() as folder:
        password = secrets.token_hex(16)
        settings = {"bind": "127.0.0.1", "save": "", "appendonly": "no", "dir": str(folder), "requirepass": password}
        options = [part for name, value in settings.items() for part in (f"--{name}", value)]
        address = f"redis://:{password}@127.0.0.1:{{port}}/0"
        server = Server(_Runner(folder), [program, *options], "--port", address)
        try:
            server.start()
            yield server
        finally:
            server.stop()


@contextlib.contextmanager
def throwaway_postgresql() -> Iterator[str]:
    """Serve an empty PostgreSQL database and yield its address; raise ServerError where that cannot be done."""
    with postgresql_server() as server:
        yield server.url


@contextlib.contextmanager
def throwaway_redis() -> Iterator[str]:
    """Serve an empty Redis and yield its address; raise ServerError where that cannot be done."""
    with redis_server() as server:
        yield server.url


def run_beside(command: Sequence[str], environment: dict[str, str]) -> int:
    """Run `command`, hand on the signals that arrive meanwhile, and return its exit code (128 + n for signal n)."""
    process = subprocess.Popen(command, env={**os.environ, **environment})

    def hand_on(number: int, _frame: FrameType | None) -> None:
        if number == signal.SIGINT and sys.stdin is not None and sys.stdin.isatty():
            return  # Ctrl-C in a terminal has reached the command already
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(number)

    previous = {number: signal.signal(number, hand_on) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        code = process.wait()
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
    return 128 - code if code < 0 else code


def _raise_interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description="Run a command beside throwaway servers.")
    parser.add_argument("--postgresql", action="store_true", help="start PostgreSQL and set DATABASE_URL")
    parser.add_argument("--redis", action="store_true", help="start Redis and set REDIS_URL")
    parser.add_argument("command", nargs="+", help="the command, after --")
    chosen = parser.parse_args(arguments)
    # Until the command runs, a signal unwinds what was started so far.
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _raise_interrupt)
    try:
        with contextlib.ExitStack() as servers:
            environment: dict[str, str] = {}
            if chosen.postgresql:
                environment["DATABASE_URL"] = servers.enter_context(throwaway_postgresql())
            if chosen.redis:
                environment["REDIS_URL"] = servers.enter_context(throwaway_redis())
            return run_beside(chosen.command, environment)
    except ServerError as error:
        print(f"throwaway_servers: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
