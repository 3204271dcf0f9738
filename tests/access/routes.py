"""The routes of the application, read from the URL resolver, and an address of the cast for each."""

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from projects.models import Organization, Party, Project
from tests.access import matrix
from tests.cast import Cast

#: Routes of one internal audit; what else begins like this belongs to requests of auditors.
AUDIT_ROUTES = frozenset(
    {
        *("audit", "audit_export", "audit_change", "audit_team", "audit_begin", "audit_cancel", "audit_fill"),
        *("audit_point_add", "audit_report", "audit_point", "audit_point_drop", "audit_sample", "audit_draw"),
        *("audit_sample_drop", "audit_finding"),
    }
)


def routes() -> Iterator[tuple[str, list[str]]]:
    """Every named route with the names of its arguments; packages' own pages come with their prefix."""
    yield from _walk(get_resolver().url_patterns, "")


def _walk(patterns: list[Any], namespace: str) -> Iterator[tuple[str, list[str]]]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from _walk(
                pattern.url_patterns, f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            )
        elif isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name}", list(pattern.pattern.converters)


def address(name: str, cast: Cast, project: Project) -> str:
    """The address of a route for `project`, with keys of its own rows."""
    if name in matrix.ORGANIZATION:
        return organization_address(name, project.organization)
    row = project.phase_activities.select_related("activity").get(activity__ref="CH.i", phase_number=1)
    membership = project.memberships.order_by("-pk").first()
    party = Party.objects.filter(project=project).order_by("-pk").first()
    values: dict[str, Any] = {
        "slug": project.slug,
        "name": "npv" if name == "case_figure" else "progress",
        "number": "8.5.1" if name.startswith("clause") else 1,
        "edition": "2018",
        "page": 1,
        "pk": {
            "row": row.pk,
            "row_status": row.pk,
            "row_party": row.pk,
            "row_due": row.pk,
            "row_note": row.pk,
            "plan_move": row.pk,
            **dict.fromkeys(("work_row", "work_status", "work_round", "work_undo", "work_comment"), row.pk),
            "team_end": membership.pk if membership else 0,
            "team_revoke": 1,
            "visitor_end": membership.pk if membership else 0,
            **dict.fromkeys(
                ("job", "job_state", "job_cancel", "job_retry", "job_result"), "00000000-0000-0000-0000-000000000001"
            ),
        }.get(name, 1),
        "ref": _ref(name),
        "line": "cost",
        "major": 0,
        "minor": 1,
        "anchor": "what-we-do",
        "point": 1 if name in AUDIT_ROUTES else "purpose" if name.startswith("small_") else "a",
        "sample": 1,
        "code": "CH",
        "component": "CH",
        "key": _key(name),
        "phase": 1,
        "role": "audit",
        "uuid": party.uuid if party else None,
        "token": "no-such-token",
        "step": "scope",
        "pack": project.catalogue_pack,
        "version": project.catalogue_version,
    }
    known = dict(routes())
    return reverse(name, kwargs={key: values[key] for key in known[name]})


def _key(name: str) -> str:
    if name == "review_treat":
        return "risks"
    if name == "document" or name.startswith("document_"):
        return "how-we-answer"
    if name.startswith("competence"):
        return "own-part"
    if name in ("policy_questions", "policy_explain"):
        return "service-management-policy"
    if name.startswith("objective"):
        return "O-01"
    if name.startswith("gate_"):
        return "means-committed"
    if name.startswith("evidence_request"):
        return "Q-0001"
    if name == "service_change_step":
        return "wish"
    if name == "documents_template":
        return "service-management-policy"
    return "E-0001" if name.startswith("evidence") else "baseline"


def _ref(name: str) -> str:
    if name in AUDIT_ROUTES:
        return "IA-01"
    if name.startswith("pack"):
        return "P-01"
    if name.startswith("gap_"):
        return "Q-5.2.1-01"
    if name.startswith("risk"):
        return "R-01"
    if name.startswith("lesson"):
        return "L-01"
    if name.startswith("finding"):
        return "F-01"
    if name.startswith("audit_request"):
        return "AR-01"
    if name.startswith("external_audit"):
        return "X-01"
    if name.startswith("service_change"):
        return "S-01"
    if name.startswith("improvement"):
        return "I-01"
    if name.startswith("sms_risk"):
        return "SR-01"
    if name.startswith("review"):
        return "MR-01"
    if name.startswith("interface"):
        return "X-001"
    if name.startswith("communication"):
        return "C-001"
    if name.startswith("decision"):
        return "D-01"
    if name.startswith("action"):
        return "A-01"
    if name.startswith("meeting"):
        return "M-01"
    if name == "case_benefit":
        return "B-01"
    return "C-01" if name in ("case_line", "small_line") else "CH.i"


def organization_address(name: str, organization: Organization) -> str:
    """The address of a route of `organization`."""
    values = {
        "slug": organization.slug,
        "uuid": "00000000-0000-0000-0000-000000000001",
        "pack": "tr20000-5-2010",
        "key": "on-call",
    }
    return reverse(name, kwargs={key: values[key] for key in dict(routes())[name]})
