"""Who may change a comment, and who may settle a question."""

from datetime import timedelta

from django.utils.translation import gettext as _

from common import clock
from common.decisions import ALLOWED, Decision, denied
from notifications.domain.names import EDIT_MINUTES
from notifications.models import Comment
from projects.permissions import Access


def can_edit(access: Access, comment: Comment) -> Decision:
    """Its author, for some minutes, and not once somebody answered."""
    own = _is_own(access, comment)
    if not own:
        return own
    if clock.now() - comment.at > timedelta(minutes=EDIT_MINUTES):
        return denied(
            _("A comment can be edited for %(minutes)d minutes. Write another one.") % {"minutes": EDIT_MINUTES}
        )
    if comment.answered_at is not None:
        return denied(_("This question has been answered. Write another comment."))
    return ALLOWED


def can_withdraw(access: Access, comment: Comment) -> Decision:
    """Its author at any time, unless an answer hangs on it."""
    own = _is_own(access, comment)
    if not own:
        return own
    if comment.answered_at is not None:
        return denied(_("This question has been answered. Reopen it first."))
    if comment.answers is not None and comment.answers.answered_at is not None:
        return denied(_("This is the answer to a question. Reopen the question first."))
    return ALLOWED


def can_settle(access: Access, question: Comment) -> Decision:
    """Answer a question, mark it answered, or reopen it: whom it asks, who asked, and managers."""
    may_write = access.can("comments.write")
    if not may_write:
        return may_write
    if question.is_withdrawn or question.asked_id is None:
        return denied(_("This is no question any more."))
    if access.is_system or access.user_id in (question.asked_id, question.author_id):
        return ALLOWED
    if access.can("comments.settle"):
        return ALLOWED
    return denied(_("The person asked, who asked, or a project manager can settle this question."))


def _is_own(access: Access, comment: Comment) -> Decision:
    may_write = access.can("comments.write")
    if not may_write:
        return may_write
    if comment.author_id != access.user_id:
        return denied(_("Only who wrote a comment can change it."))
    if comment.is_withdrawn:
        return denied(_("This comment has been withdrawn."))
    return ALLOWED
