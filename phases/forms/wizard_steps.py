"""The pages of the wizard for a new project."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy


@dataclass(frozen=True, slots=True)
class Step:
    """A page of the wizard: its word in the address and the words on it."""

    key: str
    title: str | Promise
    question: str | Promise
    lead: str | Promise


STEPS = (
    Step(
        "organization",
        gettext_lazy("Organization and goal"),
        gettext_lazy("Who builds an SMS, and to which edition?"),
        gettext_lazy("One project is one SMS with one scope. A second scope is a second project."),
    ),
    Step(
        "earlier",
        gettext_lazy("Earlier project"),
        gettext_lazy("Do you build on an earlier project?"),
        gettext_lazy(
            "Its method comes over: how it was cut, what it took. You see every item before anything is made."
        ),
    ),
    Step(
        "scope",
        gettext_lazy("Scope"),
        gettext_lazy("What does the SMS cover?"),
        gettext_lazy(
            "A certificate names services, places and customers. Write it so that a stranger could tell what is in "
            "and what is not."
        ),
    ),
    Step(
        "approach",
        gettext_lazy("Approach"),
        gettext_lazy("How do you want to go?"),
        gettext_lazy("Three ways to cut the work into phases. Three phases fit most; you can change it later."),
    ),
    Step(
        "dates",
        gettext_lazy("Dates"),
        gettext_lazy("When does it start, and how long may it take?"),
        gettext_lazy("Every activity gets a due date inside its phase. You can move each of them later."),
    ),
    Step(
        "people",
        gettext_lazy("Team"),
        gettext_lazy("Who takes part from the first day?"),
        gettext_lazy("Each gets a mail with a link when the project starts, not before. You can skip this."),
    ),
    Step(
        "review",
        gettext_lazy("Review and start"),
        gettext_lazy("Is this the project?"),
        gettext_lazy("Nothing exists yet. The last button makes the plan and sends the invitations."),
    ),
)
KEYS = tuple(step.key for step in STEPS)


def steps_for(*, has_earlier: bool) -> tuple[Step, ...]:
    """The steps for somebody who sees an earlier project, or none."""
    return tuple(step for step in STEPS if has_earlier or step.key != "earlier")
