"""What was asked of a person, and where they were named: questions still open, mentions not yet read."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, Window
from django.urls import reverse

from accounts.models import User
from notifications.models import Comment
from notifications.registry import Spot, comment_spots
from notifications.selectors import open_questions_to, unread_mentions
from notifications.selectors.said_lines import spots_of
from phases.selectors.activity import COMMENTED
from phases.selectors.work_projects import WorkProject

SHOWN = 20
EXCERPT = 180


@dataclass(frozen=True, slots=True)
class Asked:
    """A question to the person (`is_question`), or a comment that names them, and what it stands on."""

    comment: int
    place: str
    url: str
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
    """What waits for an answer of `user` in `projects`, and mentions of them that they have not read. Two queries, and
    one for each kind of thing beside activities that comments stand on."""
    readable = [pk for pk, found in projects.items() if found.access.can("comments.view")]
    if not readable:
        return AskedOf()
    kinds = list(comment_spots.keys())
    questions = list(
        open_questions_to(user).filter(project__in=readable, kind__in=kinds).annotate(total=Window(Count("pk")))[:most]
    )
    mentions = list(
        unread_mentions(user)
        .filter(project__in=readable, comment__kind__in=kinds)
        .exclude(comment__asked=user, comment__answered_at=None)
        .exclude(comment__author=user)
        .annotate(total=Window(Count("pk")))[:most]
    )
    total = sum(getattr(found[0], "total", 0) for found in (questions, mentions) if found)
    told = [(question, True) for question in questions] + [(mention.comment, False) for mention in mentions]
    spots = spots_of(comment for comment, _is_question in told if comment.kind != COMMENTED)
    items = [_asked(comment, projects, spots.get(comment.pk), is_question) for comment, is_question in told]
    return AskedOf(tuple(items[:most]), total)


def _asked(comment: Comment, projects: Mapping[int, WorkProject], spot: Spot | None, is_question: bool) -> Asked:
    project = projects[comment.project_id].project
    return Asked(
        comment=comment.pk,
        place=spot.title if spot is not None else comment.key,
        url=spot.path
        if spot is not None
        else f"{reverse('activity', args=[project.slug, comment.key])}#comment-{comment.pk}",
        slug=project.slug,
        project=project.name,
        time_zone=project.time_zone,
        author=str(comment.author),
        at=comment.at,
        words=comment.body if len(comment.body) <= EXCERPT else f"{comment.body[:EXCERPT].rstrip()}…",
        is_question=is_question,
    )
