"""What the parts of this app register when it is ready: one module a part, `register_<part>.py`."""

from collections.abc import Callable

from governance import (
    register_decisions,
    register_end,
    register_gates,
    register_meetings,
    register_steering,
    register_top,
)

PARTS: tuple[Callable[[], None], ...] = (
    register_gates.register,
    register_decisions.register,
    register_meetings.register,
    register_end.register,
    register_steering.register,
    register_top.register,
)
