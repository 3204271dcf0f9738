"""What one person may do with one row of what comes round, beside the capabilities of their role."""

from django.utils.translation import gettext as _

from audits.models import CycleEntry
from common.decisions import ALLOWED, Decision, denied
from phases.selectors.whom import users_of
from projects.permissions import Access


def may_do_entry(entry: CycleEntry, access: Access) -> Decision:
    """Whether a person may say that something that comes round was done: its owner, and who keeps it. One query."""
    if access.can("services.change"):
        return ALLOWED
    owns = entry.owner_id is not None and access.user_id in users_of({entry.owner_id})[entry.owner_id]
    # A role that reads only, such as the auditor's, does not write because an entry names it.
    if owns and access.can("improvements.propose"):
        return ALLOWED
    return denied(_("Its owner, the project manager and process owners say that it was done."))
