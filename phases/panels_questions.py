"""The open questions of a project on its overview: who waits for whom, on what, since when."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, Subquery
from django.urls import reverse

from common import clock
from common.markdown import plain_text
from notifications.models import Comment
from notifications.registry import Spot, comment_spots
from notifications.selectors import open_questions_in
from notifications.selectors.said_lines import spots_of
from phases.models import ProjectActivity
from phases.selectors.activity import COMMENTED
from phases.selectors.catalogue import CatalogueTexts, texts_for
from projects.models import Project
from projects.permissions import Access
from projects.registries import Panel, register_panel

SHOWN = 8


@dataclass(frozen=True, slots=True)
class QuestionLine:
    """An open question as a line: `waits_for_reader` where it is put to who looks. `ref` is "" off activities."""

    ref: str
    title: str
    url: str
    author: str
    asked: str
    days: int
    text: str
    waits_for_reader: bool


def open_questions(project: Project, access: Access) -> Mapping[str, Any] | None:
    """The questions that wait longest, those to who looks first; None where nobody waits. One query, and one for
    what is asked on other things than activities."""
    own = ProjectActivity.objects.filter(project=project, ref=OuterRef("key"))
    found = list(
        open_questions_in(project)
        .filter(kind__in=list(comment_spots.keys()))
        .annotate(own_title=Subquery(own.values("title")[:1]))
    )
    if not found:
        return None
    found.sort(key=lambda question: question.asked_id != access.user_id)
    spots = spots_of(question for question in found[:SHOWN] if question.kind != COMMENTED)
    texts = texts_for(project)
    today = clock.today(project.time_zone)
    return {
        "total": len(found),
        "lines": [
            QuestionLine(
                ref="" if question.pk in spots else question.key,
                title=spots[question.pk].title if question.pk in spots else _title(texts, question),
                url=_url(project, question, spots.get(question.pk)),
                author=str(question.author),
                asked=str(question.asked),
                days=(today - clock.day_of(question.at, project.time_zone)).days,
                text=plain_text(question.body),
                waits_for_reader=question.asked_id == access.user_id,
            )
            for question in found[:SHOWN]
        ],
    }


def _url(project: Project, question: Comment, spot: Spot | None) -> str:
    """Where it stands."""
    if spot is not None:
        return spot.path
    return f"{reverse('activity', args=[project.slug, question.key])}#comment-{question.pk}"


def _title(texts: CatalogueTexts, question: Any) -> str:
    """The title of the activity: the project's own, else the catalogue's."""
    text = texts.text_of(question.key)
    return question.own_title or (text.title if text else question.key)


def register() -> None:
    """Put the panel on the overview."""
    register_panel(
        "dashboard",
        "open questions",
        Panel("phases/dashboard/_questions.html", open_questions, "comments.view"),
        order=80,
    )
