"""The trail row of an act on a finding or a request, and whom to tell of it."""

from collections.abc import Iterable, Mapping

from accounts.models import User
from audits.models import AuditFinding, AuditRequest
from audittrail.services import Draft, record_event
from notifications.models import Occasion
from notifications.registry import News
from notifications.services.notices import occur

FINDING, REQUEST = "audit finding", "audit request"
ASKED, GIVEN, NOT_ENOUGH, SETTLED = "audit asks", "audit answered", "audit not enough", "audit settled"
YOURS, STEP_YOURS, TO_VERIFY = "finding yours", "corrective action yours", "effect to verify"
FINDING_LATE, FINDING_DUE, REQUEST_LATE, REQUEST_DUE = (
    "finding overdue",
    "finding due",
    "audit request overdue",
    "audit request due",
)


def tell_finding(
    acting_user: User | None,
    finding: AuditFinding,
    action: str,
    changes: Mapping[str, object] | None = None,
    reason: str = "",
) -> None:
    """Record `action` on a finding, last in its service."""
    record_event(
        stream_id=finding.project.uuid,
        acting_user=acting_user,
        draft=Draft(action, FINDING, finding.ref, finding.title[:120], dict(changes or {}), reason),
    )


def tell_request(
    acting_user: User | None,
    request: AuditRequest,
    action: str,
    changes: Mapping[str, object] | None = None,
    reason: str = "",
) -> None:
    """Record `action` on a request of an auditor, last in its service."""
    record_event(
        stream_id=request.project.uuid,
        acting_user=acting_user,
        draft=Draft(action, REQUEST, request.ref, request.text[:120], dict(changes or {}), reason),
    )


def tell_people(
    row: AuditFinding | AuditRequest, kind: str, acting_user: User | None, people: Iterable[int], **facts: object
) -> None:
    """Let people (by id) know of `kind` about `row`; who acts is not told of their own act."""
    told = sorted(set(people) - {acting_user.pk if acting_user is not None else None})
    if told:
        said = {"row": row.pk, "people": told, "version": row.version, **facts}
        occur(row.project, kind, acting_user=acting_user, facts=said)


def news_of(occasion: Occasion) -> list[News]:
    """Who is told what. No query."""
    facts = occasion.facts
    thing = f"{occasion.kind} {facts['row']} {facts['version']}"
    return [News(person, occasion.kind, thing, occasion.project_id, facts["row"]) for person in facts["people"]]
