"""How far the answering of assessments is. This is never conformity: that is what the roll-up says."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from gapanalysis.choices import AnswerValue, Instrument, Reading
from gapanalysis.domain.answers import GAPS, Value
from gapanalysis.domain.rollup import Tally
from gapanalysis.models import Answer, Assessment
from gapanalysis.selectors.sections import section_name, section_order

ANSWERED = (
    (Q(question__instrument=Instrument.REQUIREMENT) & ~Q(value=AnswerValue.UNANSWERED))
    | Q(question__instrument=Instrument.LADDER, answered_at__isnull=False)
    | Q(question__instrument=Instrument.READINESS, rating__isnull=False)
    | (Q(question__instrument=Instrument.SURVEY) & ~Q(note=""))
)
"""`selectors.is_answered`, for the database."""

_GAP = Q(value__in=[value.value for value in GAPS])


@dataclass(frozen=True, slots=True)
class Progress:
    """How many questions are asked, answered, marked for later, wait to be compared with an earlier answer, and show
    a gap."""

    asked: int = 0
    answered: int = 0
    later: int = 0
    unread: int = 0
    gaps: int = 0

    @property
    def open(self) -> int:
        """How many wait for an answer."""
        return self.asked - self.answered

    @property
    def percent(self) -> int:
        """Whole percent answered, rounded down."""
        return 100 * self.answered // self.asked if self.asked else 0

    def __add__(self, other: "Progress") -> "Progress":
        return Progress(
            self.asked + other.asked,
            self.answered + other.answered,
            self.later + other.later,
            self.unread + other.unread,
            self.gaps + other.gaps,
        )


@dataclass(frozen=True, slots=True)
class SectionProgress:
    """A section of an assessment and how far it is."""

    section: str
    name: str
    progress: Progress


def progress_by_assessment(assessments: Iterable[Assessment]) -> dict[int, Progress]:
    """How far each of `assessments` is, by id. One query."""
    rows = Answer.objects.filter(assessment__in=[each.pk for each in assessments])
    return {row["assessment"]: _progress(row) for row in rows.values("assessment").annotate(**_counts())}


def progress_by_section(assessment: Assessment) -> list[SectionProgress]:
    """How far each section is, in their order. One query."""
    rows = Answer.objects.filter(assessment=assessment).values("question__section").annotate(**_counts())
    found = {row["question__section"]: _progress(row) for row in rows}
    return [
        SectionProgress(section, section_name(section), found[section]) for section in sorted(found, key=section_order)
    ]


def values_by_assessment(assessments: Iterable[Assessment]) -> dict[int, Tally]:
    """How the requirement questions of each of `assessments` were answered, by id. One query."""
    rows = Answer.objects.filter(
        assessment__in=[each.pk for each in assessments], question__instrument=Instrument.REQUIREMENT
    )
    found: dict[int, dict[Value, int]] = {}
    for pk, value, count in rows.values_list("assessment", "value").annotate(Count("pk")):
        found.setdefault(pk, {})[Value(value)] = count
    return {pk: Tally(counts) for pk, counts in found.items()}


def _counts() -> dict[str, Count]:
    return {
        "asked": Count("pk"),
        "answered": Count("pk", filter=ANSWERED),
        "later": Count("pk", filter=Q(is_for_later=True)),
        "unread": Count("pk", filter=Q(reading=Reading.OPEN)),
        "gaps": Count("pk", filter=_GAP),
    }


def _progress(row: Mapping[str, Any]) -> Progress:
    return Progress(*(row[name] for name in ("asked", "answered", "later", "unread", "gaps")))
