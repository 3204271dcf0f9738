"""Who looks at which question."""

from django.db import transaction

from accounts.models import User
from common import clock
from gapanalysis.models import Answer, Presence
from projects.models import Project
from projects.services.guards import require_capability


@transaction.atomic
def be_at(*, acting_user: User, project: Project, answer: Answer) -> None:
    """Note that `acting_user` looks at this question now. No event: it is forgotten within a minute.

    Raises NotPermitted, and Answer.DoesNotExist for another project's.
    """
    require_capability(acting_user, "gap.answer", project)
    if answer.project_id != project.pk:
        raise Answer.DoesNotExist
    Presence.objects.update_or_create(
        assessment_id=answer.assessment_id,
        user=acting_user,
        defaults={"project": project, "answer": answer, "at": clock.now()},
    )
