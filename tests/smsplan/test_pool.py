"""A lock between the processes of a worker, which none of them can take to its grave."""

import os
import signal

from smsplan.pool import KernelLock


def _held_by_another(lock: KernelLock) -> int:
    """The number of a process that holds `lock` and waits."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        lock.acquire()
        os.write(writing, b".")
        signal.pause()
    os.read(reading, 1)
    os.close(reading)
    os.close(writing)
    return pid


def test_a_lock_that_another_process_holds_is_not_had() -> None:
    lock = KernelLock()
    pid = _held_by_another(lock)
    assert lock.acquire(block=False) is False
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)


def test_a_process_that_is_killed_gives_its_lock_back() -> None:
    lock = KernelLock()
    pid = _held_by_another(lock)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    assert lock.acquire(block=False) is True


def test_a_lock_given_back_is_had_by_the_next() -> None:
    lock = KernelLock()
    with lock:
        pass
    pid = _held_by_another(lock)
    assert lock.acquire(block=False) is False
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
