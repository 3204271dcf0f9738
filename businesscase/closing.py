"""A phase closes when it cost what was allowed, or when somebody said why not."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from businesscase.domain.outlook import Bounds
from businesscase.selectors import cases_of
from businesscase.selectors.money import money_of
from businesscase.templatetags.case_ui import money as spoken
from projects.models import Project
from projects.registries import ClosingCheck, register_closing_check


def cost_not_explained(project: Project, phase: int) -> str:
    """What is dearer than allowed in `phase` without a reason; "" where nothing is, or nothing was approved."""
    for case in cases_of(project).values():
        found = money_of(case)
        outlook = found.outlook(phase)
        if found.version is None or outlook.bounds != Bounds.BEYOND or found.reason(phase):
            continue
        values = {
            "number": phase,
            "forecast": spoken(outlook.forecast),
            "plan": spoken(outlook.plan),
            "currency": project.currency,
            "percent": f"{(outlook.tolerance * 100).normalize():f}",
        }
        if not outlook.plan:
            return (
                _("Phase %(number)d costs %(forecast)s %(currency)s, for which nothing was approved. Say why.") % values
            )
        return (
            _(
                "Phase %(number)d costs %(forecast)s %(currency)s instead of the %(plan)s that were approved, more "
                "than the %(percent)s percent allowed. Say why on its outlook."
            )
            % values
        )
    return ""


def register() -> None:
    """Hold every phase to it."""
    register_closing_check(
        "cost-tolerance",
        ClosingCheck(
            gettext_lazy("Cost within its tolerance, or with a reason"),
            cost_not_explained,
            yields_to_reason=True,
            address=lambda project: reverse("case_variance", args=[project.slug]),
        ),
        order=30,
    )
