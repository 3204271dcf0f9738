"""Answers to "may this be done?": allowed, or denied with a reason that a page can show."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether something may be done. False in a boolean context when denied."""

    allowed: bool
    reason: str = ""

    def __bool__(self) -> bool:
        return self.allowed


ALLOWED = Decision(True)


def denied(reason: object) -> Decision:
    """A refusal. `reason` is a whole sentence for the person who was refused."""
    return Decision(False, str(reason))
