"""One committee over several projects: the same people sit in all of them, given their seats in one act."""

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common.exceptions import NotPermitted, RuleBroken
from governance.models import Oversight
from governance.selectors.committee import SEATS
from projects.models import Membership, Project
from projects.permissions import access_to
from projects.services.guards import require_capability
from projects.services.team import grant_role


@dataclass(frozen=True, slots=True)
class Seated:
    """In which projects somebody got a seat, and in how many more the person who gave it does not manage the team."""

    given: tuple[Project, ...]
    not_managed: int


@transaction.atomic
def seat_everywhere(*, acting_user: User | None, project: Project, user: User, role: str) -> Seated:
    """Give `user` the seat `role` in `project`, and in every other project of its committee where they have none.

    Only in projects whose team the person who acts manages. One trail event for each role that is given. Raises
    NotPermitted, RuleBroken where all have them already or the role is no seat, Oversight.DoesNotExist.
    """
    if role not in SEATS:
        raise RuleBroken(_("Choose whether they chair the committee or sit on it."), field="role")
    committee = Oversight.objects.get(project=project).committee_id
    # In one order, so that two who begin from two projects wait for each other and not both.
    overseen = list(Project.objects.filter(oversight__committee=committee).order_by("pk"))
    managed = [each for each in overseen if access_to(each, acting_user).can("team.manage")]
    if project.pk not in {each.pk for each in managed}:
        require_capability(acting_user, "team.manage", project)
        raise NotPermitted(_("You do not manage the team of this project."))
    for each in managed:
        require_capability(acting_user, "team.manage", each)
    there = set(
        Membership.objects.current()
        .filter(project__in=managed, user=user, role__in=SEATS)
        .values_list("project_id", flat=True)
    )
    missing = [each for each in managed if each.pk not in there]
    if not missing:
        raise RuleBroken(_("%(name)s has a seat in all of them already.") % {"name": user})
    for each in missing:
        grant_role(acting_user=acting_user, project=each, user=user, role=role)
    return Seated(tuple(missing), len(overseen) - len(managed))
