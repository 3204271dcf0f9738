"""What the demo learnt, what became of it, and what its phases brought about."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Protocol

from accounts.models import User
from governance.choices import Attested, LessonState
from governance.models import Action, Lesson
from governance.selectors.outcomes import COMPONENTS, OutcomeLine, outcomes_of
from governance.services.actions import finish_action
from governance.services.lessons import LessonFacts, capture_lesson, make_action, settle_lesson
from governance.services.outcomes import attest_outcome, confirm_outcome
from projects.models import Party, Project
from smsplan.demo.script import Script, in_week

Told = Mapping[str, Any]


class Days(Protocol):
    """Days of the story."""

    start: date

    def day(self, told: Told) -> date: ...
    def at(self, told: Told, hour: int) -> datetime: ...


def add_lessons_story(
    script: Script,
    project: Project,
    users: Mapping[str, User],
    parties: Mapping[str, Party],
    days: Days,
    lessons: Sequence[Told],
) -> None:
    """Put the lessons into the script: captured by somebody, acted on, noted, or made into an action."""
    for told in lessons:
        script.add(in_week(days.start, told["week"], 3, 15), _capture, project, users, parties, told)
        for state in (LessonState.APPLIED, LessonState.NOTED):
            if (then := told.get("applied" if state == LessonState.APPLIED else "noted")) is not None:
                script.add(in_week(days.start, then["week"], 2, 11), _settle, project, users, told, state, then["note"])
        if (then := told.get("action")) is not None:
            script.add(in_week(days.start, then["week"], 2, 11), _act, project, users, parties, days, told)
            if "done" in then:
                script.add(days.at(then["done"], 14), _finish, project, users, then)


def _lesson(project: Project, told: Told) -> Lesson:
    return Lesson.objects.get(project=project, happened=told["happened"])


def _capture(project: Project, users: Mapping[str, User], parties: Mapping[str, Party], told: Told) -> None:
    facts = LessonFacts(
        told["happened"],
        told["change"],
        told.get("why", ""),
        told["phase"],
        told["component"],
        parties[told["owner"]],
    )
    capture_lesson(acting_user=users[told["who"]], project=project, facts=facts)


def _settle(project: Project, users: Mapping[str, User], told: Told, state: str, note: str) -> None:
    lesson = _lesson(project, told)
    settle_lesson(
        acting_user=users["manager"], project=project, ref=lesson.ref, version=lesson.version, state=state, note=note
    )


def _act(project: Project, users: Mapping[str, User], parties: Mapping[str, Party], days: Days, told: Told) -> None:
    lesson, then = _lesson(project, told), told["action"]
    make_action(
        acting_user=users["manager"],
        project=project,
        ref=lesson.ref,
        version=lesson.version,
        text=then["text"],
        owner=parties[then["owner"]],
        due=days.day(then["due"]),
    )


def _finish(project: Project, users: Mapping[str, User], then: Told) -> None:
    action = Action.objects.get(project=project, text=then["text"])
    action.project = project
    finish_action(acting_user=users[then["owner"]], action=action, version=action.version, note=then["note"])


def add_outcomes_story(
    script: Script, project: Project, users: Mapping[str, User], days: Days, outcomes: Sequence[Told]
) -> None:
    """Put into the script what was said of outcomes; without `reached`, all of the phase are."""
    for told in outcomes:
        script.add(days.at(told["attested"], 10), _attest, project, users["manager"], told)
        script.add(days.at(told["confirmed"], 10), _confirm, project, users["committee"], told)


def _lines(project: Project, told: Told) -> list[OutcomeLine]:
    return [line for line in outcomes_of(project, told["phase"]) if line.is_expected]


def _attest(project: Project, manager: User, told: Told) -> None:
    partly = told.get("partly", {})
    for line in _lines(project, told):
        if line.key in partly or line.key in told.get("reached", (line.key,)):
            attest_outcome(
                acting_user=manager,
                project=project,
                phase=told["phase"],
                edition=COMPONENTS,
                key=line.key,
                version=line.version,
                attested=Attested.PARTLY if line.key in partly else Attested.REACHED,
                note=partly.get(line.key, ""),
            )


def _confirm(project: Project, chair: User, told: Told) -> None:
    for line in _lines(project, told):
        if line.is_reached and line.key in told.get("confirm", (line.key,)):
            confirm_outcome(
                acting_user=chair,
                project=project,
                phase=told["phase"],
                edition=COMPONENTS,
                key=line.key,
                version=line.version,
            )
