"""The table of transitions of a phase activity. No Django."""

from dataclasses import dataclass

NOT_STARTED, IN_PROGRESS, DONE = "not started", "in progress", "done"
VERIFIED, BLOCKED, NOT_APPLICABLE = "verified", "blocked", "not applicable"
STATUSES = (NOT_STARTED, IN_PROGRESS, DONE, VERIFIED, BLOCKED, NOT_APPLICABLE)
OPEN_STATUSES = (NOT_STARTED, IN_PROGRESS, BLOCKED)


@dataclass(frozen=True, slots=True)
class Transition:
    """What one step asks for. `capability` is the right it needs; `needs_text` names the words it needs."""

    capability: str
    needs_text: str = ""


_REPORT, _VERIFY, _TAILOR = "phases.report", "phases.verify", "phases.tailor"

TRANSITIONS: dict[tuple[str, str], Transition] = {
    (NOT_STARTED, IN_PROGRESS): Transition(_REPORT),
    (NOT_STARTED, BLOCKED): Transition(_REPORT, "reason"),
    (NOT_STARTED, NOT_APPLICABLE): Transition(_TAILOR, "justification"),
    (IN_PROGRESS, NOT_STARTED): Transition(_REPORT),
    (IN_PROGRESS, DONE): Transition(_REPORT),
    (IN_PROGRESS, BLOCKED): Transition(_REPORT, "reason"),
    (IN_PROGRESS, NOT_APPLICABLE): Transition(_TAILOR, "justification"),
    (BLOCKED, NOT_STARTED): Transition(_REPORT),
    (BLOCKED, IN_PROGRESS): Transition(_REPORT),
    (BLOCKED, NOT_APPLICABLE): Transition(_TAILOR, "justification"),
    (DONE, VERIFIED): Transition(_VERIFY),
    (DONE, IN_PROGRESS): Transition(_REPORT),
    (VERIFIED, IN_PROGRESS): Transition(_VERIFY, "reason"),
    (NOT_APPLICABLE, NOT_STARTED): Transition(_TAILOR),
}

# Where one press of a button may take two steps: the trail tells both.
_OVER_IN_PROGRESS = {(NOT_STARTED, DONE), (BLOCKED, DONE), (DONE, NOT_STARTED), (DONE, BLOCKED)}

# Why a step that people try is not in the table, in words that say what to do instead.
_REFUSALS: dict[tuple[str, str], str] = {
    (NOT_STARTED, DONE): "Set it in progress first: done follows work that somebody began.",
    (NOT_STARTED, VERIFIED): "Only what is done can be verified.",
    (IN_PROGRESS, VERIFIED): "Only what is done can be verified. Let the owner report it done first.",
    (BLOCKED, DONE): "It is blocked. Set it in progress when the block is gone, then done.",
    (BLOCKED, VERIFIED): "It is blocked. Only what is done can be verified.",
    (DONE, NOT_STARTED): "It was reported done. Set it back in progress instead.",
    (DONE, BLOCKED): "It was reported done. Set it back in progress first if something still blocks it.",
    (DONE, NOT_APPLICABLE): "It was reported done, so it applies. Set it back in progress first.",
    (VERIFIED, NOT_STARTED): "It was verified. Set it back in progress, with a reason.",
    (VERIFIED, DONE): "It was verified. Set it back in progress, with a reason.",
    (VERIFIED, BLOCKED): "It was verified. Set it back in progress first, with a reason.",
    (VERIFIED, NOT_APPLICABLE): "It was verified, so it applies.",
}


def transition(before: str, after: str) -> Transition | None:
    """What the step from `before` to `after` asks for, or None where the table does not have it."""
    return TRANSITIONS.get((before, after))


def path_to(before: str, after: str) -> tuple[str, ...]:
    """The statuses that one press from `before` to `after` goes through, `after` last."""
    return (IN_PROGRESS, after) if (before, after) in _OVER_IN_PROGRESS else (after,)


def refusal(before: str, after: str) -> str:
    """Why the table does not have a step, as a sentence."""
    if before == NOT_APPLICABLE:
        return "It is marked as not applicable. Set it back to not started first."
    return _REFUSALS.get((before, after), f"An activity that is {before} cannot become {after}.")


def steps_from(before: str) -> list[str]:
    """The statuses that can follow `before`, in the order in which menus show them."""
    return [after for after in STATUSES if (before, after) in TRANSITIONS]
