"""Links between activities: one waits for another, in every phase that has both."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audittrail.services import Draft, record_event
from common.exceptions import RuleBroken
from phases.domain.order import path_between
from phases.models import ActivityLink, ProjectActivity
from projects.models import Project
from projects.services.guards import require_capability

MOST_LINKS = 2000
MOST_NAMED = 6


@transaction.atomic
def add_link(
    *, acting_user: User | None, project: Project, before: ProjectActivity, after: ProjectActivity
) -> ActivityLink:
    """Let `after` wait for `before`. No date moves by that alone; the next recomputation keeps to it.

    Raises RuleBroken for an activity that would wait for itself, directly or along other links (the message names
    them), for a link that stands already, or too many; ProjectActivity.DoesNotExist for another project's.
    """
    require_capability(acting_user, "phases.schedule", project)
    if before.project_id != project.pk or after.project_id != project.pk:
        raise ProjectActivity.DoesNotExist
    if before == after:
        raise RuleBroken(_("%(ref)s cannot wait for itself.") % {"ref": after.ref}, field="before")
    links = list(ActivityLink.objects.filter(project=project).values_list("before_id", "after_id"))
    if (before.pk, after.pk) in links:
        raise RuleBroken(
            _("%(after)s waits for %(before)s already.") % {"after": after.ref, "before": before.ref}, field="before"
        )
    if len(links) >= MOST_LINKS:
        raise RuleBroken(_("A plan has %(most)d links at most.") % {"most": MOST_LINKS})
    circle = path_between(links, after.pk, before.pk)
    if circle:
        raise RuleBroken(_circle(circle, after, before), field="before")
    link = ActivityLink.objects.create(project=project, before=before, after=after)
    record_event(
        stream_id=project.uuid,
        acting_user=acting_user,
        draft=Draft("link", "activity", after.ref, "", {"waits for": [None, before.ref]}),
    )
    return link


def _circle(circle: list[int], after: ProjectActivity, before: ProjectActivity) -> str:
    refs = dict(ProjectActivity.objects.filter(pk__in=circle).values_list("pk", "ref"))
    names = [refs[pk] for pk in circle]
    if len(names) > MOST_NAMED:
        names = [*names[: MOST_NAMED - 2], "…", *names[-1:]]
    return _(
        "%(after)s cannot wait for %(before)s: %(before)s waits for %(after)s already (%(way)s). Remove one of "
        "those links first."
    ) % {"after": after.ref, "before": before.ref, "way": " → ".join(names)}


@transaction.atomic
def remove_link(*, acting_user: User | None, project: Project, link: ActivityLink) -> None:
    """Let an activity wait no longer. Raises ActivityLink.DoesNotExist for another project's."""
    require_capability(acting_user, "phases.schedule", project)
    if link.project_id != project.pk:
        raise ActivityLink.DoesNotExist
    before, after = link.before.ref, link.after.ref
    link.delete()
    record_event(
        stream_id=project.uuid,
        acting_user=acting_user,
        draft=Draft("unlink", "activity", after, "", {"waits for": [before, None]}),
    )
