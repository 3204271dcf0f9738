"""The overview of an auditor: what they asked for and found, the clauses, and until when they may look."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Count, OuterRef, Q, Subquery

from audits.choices import RequestState
from audits.models import AuditFinding, AuditRequest
from audits.visits import is_only_auditor
from common import clock
from projects.choices import ProjectRole
from projects.models import Membership, Project
from projects.permissions import Access
from projects.registries import Panel, register_panel


def of_auditor(project: Project, access: Access, **_subject: Any) -> Mapping[str, Any] | None:
    """What an auditor comes for; None for everybody else. Two queries."""
    if not is_only_auditor(access):
        return None
    today = clock.today(project.time_zone)
    waiting = Q(state__in=(RequestState.ASKED, RequestState.NOT_ENOUGH))
    mine = AuditRequest.objects.filter(project=project, asked_by=access.user_id).aggregate(
        open=Count("pk", filter=waiting),
        late=Count("pk", filter=waiting & Q(due__lt=today)),
        given=Count("pk", filter=Q(state=RequestState.GIVEN)),
    )
    unsettled = AuditFinding.objects.filter(project=OuterRef("project")).unsettled().order_by()
    held = Membership.objects.current().filter(project=project, user=access.user_id, role=ProjectRole.AUDITOR)
    until, findings = held.annotate(
        findings=Subquery(unsettled.values("project").annotate(n=Count("pk")).values("n"))
    ).values_list("valid_until", "findings")[0]
    return {
        "slug": project.slug,
        "requests": mine,
        "findings": findings or 0,
        "until": until,
        "days": (until - today).days if until is not None else None,
    }


def register() -> None:
    """Put it on the overview."""
    register_panel("dashboard", "auditor", Panel("audits/_auditor_overview.html", of_auditor, "requests.ask"), order=5)
