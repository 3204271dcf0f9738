"""Answer a question, mark it answered, reopen it."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common import clock
from notifications import permissions
from notifications.models import Comment
from notifications.selectors.people import people_of
from notifications.services.comments import comment_in, save_comment
from notifications.services.said import tell_of_answer
from notifications.services.telling import tell_of_talk
from projects.models import Project
from projects.permissions import access_to
from projects.services.guards import require, require_capability, write_versioned


@transaction.atomic
def answer_question(
    *, acting_user: User, project: Project, question_id: int, version: int, body: str, nonce: UUID | None = None
) -> Comment:
    """Write the answer to a question, which is answered with it. Gives the answer.

    Raises Comment.DoesNotExist for one of another project, NotPermitted, RuleBroken for the text, and StaleWrite
    where the question was changed or answered meanwhile; nothing is written then.
    """
    require_capability(acting_user, "comments.write", project)
    question = comment_in(project, question_id)
    require(permissions.can_settle(access_to(project, acting_user), question))
    answer = Comment(project=project, kind=question.kind, key=question.key, author=acting_user, answers=question)
    answer, is_new = save_comment(answer, body, people_of(project), nonce)
    if is_new:
        _settle(question, acting_user, version, sent=answer.body)
        tell_of_talk(
            acting_user,
            project,
            "answer",
            question.kind,
            question.key,
            {"comment": answer.body, "question": question.body},
        )
    return answer


@transaction.atomic
def mark_answered(*, acting_user: User, project: Project, question_id: int, version: int) -> Comment:
    """Say that a question is answered, without an answer here. Done twice by one person, it is done once.

    Raises Comment.DoesNotExist for one of another project, NotPermitted, and StaleWrite where the question was
    changed or answered meanwhile.
    """
    require_capability(acting_user, "comments.write", project)
    question = comment_in(project, question_id)
    require(permissions.can_settle(access_to(project, acting_user), question))
    if question.answered_by_id == acting_user.pk:
        return question
    _settle(question, acting_user, version, sent=_("answered"))
    tell_of_answer(question, acting_user)
    tell_of_talk(acting_user, project, "mark answered", question.kind, question.key, {"question": question.body})
    return question


@transaction.atomic
def reopen_question(*, acting_user: User, project: Project, question_id: int, version: int) -> Comment:
    """Open an answered question again; what was answered stays in the thread. An open one stays as it is.

    Raises Comment.DoesNotExist for one of another project, NotPermitted, and StaleWrite where it was changed meanwhile.
    """
    require_capability(acting_user, "comments.write", project)
    question = comment_in(project, question_id)
    require(permissions.can_settle(access_to(project, acting_user), question))
    if question.answered_at is None:
        return question
    label = _("Question")
    write_versioned(
        question,
        version=version,
        values={"answered_at": None, "answered_by": None},
        shown={label: state_of(question)},
        sent={label: _("open again")},
    )
    tell_of_talk(acting_user, project, "reopen question", question.kind, question.key, {"question": question.body})
    return question


def state_of(question: Comment) -> str:
    """Where a question stands, in words."""
    if question.answered_by is not None:
        return _("answered by %(name)s") % {"name": question.answered_by}
    return _("open: %(question)s") % {"question": question.body}


def _settle(question: Comment, user: User, version: int, *, sent: str) -> None:
    label = _("Question")
    write_versioned(
        question,
        # An answered question has moved on, whatever the form says.
        version=version if question.answered_at is None else -1,
        values={"answered_at": clock.now(), "answered_by": user},
        shown={label: state_of(question)},
        sent={label: sent},
    )
