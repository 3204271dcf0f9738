"""The library of challenges of an implementation, beside what this project says and does about each."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from common.highlight import contains_all, search_words
from gapanalysis.choices import AssessmentState, Instrument
from gapanalysis.models import Answer
from gapanalysis.selectors import newest_questionnaire
from gapanalysis.selectors.answering import Served, activities_of
from gapanalysis.selectors.instrument import texts_of_questions
from phases.selectors.catalogue import texts_for
from projects.models import Project


@dataclass(frozen=True, slots=True)
class Point:
    """A survey point in which a challenge can be seen, and what was said to it.

    `note` is the newest note, `assessment` the title of the assessment that holds it and `key` its key. Without a note
    they are those of the newest assessment that asks the point; empty where none does.
    """

    ref: str
    title: str
    note: str = ""
    assessment: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Challenge:
    """A challenge: its signs, what comes of it, what helps, where it can be seen, and which activities meet it.

    `missing` are activities that this plan does not hold, each with its title.
    """

    ref: str
    title: str
    signs: tuple[str, ...]
    consequence: str
    counter: str
    points: tuple[Point, ...]
    served: tuple[Served, ...]
    missing: tuple[tuple[str, str], ...]

    @property
    def said(self) -> int:
        """At how many of its points the survey says something."""
        return sum(bool(point.note) for point in self.points)

    @property
    def late(self) -> int:
        """How many of its activities are overdue."""
        return sum(one.days_late is not None for one in self.served)


@dataclass(frozen=True, slots=True)
class Library:
    """The challenges that match, and how many there are in all."""

    challenges: tuple[Challenge, ...]
    total: int


def challenges_of(project: Project, text: str = "") -> Library:
    """The challenges of the questionnaire loaded last; with `text` those that hold all its words.

    The words are looked for in texts and refs, in those of points and activities, and in what was said. The number of
    queries does not depend on what there is.
    """
    questionnaire = newest_questionnaire()
    rows: list[dict[str, Any]] = questionnaire.challenges if questionnaire is not None else []
    if questionnaire is None or not rows:
        return Library((), 0)
    titles = {ref: one.text for ref, one in texts_of_questions([questionnaire]).items()}
    points = _points(project, {ref for row in rows for ref in row["survey"]}, titles)
    served: dict[str, list[Served]] = {}
    for one in activities_of(project, list(dict.fromkeys(ref for row in rows for ref in row["activities"]))):
        served.setdefault(one.ref.partition("/")[0], []).append(one)
    catalogue = texts_for(project)

    def title_of(ref: str) -> str:
        found = catalogue.text_of(ref)
        return found.title if found is not None else ""

    everything = [
        Challenge(
            ref=row["ref"],
            title=row["title"],
            signs=tuple(row["signs"]),
            consequence=row["consequence"],
            counter=row["counter"],
            points=tuple(points[ref] for ref in row["survey"]),
            served=tuple(one for ref in row["activities"] for one in served.get(ref, ())),
            missing=tuple((ref, title_of(ref)) for ref in row["activities"] if ref not in served),
        )
        for row in rows
    ]
    words = search_words(text)
    return Library(tuple(one for one in everything if _holds(one, words)), len(everything))


def challenge_row(ref: str) -> dict[str, Any] | None:
    """The challenge `ref` of the questionnaire loaded last, as its pack has it; None where it has none. One query."""
    questionnaire = newest_questionnaire()
    rows: list[dict[str, Any]] = questionnaire.challenges if questionnaire is not None else []
    return next((row for row in rows if row["ref"] == ref), None)


def challenge_title(ref: str) -> str:
    """The title of a challenge, "" where the questionnaire loaded last does not know it. One query."""
    row = challenge_row(ref)
    return row["title"] if row is not None else ""


def _holds(challenge: Challenge, words: Sequence[str]) -> bool:
    parts = [challenge.ref, challenge.title, *challenge.signs, challenge.consequence, challenge.counter]
    parts += [part for point in challenge.points for part in (point.ref, point.title, point.note)]
    parts += [part for one in challenge.served for part in (one.ref, one.title)]
    parts += [part for pair in challenge.missing for part in pair]
    return contains_all("\n".join(parts), words)


def _points(project: Project, refs: Collection[str], titles: dict[str, str]) -> dict[str, Point]:
    """The points `refs` with what `project` says of each. One query."""
    found = {ref: Point(ref, titles.get(ref, "")) for ref in refs}
    rows = (
        Answer.objects.filter(project=project, question__instrument=Instrument.SURVEY, question__ref__in=refs)
        .exclude(assessment__state=AssessmentState.DRAFT)
        .order_by("assessment__created_at", "assessment_id")
        .values_list("question__ref", "note", "assessment__title", "assessment__key")
    )
    for ref, note, title, key in rows:
        if note or not found[ref].note:
            found[ref] = Point(ref, found[ref].title, note, title, key)
    return found
