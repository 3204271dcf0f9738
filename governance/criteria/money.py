"""What the business case says at a gate: whether the phase cost what was allowed."""

from datetime import date
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from businesscase.selectors.standing import Reading as ReadCase
from businesscase.selectors.standing import standing_of
from businesscase.templatetags.case_ui import money as spoken
from governance.criteria.words import bare
from governance.registries import GateCriterion, Reading, register_gate_criterion
from projects.models import Project


def cost_within(project: Project, gate: int, threshold: Decimal | None, _day: date) -> Reading:
    """The phase costs no more than was approved and a part of it: its own tolerance, unless the gate sets another.

    Two queries.
    """
    standing = standing_of(project, ReadCase.AMOUNTS)
    source, url = _("Business case"), reverse("case_variance", args=[project.slug])
    if standing is None or standing.approved is None:
        url = reverse("case", args=[project.slug])
        return Reading(False, "–", "", _("no version of the business case is approved"), source, url)
    outlook = standing.outlooks[gate]
    allowed = threshold if threshold is not None else outlook.tolerance * 100
    limit = _("up to +%(percent)s%%") % {"percent": bare(allowed)}
    detail = _("%(forecast)s of %(plan)s %(currency)s") % {
        "forecast": spoken(outlook.forecast),
        "plan": spoken(outlook.plan),
        "currency": project.currency,
    }
    if outlook.share is None:
        return Reading(not outlook.forecast, spoken(outlook.forecast), limit, detail, source, url)
    percent = (outlook.share * 100).quantize(Decimal("0.1"))
    met = outlook.deviation <= outlook.plan * allowed / 100
    return Reading(
        met,
        f"{percent:+}%",
        limit,
        detail,
        source,
        url,
        share=min(1.0, max(0.0, float(percent / allowed))) if allowed else None,
        mark=1.0 if allowed else None,
        plain=percent,
    )


def register() -> None:
    """Ask for it where a phase ends."""
    register_gate_criterion(
        "cost-within",
        GateCriterion(
            gettext_lazy("Cost of the phase against plan"),
            (1, 2, 3),
            cost_within,
            unit="percent",
            help=gettext_lazy(
                "What the phase will have cost keeps to what was approved for it and the tolerance that the business "
                "case allows, or the one set here."
            ),
        ),
        order=40,
    )
