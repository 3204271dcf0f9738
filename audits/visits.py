"""What people who are here as auditors alone looked at: one row for each page and day, written as the page is shown."""

import logging

from django.db import DatabaseError, transaction
from django.db.models import F
from django.http import HttpResponseBase

from accounts.models import User
from audits.models import Visit
from common import clock
from projects.access import ProjectRequest
from projects.choices import ProjectRole
from projects.models import Project
from projects.permissions import Access

ONLY_AUDITOR = frozenset({ProjectRole.AUDITOR})
ADDRESS = 300
log = logging.getLogger(__name__)


def is_only_auditor(access: Access) -> bool:
    """Whether somebody is in a project as an auditor and nothing else."""
    return access.roles == ONLY_AUDITOR and not access.organization_owner


def note_visit(request: ProjectRequest, project: Project, response: HttpResponseBase) -> None:
    """Write down that an auditor saw a page or took a file.

    Nothing for others, for what was refused, and for parts of a page. A page is shown even where this cannot be
    written: it says what was looked at and decides nothing.
    """
    if not is_only_auditor(request.access):
        return
    if request.method != "GET" or response.status_code != 200 or "HX-Request" in request.headers:
        return
    try:
        write_visit(project, request.user, request.path)
    except DatabaseError:
        log.warning("a visit of user %s could not be written down", request.user.pk, exc_info=True)


@transaction.atomic
def write_visit(project: Project, user: User, address: str) -> None:
    """Write down that `user` looked at `address` of `project` now, or count it where they did so on the same day."""
    now = clock.now()
    key = {"project": project, "user": user, "on": clock.today(project.time_zone), "address": address[:ADDRESS]}
    if not Visit.objects.filter(**key).update(times=F("times") + 1, last_at=now):
        Visit.objects.bulk_create([Visit(**key, last_at=now)], ignore_conflicts=True)
