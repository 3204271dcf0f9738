"""What a service may raise. Views turn each into one answer: 403, 409, 422 or 428."""

from typing import Any


class ServiceError(Exception):
    """A business rule refused the act; the message is a sentence for the person who tried."""


class NotPermitted(ServiceError):
    """The person lacks the right (403)."""


class RuleBroken(ServiceError):
    """The state or the input does not allow it (422). `field` names the input where there is one."""

    def __init__(self, message: object, *, field: str = "") -> None:
        super().__init__(str(message))
        self.field = field


class StaleWrite(ServiceError):
    """Somebody else changed the row meanwhile (409). Carries what stands now and what was sent."""

    def __init__(self, message: object, *, current: dict[str, Any], sent: dict[str, Any]) -> None:
        super().__init__(str(message))
        self.current = current
        self.sent = sent


class VersionMissing(ServiceError):
    """A write that says not which version it read (428)."""
