"""The open questions of a project on its overview: who waits for whom, on what, since when."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from common import clock
from common.markdown import plain_text
from notifications.models import Comment
from notifications.selectors import open_questions_in
from phases.models import ProjectActivity
from phases.selectors.activity import COMMENTED
from phases.selectors.catalogue import texts_for
from projects.models import Project
from projects.permissions import Access
from projects.registries import Panel, register_panel

SHOWN = 8


@dataclass(frozen=True, slots=True)
class QuestionLine:
    """An open question as a line: `waits_for_reader` where it is put to who looks."""

    ref: str
    title: str
    url: str
    author: str
    asked: str
    days: int
    text: str
    waits_for_reader: bool


def open_questions(project: Project, access: Access) -> Mapping[str, Any] | None:
    """The questions that wait longest, those to who looks first; None where nobody waits. Two queries at most."""
    found = list(open_questions_in(project).filter(kind=COMMENTED))
    if not found:
        return None
    found.sort(key=lambda question: question.asked_id != access.user_id)
    titles = _titles(project, found[:SHOWN])
    today = clock.today(project.time_zone)
    return {
        "total": len(found),
        "lines": [
            QuestionLine(
                ref=question.key,
                title=titles.get(question.key, question.key),
                url=f"{reverse('activity', args=[project.slug, question.key])}#comment-{question.pk}",
                author=str(question.author),
                asked=str(question.asked),
                days=(today - clock.day_of(question.at, project.time_zone)).days,
                text=plain_text(question.body),
                waits_for_reader=question.asked_id == access.user_id,
            )
            for question in found[:SHOWN]
        ],
    }


def _titles(project: Project, questions: list[Comment]) -> dict[str, str]:
    texts = texts_for(project)
    titles = dict(
        ProjectActivity.objects.filter(project=project, ref__in={question.key for question in questions}).values_list(
            "ref", "title"
        )
    )
    for ref, own in titles.items():
        text = texts.text_of(ref)
        titles[ref] = own or (text.title if text else ref)
    return titles


def register() -> None:
    """Put the panel on the overview."""
    register_panel(
        "dashboard",
        "open questions",
        Panel("phases/dashboard/_questions.html", open_questions, "comments.view"),
        order=80,
    )
