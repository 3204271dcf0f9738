"""What findings say at the end of phase 3 and at the last gate."""

from datetime import date
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from audits.selectors.findings import open_majors
from governance.criteria.words import named
from governance.registries import GateCriterion, Reading, register_gate_criterion
from projects.models import Project
from projects.registries import ClosingCheck, register_closing_check

LAST_IMPLEMENTATION = 3


def majors_missing(project: Project, phase: int) -> str:
    """Which major nonconformities are not settled at the end of phase 3; "" where none is. One query."""
    # Asked at the end of each phase, so that the page of one costs what that of another does.
    found = open_majors(project)
    if phase != LAST_IMPLEMENTATION or not found:
        return ""
    words = ngettext(
        "%(n)d major nonconformity is not settled: %(names)s.",
        "%(n)d major nonconformities are not settled: %(names)s.",
        len(found),
    )
    return words % {"n": len(found), "names": ", ".join(each.ref for each in found[:8])}


def no_major(project: Project, _gate: int, _threshold: Decimal | None, _day: date) -> Reading:
    """No major nonconformity is open: corrected, and somebody else saw that it works. One query."""
    found = open_majors(project)
    return Reading(
        not found,
        ngettext("%(n)d open", "%(n)d open", len(found)) % {"n": len(found)},
        _("none open"),
        _("open: %(names)s") % {"names": named([each.ref for each in found])} if found else "",
        _("Findings"),
        f"{reverse('findings', args=[project.slug])}?grade=major",
        plain=len(found),
    )


def register() -> None:
    """Hold phase 3 and the last gate to it."""
    register_closing_check(
        "major-nonconformities",
        ClosingCheck(
            gettext_lazy("No major nonconformity is open"),
            majors_missing,
            yields_to_reason=True,
            address=lambda project: f"{reverse('findings', args=[project.slug])}?grade=major",
        ),
        order=60,
    )
    register_gate_criterion(
        "no-major-nonconformity",
        GateCriterion(
            gettext_lazy("No major nonconformity open"),
            (4,),
            compute=no_major,
            help=gettext_lazy("What an audit called major is corrected, and somebody checked that it holds."),
        ),
        order=63,
    )
