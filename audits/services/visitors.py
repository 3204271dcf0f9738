"""Acts on auditors from outside: invite one until a day, move the day, end it at once."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common import clock
from common.exceptions import RuleBroken
from projects.choices import ProjectRole
from projects.models import Invitation, Membership, Project
from projects.services.guards import require_capability
from projects.services.invitations import invite
from projects.services.team import end_role, grant_role

LONGEST = timedelta(days=366)


@transaction.atomic
def invite_auditor(
    *,
    acting_user: User | None,
    projects: Sequence[Project],
    email: str,
    name: str,
    valid_until: date | None,
) -> list[Invitation]:
    """Invite one person to audit `projects` of one organization until the end of `valid_until`.

    Each project's invitation goes to that address, and only an account of it can take it. All are sent or none.
    Raises RuleBroken where no project or no day is given, or the day is past or more than a year off.
    """
    if not projects:
        raise RuleBroken(_("Tick the projects that are to be audited."), field="projects")
    if len({project.organization_id for project in projects}) > 1:
        raise RuleBroken(_("All projects must belong to one organization."), field="projects")
    for project in projects:
        require_capability(acting_user, "team.manage", project)
        _check_end(project, valid_until)
    return [
        invite(
            acting_user=acting_user,
            project=project,
            email=email,
            name=name,
            role=ProjectRole.AUDITOR,
            valid_until=valid_until,
        )
        for project in projects
    ]


@transaction.atomic
def move_end(
    *, acting_user: User | None, project: Project, membership: Membership, seen: str, valid_until: date | None
) -> Membership:
    """Give an auditor another last day. `seen` is the `terms_digest` of the form: raises StaleWrite where their roles
    have changed since; RuleBroken for no day, one that is past or more than a year off, and for who has left."""
    require_capability(acting_user, "team.manage", project)
    _check_auditor(project, membership)
    _check_end(project, valid_until)
    if not membership.is_current:
        raise RuleBroken(_("This access has ended. Invite the person again."))
    return grant_role(
        acting_user=acting_user,
        project=project,
        user=membership.user,
        role=ProjectRole.AUDITOR,
        valid_until=valid_until,
        seen=seen,
    )


@transaction.atomic
def end_at_once(*, acting_user: User | None, project: Project, membership: Membership) -> Membership:
    """End the access of an auditor now. Raises RuleBroken where it has ended already."""
    require_capability(acting_user, "team.manage", project)
    _check_auditor(project, membership)
    return end_role(acting_user=acting_user, project=project, membership_id=membership.pk)


def _check_auditor(project: Project, membership: Membership) -> None:
    if membership.project_id != project.pk or membership.role != ProjectRole.AUDITOR:
        raise Membership.DoesNotExist


def _check_end(project: Project, valid_until: date | None) -> None:
    today = clock.today(project.time_zone)
    if valid_until is None:
        raise RuleBroken(_("Give the last day: an auditor from outside comes for a time."), field="valid_until")
    if valid_until < today:
        raise RuleBroken(_("This day is past."), field="valid_until")
    if valid_until > today + LONGEST:
        raise RuleBroken(_("Give a day within a year; it can be moved when it comes near."), field="valid_until")
