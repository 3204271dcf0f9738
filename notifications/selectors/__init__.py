"""Reads of comments, of questions, and of who is named in them."""

from django.db.models import Count, QuerySet

from accounts.models import User
from notifications.models import Comment, Mention
from projects.models import Project


def comments_on(project: Project, kind: str, key: str) -> QuerySet[Comment]:
    """The comments on one object, oldest first, withdrawn ones too, with their authors and whom they ask."""
    return Comment.objects.filter(project=project, kind=kind, key=key).select_related("author", "asked")


def comment_counts(project: Project, kind: str) -> dict[str, int]:
    """How many comments each object of `kind` has, by key; withdrawn ones do not count. One query."""
    return dict(
        Comment.objects.filter(project=project, kind=kind, withdrawn_at__isnull=True)
        .values_list("key")
        .annotate(count=Count("pk"))
        .order_by()
    )


def open_questions_to(user: User) -> QuerySet[Comment]:
    """What `user` is asked and has not answered, in the projects that `user` can see today; the oldest first.

    Each comes with its author, its project and the project's organization. One query.
    """
    return (
        _open_questions()
        .filter(asked=user, project__in=Project.objects.visible_to(user))
        .select_related("author", "project__organization")
    )


def unread_mentions(user: User) -> QuerySet[Mention]:
    """Where `user` is named and has not said to have read it, in the projects that `user` can see today; newest first.

    Each comes with its comment, the comment's author, its project and the project's organization. One query.
    """
    return (
        Mention.objects.filter(
            user=user,
            seen_at__isnull=True,
            comment__withdrawn_at__isnull=True,
            project__in=Project.objects.visible_to(user),
        )
        .select_related("comment__author", "project__organization")
        .order_by("-comment__at", "-pk")
    )


def open_questions_in(project: Project) -> QuerySet[Comment]:
    """The questions in `project` that wait for an answer, the oldest first, with who waits for whom. One query."""
    return _open_questions().filter(project=project).select_related("author", "asked")


def _open_questions() -> QuerySet[Comment]:
    return Comment.objects.filter(asked__isnull=False, answered_at__isnull=True, withdrawn_at__isnull=True).order_by(
        "at", "pk"
    )


def people_to_tell(comment: Comment) -> list[User]:
    """Whom a comment concerns, but its author: whom it asks, then whom it names, then whose question it answers."""
    asked = [comment.asked] if comment.asked is not None else []
    named = [mention.user for mention in comment.mentions.select_related("user").order_by("pk")]
    waited = [comment.answers.author] if comment.answers is not None else []
    return [user for user in dict.fromkeys([*asked, *named, *waited]) if user.pk != comment.author_id]
