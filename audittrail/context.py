"""Through which door an act came in, and which acts belong together."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from uuid import UUID, uuid4


@dataclass(frozen=True, slots=True)
class TrailContext:
    """`via` is page, import, command or job; events of one request or command share `correlation_id`."""

    via: str
    correlation_id: UUID


_current: ContextVar[TrailContext | None] = ContextVar("smsplan_trail_context", default=None)


def current() -> TrailContext:
    """The context of the running request or job; outside both, a command's."""
    return _current.get() or TrailContext("command", uuid4())


@contextmanager
def acting_via(via: str, correlation_id: UUID | None = None) -> Iterator[TrailContext]:
    """Everything recorded inside the block came in via `via`."""
    context = TrailContext(via, correlation_id or uuid4())
    token = _current.set(context)
    try:
        yield context
    finally:
        _current.reset(token)
