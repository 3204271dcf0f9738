"""What documents and evidence say at a gate."""

from datetime import date
from decimal import Decimal

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from documents.models import Document
from documents.selectors.register import not_in_force
from evidence.choices import ItemState
from evidence.domain.records import GOAL
from evidence.models import ActivityEvidence
from evidence.selectors.records import records_of
from governance.criteria.words import bare, named
from governance.domain.criteria import Progress, part_of
from governance.registries import GateCriterion, Reading, register_gate_criterion
from phases.choices import Status
from phases.models import PhaseActivity
from projects.models import Project
from projects.permissions import access_to


def documents_in_force(project: Project, gate: int, _threshold: Decimal | None, _day: date) -> Reading:
    """Required documents of the phase and those before are in force. Three queries."""
    lacking = not_in_force(project, gate)
    place = (_("Documents"), reverse("documents", args=[project.slug]))
    if not lacking and not Document.objects.filter(project=project).exists():
        return Reading(
            False, "–", _("none"), _("no document is kept here; where they are kept elsewhere, do not use it"), *place
        )
    return Reading(not lacking, str(len(lacking)), _("none"), named(lacking), *place, plain=len(lacking))


def done_with_proof(project: Project, gate: int, threshold: Decimal | None, _day: date) -> Reading:
    """A part of what is done or verified in the phase is shown by evidence that counts. One query."""
    percent = threshold if threshold is not None else Decimal(85)
    proof = ActivityEvidence.objects.filter(
        Q(phase_number__isnull=True) | Q(phase_number=OuterRef("phase_number")),
        activity=OuterRef("activity"),
        item__state=ItemState.CURRENT,
    )
    counts = (
        PhaseActivity.objects.filter(
            project=project,
            phase_number=gate,
            status__in=(Status.DONE, Status.VERIFIED),
            activity__is_supplement=False,
        )
        .annotate(proven=Exists(proof))
        .aggregate(total=Count("pk"), shown=Count("pk", filter=Q(proven=True)))
    )
    found = Progress(counts["shown"], counts["total"], part_of(counts["total"], percent))
    return Reading(
        found.met,
        _("%(n)d of %(of)d") % {"n": found.value, "of": found.total},
        _("%(percent)s%%, %(n)d") % {"percent": bare(percent), "n": found.wanted},
        "" if found.total else _("nothing is done yet"),
        _("Without proof"),
        reverse("evidence_wrong", args=[project.slug]),
        share=found.share if found.total else None,
        mark=found.mark if found.total else None,
        plain=found.value,
    )


def months_of_records(project: Project, _gate: int, threshold: Decimal | None, _day: date) -> Reading:
    """Every activity that operates has records of so many months in a row, up to now. Two queries."""
    months = int(threshold if threshold is not None else GOAL)
    lines = records_of(project, access_to(project, None)).lines
    place = (_("Records over time"), reverse("evidence_records", args=[project.slug]))
    if not lines:
        return Reading(False, "–", _("%(n)d months") % {"n": months}, _("no activity operates yet"), *place)
    lacking = [each.ref for each in lines if each.strip.in_a_row < months]
    found = Progress(len(lines) - len(lacking), len(lines), len(lines))
    return Reading(
        found.met,
        _("%(n)d of %(of)d") % {"n": found.value, "of": found.total},
        _("%(n)d months") % {"n": months},
        _("short of it: %(names)s") % {"names": named(lacking)} if lacking else "",
        *place,
        share=found.share,
        mark=found.mark,
        plain=found.value,
    )


def register() -> None:
    """Ask for documents and proof where a phase ends, for records before the audit of stage 1 is booked."""
    register_gate_criterion(
        "documents-in-force",
        GateCriterion(
            gettext_lazy("Required documents not in force"),
            (1, 2, 3),
            documents_in_force,
            help=gettext_lazy(
                "Every document that the standard asks for, and that belongs to this phase or one before, is approved "
                "and published."
            ),
        ),
        order=30,
    )
    register_gate_criterion(
        "done-with-proof",
        GateCriterion(
            gettext_lazy("Done with proof"),
            (1, 2, 3),
            done_with_proof,
            threshold=Decimal(85),
            unit="percent",
            help=gettext_lazy("So much of what is reported done is shown by evidence that counts."),
        ),
        order=31,
    )
    register_gate_criterion(
        "months-of-records",
        GateCriterion(
            gettext_lazy("Activities with months of records"),
            (4,),
            months_of_records,
            threshold=Decimal(GOAL),
            unit="months",
            help=gettext_lazy("Everything that operates shows records of so many months in a row, up to now."),
        ),
        order=32,
    )
