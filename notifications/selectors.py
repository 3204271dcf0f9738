"""Reads of comments."""

from django.db.models import Count, QuerySet

from notifications.models import Comment
from projects.models import Project


def comments_on(project: Project, kind: str, key: str) -> QuerySet[Comment]:
    """The comments on one object, oldest first, with their authors."""
    return Comment.objects.filter(project=project, kind=kind, key=key).select_related("author")


def comment_counts(project: Project, kind: str) -> dict[str, int]:
    """How many comments each object of `kind` has, by key. One query."""
    return dict(
        Comment.objects.filter(project=project, kind=kind).values_list("key").annotate(count=Count("pk")).order_by()
    )
