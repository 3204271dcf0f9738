"""What every change of a draft checks first."""

from django.utils.translation import gettext as _

from accounts.models import User
from businesscase.models import BusinessCase
from businesscase.selectors import submitted_version
from common.exceptions import RuleBroken
from projects.services.guards import require_capability


def open_draft(acting_user: User | None, case: BusinessCase, capability: str = "case.edit") -> BusinessCase:
    """The case, fresh and locked, once `acting_user` may change its draft.

    Raises NotPermitted, RuleBroken while a version lies with its approvers, and BusinessCase.DoesNotExist.
    """
    require_capability(acting_user, capability, case.project)
    fresh = own_case(case)
    waiting = submitted_version(fresh)
    if waiting is not None:
        raise RuleBroken(
            _("Version %(number)d lies with its approvers. Withdraw it first, or wait for what they decide.")
            % {"number": waiting.number}
        )
    return fresh


def own_case(case: BusinessCase) -> BusinessCase:
    """The case as it stands in the database, with its project."""
    fresh = BusinessCase.objects.get(pk=case.pk, project_id=case.project_id)
    fresh.project = case.project
    return fresh
