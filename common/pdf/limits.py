"""How much a process that makes or reads a PDF may take. Plain Python: the process sets its limits itself."""

import resource
from dataclasses import dataclass

_MB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Memory and file size in MB, CPU time and time by the clock in seconds."""

    memory_mb: int = 1024
    file_mb: int = 50
    cpu_seconds: int = 120
    seconds: int = 300


def impose(limits: Limits) -> None:
    """Set `limits` on this process for good; the time by the clock is for whoever started it.

    At the end of its CPU time the system ends the process; memory and file size end in an error that it can tell.
    """
    _lower(resource.RLIMIT_AS, limits.memory_mb * _MB)
    _lower(resource.RLIMIT_FSIZE, limits.file_mb * _MB)
    _lower(resource.RLIMIT_CPU, limits.cpu_seconds, grace=1)
    _lower(resource.RLIMIT_CORE, 0)


def _lower(kind: int, value: int, *, grace: int = 0) -> None:
    """Set a limit, never above what this process was given."""
    _soft, hard = resource.getrlimit(kind)
    ceiling = value + grace if hard == resource.RLIM_INFINITY else min(hard, value + grace)
    resource.setrlimit(kind, (min(value, ceiling), ceiling))
