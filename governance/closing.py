"""A phase closes when its gate let it through; where no committee oversees the project, for a reason."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance.choices import PASSING, Outcome
from governance.models import Oversight
from governance.selectors import gate_decision
from projects.models import Project
from projects.registries import ClosingCheck, register_closing_check

ENDED_BY_GATES = range(4)


def gate_missing(project: Project, phase: int) -> str:
    """What the gate of `phase` lacks where a committee oversees the project; "" where it passed. Two queries."""
    if phase not in ENDED_BY_GATES or not _is_overseen(project):
        return ""
    decision = gate_decision(project, phase)
    if decision is None:
        return _("Gate %(number)d is not decided: only the committee lets this phase close.") % {"number": phase}
    if decision.outcome in PASSING:
        return ""
    return _(
        "Gate %(number)d was decided (%(ref)s): %(outcome)s. The phase stays open until the committee says go."
    ) % {
        "number": phase,
        "ref": decision.ref,
        "outcome": str(Outcome(decision.outcome).label).lower(),
    }


def committee_missing(project: Project, phase: int) -> str:
    """That nobody decides at the gates of this project; "" where a committee does. One query."""
    if phase not in ENDED_BY_GATES or _is_overseen(project):
        return ""
    return _("Nobody decides at gates here: no committee oversees this project.")


def _is_overseen(project: Project) -> bool:
    return Oversight.objects.filter(project=project).exists()


def register() -> None:
    """Hold phases 0 to 3 to it."""
    register_closing_check(
        "gate",
        ClosingCheck(
            gettext_lazy("Gate passed, where a committee oversees the project"),
            gate_missing,
            address=lambda project: reverse("gates", args=[project.slug]),
        ),
        order=10,
    )
    register_closing_check(
        "gate-committee",
        ClosingCheck(
            gettext_lazy("A committee oversees the project"),
            committee_missing,
            yields_to_reason=True,
            address=lambda project: f"{reverse('steering', args=[project.slug])}committee/",
        ),
        order=11,
    )
