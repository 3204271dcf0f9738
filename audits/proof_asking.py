"""Items of evidence that show findings, or were given to auditors, on the pages of evidence."""

from collections.abc import Collection

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from audits.models import AuditFinding, AuditRequestEvidence, FindingEvidence
from audits.services.findings import unlink_from_finding
from common.exceptions import RuleBroken
from evidence.models import EvidenceItem
from evidence.registries import AlsoProven, LinkKind, register_link_kind
from projects.models import Project
from projects.permissions import Access


def proven_findings(project: Project, _access: Access, items: Collection[int] | None) -> list[AlsoProven]:
    """The findings that items belong to. One query."""
    links = FindingEvidence.objects.filter(project=project).select_related("finding")
    if items is not None:
        links = links.filter(item__in=items)
    return [
        AlsoProven(
            item_id=link.item_id,
            key=link.finding.ref,
            label=link.finding.ref,
            title=link.finding.title,
            url=reverse("finding", args=[project.slug, link.finding.ref]),
            note=link.note,
            # What shows that something does not conform proves no conformity.
            clauses={},
        )
        for link in links.order_by("finding", "pk")
    ]


def proven_requests(project: Project, _access: Access, items: Collection[int] | None) -> list[AlsoProven]:
    """The requests that items were given for. One query."""
    links = AuditRequestEvidence.objects.filter(project=project).select_related("request")
    if items is not None:
        links = links.filter(item__in=items)
    return [
        AlsoProven(
            item_id=link.item_id,
            key=link.request.ref,
            label=link.request.ref,
            title=link.request.text[:120],
            url=reverse("audit_request", args=[project.slug, link.request.ref]),
            note=link.note,
            stays=_("It was given to an auditor, and stays given."),
            clauses={link.request.edition: [link.request.clause]} if link.request.clause else {},
        )
        for link in links.order_by("request", "pk")
    ]


def take_off_finding(*, acting_user: User | None, project: Project, item: EvidenceItem, key: str) -> None:
    """Take an item off the finding that `key` names. Raises RuleBroken, NotPermitted."""
    finding = AuditFinding.objects.filter(project=project, ref=key).first()
    if finding is None:
        raise RuleBroken(_("There is no finding %(key)s.") % {"key": key[:12]})
    finding.project = project
    unlink_from_finding(acting_user=acting_user, finding=finding, key=item.key)


def keep_given(*, acting_user: User | None, project: Project, item: EvidenceItem, key: str) -> None:
    """What was given to an auditor stays given. Raises RuleBroken."""
    raise RuleBroken(_("It was given to an auditor, and stays given."))


def register() -> None:
    """Let items be of findings and requests."""
    register_link_kind(
        "finding",
        LinkKind(
            title=gettext_lazy("Findings"),
            model=FindingEvidence,
            capability="findings.view",
            proven=proven_findings,
            counted=lambda n: ngettext("%(n)d finding", "%(n)d findings", n) % {"n": n},
            unlink=take_off_finding,
        ),
        order=40,
    )
    register_link_kind(
        "audit-request",
        LinkKind(
            title=gettext_lazy("Requests of auditors"),
            model=AuditRequestEvidence,
            capability="clauses.view",
            proven=proven_requests,
            counted=lambda n: ngettext("%(n)d request of an auditor", "%(n)d requests of auditors", n) % {"n": n},
            unlink=keep_given,
        ),
        order=41,
    )
