"""Who may work on a lesson, and who may attest an outcome."""

from collections.abc import Collection

from django.utils.translation import gettext as _

from accounts.models import User
from common.decisions import ALLOWED, Decision, denied
from governance.models import Lesson
from projects.permissions import Access


def can_work_on(access: Access, user: User | None, lesson: Lesson, own: Collection[int] = ()) -> Decision:
    """Who settles lessons works on each; who captured one, or owns it (`own` are the person's parties), on that one."""
    may = access.can("lessons.manage")
    if may or user is None:
        return may
    captures = access.can("lessons.capture")
    if not captures:
        return captures
    if lesson.captured_by_id == user.pk or (lesson.owner_id is not None and lesson.owner_id in own):
        return ALLOWED
    return denied(_("This lesson is another's. Who captured it, its owner or the project manager changes it."))


def can_attest(access: Access, owned: Collection[str], key: str) -> Decision:
    """A manager attests every outcome, a process owner those where they answer for an activity (`owned`)."""
    decision = access.can("outcomes.attest")
    if not decision or access.is_system or access.can("lessons.manage"):
        return decision
    if key in owned:
        return ALLOWED
    return denied(_("Who answers for an activity of it attests this outcome, or the project manager."))
