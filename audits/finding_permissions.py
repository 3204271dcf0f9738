"""What one person may do with one finding or one request, beside the capabilities of their role."""

from collections.abc import Collection

from django.utils.translation import gettext as _

from audits.domain.correcting import bars
from audits.models import AuditFinding, AuditRequest, AuditRequestEvidence, AuditTeam, CorrectiveAction
from common.decisions import ALLOWED, Decision, denied
from phases.selectors.whom import users_of
from projects.permissions import Access, access_to


def people_of(party: int | None) -> Collection[int]:
    """The ids of the people who are a party or belong to it. One query at most."""
    return users_of({party})[party] if party is not None else ()


def may_raise(access: Access, audit: int | None = None) -> Decision:
    """Who raises findings by their role; in an internal audit its team does too. One query at most."""
    raises = access.can("findings.raise")
    if raises or audit is None or not access.can("audits.conduct"):
        return raises
    team = AuditTeam.objects.filter(audit=audit).values_list("party_id", "party__user_id")
    if access.user_id in {user for _party, user in team}:
        return ALLOWED
    return raises


def may_describe(finding: AuditFinding, access: Access) -> Decision:
    """Who says what was found, how grave it is, and whether it stands: who raised it.

    Whoever is to correct a finding does not rewrite it. Where who raised it no longer raises findings here, who plans
    audits does. Two queries at most.
    """
    if access.is_system:
        return ALLOWED
    raiser = finding.raised_by
    if raiser is not None and raiser.pk == access.user_id:
        return may_raise(access, finding.audit_id)
    if raiser is None or not may_raise(access_to(finding.project, raiser), finding.audit_id):
        return access.can("audits.manage")
    return denied(_("Who raised it says what was found and how grave it is: %(name)s.") % {"name": raiser})


def may_handle(finding: AuditFinding, access: Access) -> Decision:
    """Who corrects a finding: its owner, and who handles findings. One query at most."""
    handles = access.can("findings.handle")
    if handles:
        return handles
    # A role that reads only does not write because a finding names it.
    if access.can("requests.answer") and access.user_id in people_of(finding.owner_id):
        return ALLOWED
    return denied(_("Its owner and who handles findings correct it."))


def may_do_step(finding: AuditFinding, step: CorrectiveAction, access: Access) -> Decision:
    """Who says that a corrective action is done: its owner, and who may correct the finding. Two queries at most."""
    if access.can("requests.answer") and access.user_id in people_of(step.owner_id):
        return ALLOWED
    return may_handle(finding, access)


def may_check_effect(finding: AuditFinding, access: Access, steps: Collection[CorrectiveAction]) -> Decision:
    """Who says whether the actions work: nobody who owns the finding, or owns or did one of them. One query at most."""
    verifies = access.can("findings.verify")
    if not verifies or access.is_system:
        return verifies
    parties = {each for each in (finding.owner_id, *(step.owner_id for step in steps)) if each is not None}
    found = users_of(parties) if parties else {}
    owners = {person for party in found.values() for person in party}
    doers = {step.done_by_id for step in steps if step.done_by_id is not None}
    bar = bars(access.user_id, owners=owners, doers=doers)
    if bar == "doer":
        return denied(_("You did one of its actions: somebody else says whether they work."))
    if bar == "owner":
        return denied(_("You answer for it or for one of its actions: somebody else says whether they work."))
    return ALLOWED


def may_see_request(request: AuditRequest, access: Access) -> bool:
    """Whether this person may see a request: who walks through the clauses, and who was asked. One query at most."""
    return bool(access.can("clauses.view")) or access.user_id in people_of(request.asked_of_id)


def may_answer(request: AuditRequest, access: Access) -> Decision:
    """Who answers a request: who was asked, who plans audits, and where nobody was named each who may answer."""
    answers = access.can("requests.answer")
    if not answers or request.asked_of_id is None or access.can("audits.manage"):
        return answers
    if access.user_id in people_of(request.asked_of_id):
        return ALLOWED
    return denied(_("Somebody else was asked for this: %(name)s.") % {"name": request.asked_of})


def may_settle(request: AuditRequest, access: Access) -> Decision:
    """Who says whether what was given is enough: an auditor, and nobody who was asked or gave. Two queries at most."""
    asks = access.can("requests.ask")
    if not asks or access.is_system:
        return asks
    gave = AuditRequestEvidence.objects.filter(request=request, added_by=access.user_id)
    if access.user_id in people_of(request.asked_of_id) or gave.exists():
        return denied(_("You were asked for it or gave it: an auditor says whether it is enough."))
    return ALLOWED
