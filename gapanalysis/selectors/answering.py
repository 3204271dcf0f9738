"""What the page of one question shows around it: all sections with who answers them, and the way through."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from accounts.models import User
from common import clock
from gapanalysis.choices import Reading
from gapanalysis.models import Answer, Assessment, Assessor, Presence
from gapanalysis.selectors import is_answered, says_something
from gapanalysis.selectors.sections import OTHERS, section_clause, section_title
from phases.choices import PhaseState
from phases.domain.transitions import OPEN_STATUSES
from phases.models import Phase, PhaseActivity
from phases.selectors.activity_texts import effective_text
from phases.selectors.catalogue import texts_for
from phases.selectors.clauses import clause_titles
from projects.models import Project

HERE = timedelta(seconds=45)
"""How long after their last sign somebody counts as being on a question."""


@dataclass(frozen=True, slots=True)
class Line:
    """A question of an assessment in a list. `is_mine` where the person was asked to answer it."""

    ref: str
    section: str
    value: str
    is_answered: bool
    to_confirm: bool
    is_for_later: bool
    has_finding: bool
    is_mine: bool


@dataclass(slots=True)
class Section:
    """A part that one person can answer in one sitting. `people` were given it by name."""

    key: str
    number: str
    title: str
    is_mine: bool
    people: tuple[str, ...] = ()
    lines: list[Line] = field(default_factory=list)

    @property
    def total(self) -> int:
        """How many questions it asks."""
        return len(self.lines)

    @property
    def answered(self) -> int:
        """How many of them are answered."""
        return sum(line.is_answered for line in self.lines)

    @property
    def to_confirm(self) -> int:
        """How many have an earlier answer that nobody has looked at."""
        return sum(line.to_confirm for line in self.lines)

    @property
    def is_done(self) -> bool:
        """Whether all of it is answered."""
        return self.answered == self.total

    @property
    def entry(self) -> str:
        """The question to begin with: the first open one, else the first."""
        return next((line.ref for line in self.lines if not line.is_answered), self.lines[0].ref)


@dataclass(slots=True)
class Chapter:
    """The sections under one number of the standard, or one that stands alone."""

    number: str
    title: str
    sections: list[Section] = field(default_factory=list)

    @property
    def total(self) -> int:
        """How many questions it asks."""
        return sum(section.total for section in self.sections)

    @property
    def answered(self) -> int:
        """How many of them are answered."""
        return sum(section.answered for section in self.sections)

    @property
    def is_done(self) -> bool:
        """Whether all of it is answered."""
        return self.answered == self.total

    @property
    def is_mine(self) -> bool:
        """Whether the person was given any of it."""
        return any(section.is_mine for section in self.sections)

    @property
    def has_parts(self) -> bool:
        """Whether it has sections of its own to choose from."""
        return len(self.sections) > 1 or self.sections[0].number != self.number

    @property
    def entry(self) -> str:
        """The question to begin with."""
        return next((section.entry for section in self.sections if not section.is_done), self.sections[0].entry)


@dataclass(frozen=True, slots=True)
class Outline:
    """An assessment as one person sees it. `mine` are the sections they were given: empty for all, None for none."""

    chapters: tuple[Chapter, ...]
    lines: tuple[Line, ...]
    mine: tuple[str, ...] | None

    @property
    def sections(self) -> list[Section]:
        """All sections, in order."""
        return [section for chapter in self.chapters for section in chapter.sections]

    @property
    def asked(self) -> list[Line]:
        """The questions that the person was asked; all of them for somebody who was not asked."""
        return [line for line in self.lines if line.is_mine] or list(self.lines)

    @property
    def total(self) -> int:
        """How many questions are asked."""
        return len(self.lines)

    @property
    def answered(self) -> int:
        """How many are answered."""
        return sum(line.is_answered for line in self.lines)

    @property
    def still_open(self) -> int:
        """How many are not."""
        return self.total - self.answered

    @property
    def findings(self) -> int:
        """How many findings there are."""
        return sum(line.has_finding for line in self.lines)

    @property
    def to_confirm(self) -> int:
        """How many earlier answers wait for the person."""
        return sum(line.to_confirm for line in self.asked)

    @property
    def open_of_mine(self) -> list[Line]:
        """What the person has left to answer: what is for later comes last."""
        found = [line for line in self.asked if not line.is_answered]
        return sorted(found, key=lambda line: line.is_for_later)

    def section(self, key: str) -> Section | None:
        """The section `key`."""
        return next((section for section in self.sections if section.key == key), None)

    def beside(self, ref: str, step: int) -> str:
        """The question `step` places after `ref` on the person's way; "" at the end."""
        way = [line.ref for line in self.asked]
        if ref not in way:
            way = [line.ref for line in self.lines]
        at = way.index(ref) + step
        return way[at] if 0 <= at < len(way) else ""

    def next_open(self, ref: str) -> str:
        """The first open question after `ref`, else the first of all; "" where nothing is open."""
        way = [line.ref for line in self.lines]
        at = way.index(ref)
        still = [line.ref for line in self.open_of_mine if line.ref != ref]
        return next((one for one in still if way.index(one) > at), still[0] if still else "")


