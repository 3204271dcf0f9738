"""What one person may do with one row, beside the capabilities of their role."""

from django.utils.translation import gettext as _

from common.decisions import ALLOWED, Decision, denied
from governance.models import Action
from phases.selectors.whom import users_of
from projects.permissions import Access


def may_do_action(action: Action, access: Access) -> Decision:
    """Whether a person may say that an action is done: its owner, and who prepares for the committee. One query."""
    if access.can("governance.prepare"):
        return ALLOWED
    owns = action.owner_id is not None and access.user_id in users_of({action.owner_id})[action.owner_id]
    # A role that reads only, such as the auditor's, does not write because an action names it.
    if owns and access.can("lessons.capture"):
        return ALLOWED
    return denied(_("Its owner, the project manager and the chair say that an action is done."))


def may_change_action(action: Action, access: Access) -> Decision:
    """Whether a person may change an action or let it go; a condition is the chair's. No query."""
    if not action.is_condition:
        return access.can("governance.prepare")
    if access.can("governance.decide"):
        return ALLOWED
    return denied(_("A decision depends on this condition: the chair changes it or lets it go, with words."))
