"""Whether a version can be submitted to these people, and what an approver ties to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from accounts.models import User
from businesscase.exceptions import OwnWork
from businesscase.models import BusinessCase
from businesscase.services import checks
from common import clock
from common.exceptions import RuleBroken
from phases.models import PlanRules
from projects.models import Project
from projects.permissions import access_to

MOST_APPROVERS = 10
MOST_CONDITIONS = 20
LAST_YEAR = 2100


@dataclass(frozen=True, slots=True)
class ConditionWish:
    """A condition as an approver writes it."""

    text: str
    due: date | None = None


def is_very_small(project: Project) -> bool:
    """Whether the project is that of a very small entity, where people may approve their own work, logged as such."""
    return PlanRules.objects.filter(project=project, very_small=True).exists()


def checked_submission(
    acting_user: User | None, case: BusinessCase, approvers: Sequence[User], decide_by: date | None
) -> date:
    """The day by which is decided. Raises RuleBroken, OwnWork."""
    if decide_by is None:
        raise RuleBroken(_("Say by when it is to be decided."), field="decide_by")
    if decide_by < clock.today(case.project.time_zone):
        raise RuleBroken(_("This day has gone by."), field="decide_by")
    if decide_by.year > LAST_YEAR:
        raise RuleBroken(_("This is too far off."), field="decide_by")
    if not approvers:
        raise RuleBroken(_("Name at least one person who decides."), field="approvers")
    if len(approvers) > MOST_APPROVERS or len({each.pk for each in approvers}) < len(approvers):
        raise RuleBroken(_("Name each person once, at most %(most)d.") % {"most": MOST_APPROVERS}, field="approvers")
    for each in approvers:
        check_approver(acting_user, case.project, each)
    return decide_by


def check_approver(submitter: User | None, project: Project, approver: User) -> None:
    """Refuse who may not approve in `project`, and who would approve what they submitted."""
    if not access_to(project, approver).can("case.approve"):
        raise RuleBroken(
            _("%(name)s cannot approve in this project (any more).") % {"name": approver}, field="approvers"
        )
    if submitter is not None and approver.pk == submitter.pk and not is_very_small(project):
        raise OwnWork(_("Nobody approves what they submitted. Name somebody else."), field="approvers")


def checked_conditions(project: Project, wishes: Sequence[ConditionWish]) -> list[ConditionWish]:
    """The conditions that were written. Raises RuleBroken for a day without words, or a day that has gone by."""
    found = []
    for wish in wishes:
        said = checks.line({"conditions": wish.text}, "conditions", 300)
        if not said and wish.due:
            raise RuleBroken(_("A day stands without a condition. Say what must be met by then."), field="conditions")
        if wish.due and wish.due < clock.today(project.time_zone):
            raise RuleBroken(
                _("%(day)s has gone by. Nobody can meet a condition by then.") % {"day": wish.due.isoformat()},
                field="conditions",
            )
        if wish.due and wish.due.year > LAST_YEAR:
            raise RuleBroken(_("This is too far off."), field="conditions")
        if said:
            found.append(ConditionWish(said, wish.due))
    if len(found) > MOST_CONDITIONS:
        raise RuleBroken(_("Write at most %(most)d conditions.") % {"most": MOST_CONDITIONS}, field="conditions")
    return found