def outline_of(assessment: Assessment, user: User) -> Outline:
    """The questions of `assessment` by chapter and section, and which are `user`'s. Two queries."""
    people: dict[str, list[str]] = {}
    mine: set[str] | None = None
    for assessor in Assessor.objects.filter(assessment=assessment).select_related("party").order_by("party__name"):
        for key in assessor.sections:
            people.setdefault(key, []).append(assessor.party.name)
        if assessor.party.user_id == user.pk:
            mine = (mine or set()) | set(assessor.sections or {""})
    rows = Answer.objects.filter(assessment=assessment).order_by("question__position")
    told = rows.values_list(
        "question__ref",
        "question__section",
        "reading",
        "is_for_later",
        "finding__pk",
        "question__instrument",
        "value",
        "rating",
        "note",
        "answered_at",
        "before__value",
        "before__rating",
        "before__note",
        "before__answered_at",
    )
    whole = mine is not None and "" in mine
    lines = [
        Line(
            ref=ref,
            section=section,
            value=value,
            is_answered=says_something(instrument, value, rating, note, at),
            to_confirm=reading == Reading.OPEN and says_something(instrument, *then),
            is_for_later=later,
            has_finding=finding is not None,
            is_mine=whole or section in (mine or ()),
        )
        for (ref, section, reading, later, finding, instrument, value, rating, note, at), then in (
            (row[:10], row[10:]) for row in told
        )
    ]
    given = None if mine is None else () if whole else tuple(sorted(mine))
    return Outline(tuple(_chapters(lines, people)), tuple(lines), given)


def _chapters(lines: Sequence[Line], people: dict[str, list[str]]) -> list[Chapter]:
    chapters: dict[str, Chapter] = {}
    sections: dict[str, Section] = {}
    for line in lines:
        if line.section not in sections:
            edition, number = section_clause(line.section)
            name, title = _chapter_of(line.section)
            section = Section(
                line.section, number, section_title(line.section), line.is_mine, tuple(people.get(line.section, ()))
            )
            sections[line.section] = section
            chapters.setdefault(name, Chapter("" if edition != "2018" else name, title)).sections.append(section)
        sections[line.section].lines.append(line)
    return list(chapters.values())


def _chapter_of(section: str) -> tuple[str, str]:
    """The name and the title of the chapter that a section stands under."""
    if section in OTHERS:
        return section, section_title(section)
    edition, number = section_clause(section)
    if edition != "2018":
        return edition, _("Only in the edition of 2011")
    chapter = number.split(".")[0]
    return chapter, clause_titles().get("2018", {}).get(chapter, "")


def question_of(assessment: Assessment, ref: str) -> Answer | None:
    """The row of the question `ref`, with all that its page says of it. One query."""
    return (
        Answer.objects.filter(assessment=assessment, question__ref=ref)
        .select_related(
            "question",
            "assessment",
            "answered_by",
            "finding__owner",
            "before__question",
            "before__assessment",
            "before__answered_by",
            "before__finding",
        )
        .first()
    )


def earlier_of(assessment: Assessment, section: str) -> list[Answer]:
    """The rows of a section whose earlier answer nobody has looked at, in order. One query."""
    rows = (
        Answer.objects.filter(assessment=assessment, question__section=section, reading=Reading.OPEN)
        .select_related("question", "before__question", "before__assessment", "before__answered_by", "before__finding")
        .order_by("question__position")
    )
    return [row for row in rows if row.before is not None and is_answered(row.before)]


@dataclass(frozen=True, slots=True)
class Here:
    """Somebody who looks at the assessment now; `ref` the question, "" where it is the one asked about."""

    name: str
    initials: str
    ref: str


def others_here(answer: Answer, user: User) -> list[Here]:
    """Who else looks at this assessment now, those on this question first. One query."""
    present = (
        Presence.objects.filter(assessment_id=answer.assessment_id, at__gte=clock.now() - HERE, user__is_active=True)
        .exclude(user=user)
        .select_related("user", "answer__question")
        .order_by("user__name")
    )
    found = [
        Here(str(one.user), one.user.initials, "" if one.answer_id == answer.pk else one.answer.question.ref)
        for one in present
    ]
    return sorted(found, key=lambda one: one.ref != "")


@dataclass(frozen=True, slots=True)
class Served:
    """An activity that serves a question, in the phase where it matters now. `days_late` is None unless overdue."""

    row: PhaseActivity
    title: str
    days_late: int | None

    @property
    def ref(self) -> str:
        """The short name, such as CH.i."""
        return self.row.activity.ref


def activities_of(project: Project, refs: Sequence[str]) -> list[Served]:
    """The activities `refs` and their parts, in that order, with their status in the phase under way, else in the
    next. One query."""
    under_way = Phase.objects.filter(
        project=project, number=OuterRef("phase_number"), state__in=[PhaseState.ACTIVE, PhaseState.IN_REVIEW]
    )
    closed = Phase.objects.filter(project=project, number=OuterRef("phase_number"), state=PhaseState.CLOSED)
    rows = (
        PhaseActivity.objects.filter(project=project)
        .filter(Q(activity__ref__in=refs) | Q(activity__part_of__ref__in=refs))
        .select_related("activity")
        .annotate(is_now=Exists(under_way), is_over=Exists(closed))
        .order_by("-is_now", "is_over", "phase_number")
    )
    texts = texts_for(project)
    today = clock.today(project.time_zone)
    found: dict[str, Served] = {}
    for row in rows:
        late = (today - row.due).days if row.due and row.status in OPEN_STATUSES else 0
        served = Served(row, effective_text(texts, row.activity).title, late if late > 0 else None)
        found.setdefault(row.activity.ref, served)
    order = {ref: place for place, ref in enumerate(refs)}
    return sorted(found.values(), key=lambda one: (order.get(one.ref.partition("/")[0], len(order)), one.ref))
