"""What the record says at gate 3 of internal audit: was every clause looked at?"""

from datetime import date
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audits.selectors.internal import full_audit
from governance.criteria.words import named
from governance.registries import GateCriterion, Reading, register_gate_criterion
from projects.models import Project


def whole_system_audited(project: Project, _gate: int, _threshold: Decimal | None, _day: date) -> Reading:
    """Every clause of the edition was looked at by audits that are reported. One query."""
    wanted, left = full_audit(project)
    seen = len(wanted) - len(left)
    return Reading(
        not left,
        _("%(n)d of %(of)d clauses") % {"n": seen, "of": len(wanted)},
        _("all %(n)d") % {"n": len(wanted)},
        _("no reported audit looked at %(names)s") % {"names": named(list(left))} if left else "",
        _("Internal audit"),
        reverse("audits", args=[project.slug]),
        share=seen / len(wanted) if wanted else None,
        mark=1.0,
        plain=seen,
    )


def register() -> None:
    """Read it from the record, where a person attested it before."""
    register_gate_criterion(
        "internal-audit",
        GateCriterion(
            gettext_lazy("Internal audit of the whole system complete"),
            (3,),
            whole_system_audited,
            help=gettext_lazy(
                "Audits that are reported looked at every clause, each by people who did not build what they looked at."
            ),
        ),
        order=61,
    )
