"""What top management says of its commitment, in its own words."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audittrail.services import Draft, record_event
from common import clock
from common.exceptions import RuleBroken
from common.texts import clean_text
from governance.commitment_guide import points
from governance.models import CommitmentNote
from projects.models import Project
from projects.services.guards import require_capability

LONGEST = 2000


@transaction.atomic
def say_commitment(*, acting_user: User | None, project: Project, point: str, words: str) -> CommitmentNote:
    """Say how one point is kept. What was said before stays readable; the same words again change nothing.

    One trail event. Raises NotPermitted; RuleBroken for no point, no words, or too many.
    """
    require_capability(acting_user, "governance.commit", project)
    if point not in points():
        raise RuleBroken(_("There is no such point. Choose one of the page."), field="point")
    said = clean_text(words).strip()
    if not said:
        raise RuleBroken(_("Say in a sentence or two what you do about it yourself."), field="words")
    if len(said) > LONGEST:
        raise RuleBroken(_("This is longer than %(most)d characters.") % {"most": LONGEST}, field="words")
    before = CommitmentNote.objects.filter(project=project, point=point).order_by("-pk").first()
    if before is not None and before.words == said:
        return before
    note = CommitmentNote.objects.create(
        project=project,
        point=point,
        edition=project.edition,
        words=said,
        written_by=acting_user,
        written_at=clock.now(),
    )
    record_event(
        stream_id=project.uuid,
        acting_user=acting_user,
        draft=Draft(
            "say",
            "commitment",
            point,
            points()[point].title,
            {"words": [before.words if before is not None else None, said]},
        ),
    )
    return note
