"""Who may answer which question."""

from collections.abc import Collection

from django.utils.translation import gettext as _

from common.decisions import ALLOWED, Decision, denied
from gapanalysis.models import Assessment
from projects.permissions import Access


def can_answer(access: Access, assessment: Assessment, section: str, mine: Collection[str] | None) -> Decision:
    """Managers answer everything; others the sections they were given. `mine` empty: all of it; None: no assessor.

    Nobody answers an assessment that is a draft or locked.
    """
    may = access.can("gap.answer")
    if not may:
        return may
    if assessment.is_locked:
        return denied(_("This assessment is locked. What it says never changes again."))
    if not assessment.takes_answers:
        return denied(_("This assessment has not been opened yet."))
    if access.is_system or access.can("gap.manage"):
        return ALLOWED
    if mine is None:
        return denied(_("You are no assessor of this assessment. A project manager can make you one."))
    if mine and section not in mine:
        return denied(_("This section was given to somebody else."))
    return ALLOWED
