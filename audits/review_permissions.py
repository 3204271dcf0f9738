"""What one person may do with one improvement or one risk, beside the capabilities of their role."""

from django.utils.translation import gettext as _

from audits.choices import ImprovementState
from audits.models import Improvement, SmsRisk
from common.decisions import ALLOWED, Decision, denied
from phases.selectors.whom import users_of
from projects.permissions import Access


def may_change_improvement(row: Improvement, access: Access) -> Decision:
    """Who decides on improvements changes each; who proposed it, while it is proposed; its owner after that.

    One query at most.
    """
    decides = access.can("improvements.decide")
    if decides:
        return decides
    proposes = access.can("improvements.propose")
    if not proposes:
        return proposes
    if row.state == ImprovementState.PROPOSED and row.proposed_by_id == access.user_id:
        return ALLOWED
    if row.owner_id is not None and access.user_id in users_of({row.owner_id})[row.owner_id]:
        return ALLOWED
    return denied(_("Its owner, who decides on improvements and, before that, who proposed it change an improvement."))


def may_work_on_improvement(row: Improvement, access: Access) -> Decision:
    """Who moves an improvement on and measures it: its owner, and who decides on improvements. One query at most."""
    decides = access.can("improvements.decide")
    if decides:
        return decides
    proposes = access.can("improvements.propose")
    if not proposes:
        return proposes
    if row.owner_id is not None and access.user_id in users_of({row.owner_id})[row.owner_id]:
        return ALLOWED
    return denied(_("Its owner and who decides on improvements say how far it is."))


def may_keep_sms_risk(row: SmsRisk, access: Access) -> Decision:
    """Who keeps risks of the SMS changes each; its owner, who works in the project, this one. One query at most."""
    keeps = access.can("smsrisks.manage")
    if keeps or not access.can("improvements.propose"):
        return keeps
    if row.owner_id is not None and access.user_id in users_of({row.owner_id})[row.owner_id]:
        return ALLOWED
    return keeps
