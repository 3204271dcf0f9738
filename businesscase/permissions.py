"""Who may work on a risk."""

from accounts.models import User
from businesscase.models import Risk
from common.decisions import ALLOWED, Decision
from projects.permissions import Access


def can_work_on(access: Access, user: User | None, risk: Risk) -> Decision:
    """Who manages risks works on each, and its owner on this one. `risk` comes with its owner."""
    may = access.can("risks.manage")
    if may:
        return may
    reports = access.can("risks.report")
    is_owner = user is not None and risk.owner is not None and risk.owner.user_id == user.pk
    return ALLOWED if reports and is_owner else may
