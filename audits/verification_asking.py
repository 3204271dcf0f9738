"""Findings still stand as they came to be: no nonconformity is closed that nobody else saw work."""

from collections.abc import Iterator

from audits.choices import FindingState, Grade, StepState
from audits.models import AuditFinding, AuditRequest
from phases.selectors.whom import users_of


def check_findings(_resume: bool) -> Iterator[str]:
    """Yield a sentence for each finding or request whose row says what could not have come about."""
    rows = AuditFinding.objects.filter(state=FindingState.CLOSED, grade__in=(Grade.MAJOR, Grade.MINOR))
    rows = rows.select_related("project").prefetch_related("corrective_actions", "effect_checks")
    for row in rows.iterator(chunk_size=100):
        name = f"finding {row.ref} of {row.project.slug}"
        checks = list(row.effect_checks.all())
        if not checks or not checks[-1].holds:
            yield f"{name} is closed, and nobody saw that its actions work"
            continue
        steps = list(row.corrective_actions.all())
        if any(step.state == StepState.OPEN for step in steps):
            yield f"{name} is closed with an action that is open"
        if checks[-1].checked_by_id is not None and checks[-1].checked_by_id in {step.done_by_id for step in steps}:
            yield f"{name} was verified by who did one of its actions"
    asked = AuditRequest.objects.filter(asked_of__isnull=False, settled_by__isnull=False, state="accepted")
    found = list(asked.select_related("project"))
    people = users_of({row.asked_of_id for row in found if row.asked_of_id is not None}) if found else {}
    for request in found:
        if request.asked_of_id is not None and request.settled_by_id in people.get(request.asked_of_id, ()):
            yield f"request {request.ref} of {request.project.slug} was accepted by who was asked for it"
