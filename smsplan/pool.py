"""The processes of a worker, such that one of them may be killed while it waits.

Without an event loop (the embedded broker has none) billiard's processes read from one pipe, and whoever waits holds
its lock meanwhile: killed then, it takes the lock along, and no process ever gets a job again. Here the lock is held
only while a message that has come is read.
"""

import pickle
from collections.abc import Callable
from typing import Any

from billiard import pool
from celery.concurrency import prefork

Received = tuple[bool, Any]


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
    """billiard's pool with the processes above."""

    Worker = Worker


class TaskPool(prefork.TaskPool):
    """Celery's prefork pool; with an event loop (Redis), where each process has a pipe of its own, as it is."""

    BlockingPool = BlockingPool
