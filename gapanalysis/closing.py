"""A phase closes when its achievement analysis is locked, or for a reason."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gapanalysis.choices import PHASE_OF, AssessmentState
from gapanalysis.models import Assessment
from projects.models import Project
from projects.registries import ClosingCheck, register_closing_check

KIND_OF = {phase: kind for kind, phase in PHASE_OF.items()}


def missing_analysis(project: Project, phase: int) -> str:
    """What is missing of the achievement analysis of `phase`; "" where nothing is, or the phase has none. One query."""
    kind = KIND_OF.get(phase)
    if kind is None:
        return ""
    found = list(Assessment.objects.filter(project=project, kind=kind).order_by("-pk"))
    if any(each.is_locked for each in found):
        return ""
    if not found:
        return _("The achievement analysis of phase %(number)d has not been started.") % {"number": phase}
    newest = found[0]
    if newest.state == AssessmentState.REVIEW:
        return _("%(title)s is in review. Lock it first.") % {"title": newest.title}
    return _("%(title)s is not locked yet: answer it, hand it to review, lock it.") % {"title": newest.title}


def register() -> None:
    """Hold phases 1 to 3 to it."""
    register_closing_check(
        "achievement-analysis",
        ClosingCheck(
            gettext_lazy("Achievement analysis locked"),
            missing_analysis,
            yields_to_reason=True,
            address=lambda project: reverse("gap", args=[project.slug]),
        ),
        order=20,
    )
