"""What was asked of a person, and where they were named: questions still open, mentions not yet read."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, Window

from accounts.models import User
from notifications.models import Comment
from notifications.selectors import open_questions_to, unread_mentions
from phases.selectors.activity import COMMENTED
from phases.selectors.work_projects import WorkProject

SHOWN = 20
EXCERPT = 180


@dataclass(frozen=True, slots=True)
class Asked:
    """A question to the person (`is_question`), or a comment that names them."""

    comment: int
    ref: str
    slug: str
    project: str
    time_zone: str
    author: str
    at: object
    words: str
    is_question: bool


@dataclass(frozen=True, slots=True)
class AskedOf:
    """Questions first, oldest first; then mentions, newest first. `total` counts those that are left off too."""

    items: tuple[Asked, ...] = ()
    total: int = 0

    @property
    def left_off(self) -> int:
        """How many `items` does not show."""
        return self.total - len(self.items)


def asked_of(user: User, projects: Mapping[int, WorkProject], *, most: int = SHOWN) -> AskedOf:
    """What waits for an answer of `user` in `projects`, and mentions of them that they have not read. Two queries."""
    readable = [pk for pk, found in projects.items() if found.access.can("comments.view")]
    if not readable:
        return AskedOf()
    questions = list(
        open_questions_to(user).filter(project__in=readable, kind=COMMENTED).annotate(total=Window(Count("pk")))[:most]
    )
    mentions = list(
        unread_mentions(user)
        .filter(project__in=readable, comment__kind=COMMENTED)
        .exclude(comment__asked=user, comment__answered_at=None)
        .exclude(comment__author=user)
        .annotate(total=Window(Count("pk")))[:most]
    )
    total = sum(getattr(found[0], "total", 0) for found in (questions, mentions) if found)
    items = [_asked(question, projects, is_question=True) for question in questions]
    items += [_asked(mention.comment, projects, is_question=False) for mention in mentions]
    return AskedOf(tuple(items[:most]), total)


def _asked(comment: Comment, projects: Mapping[int, WorkProject], *, is_question: bool) -> Asked:
    project = projects[comment.project_id].project
    return Asked(
        comment=comment.pk,
        ref=comment.key,
        slug=project.slug,
        project=project.name,
        time_zone=project.time_zone,
        author=str(comment.author),
        at=comment.at,
        words=comment.body if len(comment.body) <= EXCERPT else f"{comment.body[:EXCERPT].rstrip()}…",
        is_question=is_question,
    )
