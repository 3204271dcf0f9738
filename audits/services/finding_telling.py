"""The trail row of an act on a finding or a request, and whom to tell of it."""

from collections.abc import Iterable, Mapping

from accounts.models import User
from audits.models import AuditFinding, AuditRequest
from audittrail.services import Draft, record_event
from notifications.models import Occasion
from notifications.registry import News
from notifications.services.notices import occur

FINDING, REQUEST = "audit finding", "audit request"
#: Kinds of notices. ASKED: an auditor waits for you. ANSWERED: given, or accepted. YOURS: correct or verify a finding.
ASKED, ANSWERED, YOURS = "audit asks", "audit answered", "finding yours"
DUE, LATE, COMMITTEE_LATE = "audit due", "audit overdue", "nonconformity late"
#: What a notice is about, in its facts.
OWNED, STEP, VERIFY = "finding", "action", "verify"


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
    row: AuditFinding | AuditRequest, kind: str, acting_user: User | None, people: Iterable[int], what: str = ""
) -> None:
    """Let people (by id) know of `kind` about `row` (`what` of it); who acts is not told of their own act."""
    told = sorted(set(people) - {acting_user.pk if acting_user is not None else None})
    if told:
        said = {"row": row.pk, "people": told, "version": row.version, "what": what}
        occur(row.project, kind, acting_user=acting_user, facts=said)


def news_of(occasion: Occasion) -> list[News]:
    """Who is told what. No query."""
    facts = occasion.facts
    thing = f"{occasion.kind} {facts['row']} {facts['version']} {facts['what']}".strip()
    said = {"what": facts["what"]}
    return [News(person, occasion.kind, thing, occasion.project_id, facts["row"], said) for person in facts["people"]]
