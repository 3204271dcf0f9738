"""The processes of a worker, such that one of them may be killed at any instant.

Without an event loop (the embedded broker has none) billiard's processes read from one pipe and answer into another,
and whoever reads, waits or answers holds the lock of that pipe: killed then, it takes the lock along, and no process
ever gets a job again, or tells that it ended. Here the lock to read is held only while a message that has come is read,
and both locks are the kernel's, which takes them back from a process that is gone.
"""

import fcntl
import pickle
import tempfile
from collections.abc import Callable
from typing import Any

from billiard import pool
from celery.concurrency import prefork

Received = tuple[bool, Any]


class KernelLock:
    """A lock between processes that one that dies gives back; made before they are forked, for one thread of each."""

    def __init__(self) -> None:
        # The lock is a process's own, though all of them have the file from the one that made it.
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 (open as long as the lock is there)

    def acquire(self, block: bool = True, timeout: float | None = None) -> bool:
        """Take the lock, waiting without end where `block` says so (`timeout` is not kept); whether it is had."""
        try:
            fcntl.lockf(self._file, fcntl.LOCK_EX if block else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def release(self) -> None:
        """Give it back."""
        fcntl.lockf(self._file, fcntl.LOCK_UN)

    def __enter__(self) -> "KernelLock":
        self.acquire()
        return self

    def __exit__(self, *_error: object) -> None:
        self.release()


class Worker(pool.Worker):
    """A process of the pool."""

    def _make_recv_method(self, conn: Any) -> Callable[[float], Received]:
        if not hasattr(conn, "_rlock"):
            received: Callable[[float], Received] = super()._make_recv_method(conn)
            return received

        def receive(timeout: float) -> Received:
            if not conn._reader.poll(timeout):
                return False, None
            with conn._rlock:
                # Another process may have been quicker.
                if not conn._reader.poll(0):
                    return False, None
                return True, pickle.loads(conn._reader.recv_bytes())  # noqa: S301 (from the worker itself)

        return receive


class BlockingPool(pool.Pool):
    """billiard's pool with the processes and the locks above."""

    Worker = Worker

    def _setup_queues(self) -> None:
        super()._setup_queues()
        for queue in (self._inqueue, self._outqueue):
            queue._rlock, queue._wlock = KernelLock(), KernelLock()


class TaskPool(prefork.TaskPool):
    """Celery's prefork pool; with an event loop (Redis), where each process has a pipe of its own, as it is."""

    BlockingPool = BlockingPool
