"""The end of a phase as one path: what is done of it, what is missing, and who does it. Computed, never stored."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import dateformat
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from gapanalysis.choices import ProposalState
from gapanalysis.closing import KIND_OF, missing_analysis
from gapanalysis.models import Assessment, Proposal
from governance.choices import PASSING, LessonState
from governance.models import CarryOver, Lesson
from governance.selectors import members_of, oversight_of
from governance.selectors.gates import GateStanding, gate_standing
from governance.selectors.lessons import lessons_of
from governance.selectors.outcomes import OutcomeCounts, outcome_counts
from phases.choices import PhaseState
from phases.selectors.phase_end import GoingOn, PhaseEnd, phase_end
from projects.models import Project
from projects.selectors.holders import holders_of

LAST = 3
"""The last phase that ends: operation goes on."""
NAMED = 4
"""So many people are named before the rest is counted."""


class StepState(StrEnum):
    """Where a step of the path stands. `NOW` is the first that is not done."""

    DONE = "done"
    NOW = "now"
    LATER = "later"
    SKIPPED = "skipped"


@dataclass(slots=True)
class Step:
    """A step: what is missing, who does it and where. `says` is what was done, or what the step is for."""

    key: str
    title: str
    says: str
    missing: Sequence[str] = ()
    who: str = ""
    url: str = ""
    act: str = ""
    state: StepState = StepState.LATER

    @property
    def is_done(self) -> bool:
        """Whether it is over, or asks nothing here."""
        return self.state in (StepState.DONE, StepState.SKIPPED)


@dataclass(frozen=True, slots=True)
class CarryLine:
    """Unfinished work of the phase. `decision` says who let it go on, None where nobody looked at it yet."""

    going: GoingOn
    decision: CarryOver | None

    @property
    def is_open(self) -> bool:
        """Whether nobody decided on it."""
        return self.decision is None


@dataclass(frozen=True, slots=True)
class OpenProposals:
    """The proposals of an assessment that nobody decided on."""

    assessment: Assessment
    count: int


@dataclass(frozen=True, slots=True)
class PhasePath:
    """The whole path. `lessons` are those of the phase, `carry` its unfinished work, `gap` what assessments propose."""

    project: Project
    end: PhaseEnd
    steps: Sequence[Step]
    lessons: Sequence[Lesson]
    carry: Sequence[CarryLine]
    gap: Sequence[OpenProposals]
    outcomes: OutcomeCounts
    gate: GateStanding | None = field(default=None)

    @property
    def number(self) -> int:
        """The phase."""
        return self.end.phase.number

    @property
    def now(self) -> Step | None:
        """The step that comes next; None where all is done."""
        return next((step for step in self.steps if step.state == StepState.NOW), None)

    @property
    def done(self) -> int:
        """How many steps are over."""
        return sum(step.is_done for step in self.steps)

    @property
    def open_lessons(self) -> Sequence[Lesson]:
        """The lessons of the phase that nobody acted on."""
        return [lesson for lesson in self.lessons if lesson.state == LessonState.OPEN]

    @property
    def open_carry(self) -> Sequence[CarryLine]:
        """The unfinished work that nobody decided on."""
        return [] if self.end.is_closed else [line for line in self.carry if line.is_open]

    @property
    def open_gap(self) -> int:
        """How many proposals of assessments wait."""
        return sum(each.count for each in self.gap)


def phase_path(project: Project, number: int, *, sees_gate: bool = True) -> PhasePath:
    """The end of phase `number` (0 to 3), step by step. Twenty queries and those of criteria and closing checks.

    Without `sees_gate` it says how many criteria of the gate are open, not which: they speak of money too.
    Raises Phase.DoesNotExist where the plan has no such phase.
    """
    end = phase_end(project, number)
    closed = end.is_closed
    lessons = [lesson for lesson in lessons_of(project) if lesson.phase_number == number]
    decided = {
        each.ref: each
        for each in CarryOver.objects.filter(project=project, phase_number=number).select_related("decided_by")
    }
    # What is carried over without a decision still goes on: the phase does not wait for it.
    carry = [CarryLine(each, decided.get(each.row.ref)) for each in end.going_on if each.into is not None]
    gap = open_proposals(project)
    overseen = oversight_of(project) is not None
    gate = gate_standing(project, number) if overseen else None
    managers = names_of(holders_of(project, "phases.close"))
    path = PhasePath(
        project=project,
        end=end,
        steps=(),
        lessons=lessons,
        carry=carry,
        gap=gap,
        outcomes=outcome_counts(project, number),
        gate=gate,
    )
    steps = [
        _analysis(project, number, managers),
        _lessons(path, managers),
        _proposals(path, managers),
        _gate(path, managers, sees_gate=sees_gate),
        _close(path, managers),
        _start(path, managers),
    ]
    if closed:
        # A closed phase never opens again: what was not done before it closed holds nothing up.
        for step in steps[:4]:
            if not step.is_done:
                step.state = StepState.SKIPPED
    pending = next((step for step in steps if not step.is_done), None)
    if pending is not None:
        pending.state = StepState.NOW
    return PhasePath(project, end, steps, lessons, carry, gap, path.outcomes, gate)


def open_proposals(project: Project) -> list[OpenProposals]:
    """The assessments whose proposals wait for a decision, the newest first. One query."""
    found: dict[int, OpenProposals] = {}
    rows = (
        Proposal.objects.filter(project=project, state=ProposalState.OPEN)
        .select_related("assessment")
        .order_by("-assessment__pk")
    )
    for row in rows:
        before = found.get(row.assessment_id)
        found[row.assessment_id] = OpenProposals(row.assessment, 1 + (before.count if before else 0))
    return list(found.values())


def names_of(people: Iterable[User]) -> str:
    """People by name, the first few and how many more."""
    names = list(dict.fromkeys(str(person) for person in people))
    more = len(names) - NAMED
    said = ", ".join(names[:NAMED])
    return said if more <= 0 else _("%(names)s and %(more)d more") % {"names": said, "more": more}


def gate_url(project: Project, number: int) -> str:
    """Where a gate stands."""
    return f"{reverse('steering', args=[project.slug])}gates/{number}/"


def capture_url(project: Project, number: int) -> str:
    """Where a lesson of a phase is captured, with the way back to its path."""
    back = urlencode({"phase": number, "next": reverse("phase_path", args=[project.slug, number])})
    return f"{reverse('lesson_new', args=[project.slug])}?{back}"


def _day(value: object) -> str:
    return dateformat.format(value, "j M Y")  # type: ignore[arg-type]  # a date


def _analysis(project: Project, number: int, managers: str) -> Step:
    step = Step(
        "analysis",
        _("Achievement analysis"),
        _("Ask what the work came to: do requirements hold now, and what is still a gap?"),
        who=managers,
        url=reverse("gap", args=[project.slug]),
        act=_("To the analysis"),
    )
    if KIND_OF.get(number) is None:
        step.state = StepState.SKIPPED
        step.says = _("Initiation has none: the entry criteria of the gate stand for it.")
        return step
    said = missing_analysis(project, number)
    if said:
        step.missing = [said]
    else:
        step.state = StepState.DONE
        step.says = _("It is locked. Its answers stay as they are.")
    return step


def _lessons(path: PhasePath, managers: str) -> Step:
    count = len(path.lessons)
    step = Step(
        "lessons",
        _("Lessons learnt"),
        _("Ask everybody what should go on and what should change. One sentence each is enough."),
        who=_("everybody, asked by %(names)s") % {"names": managers} if managers else _("everybody"),
        url=capture_url(path.project, path.number),
        act=_("Capture a lesson"),
    )
    if not count:
        step.missing = [_("No lesson of phase %(number)d has been captured.") % {"number": path.number}]
        return step
    step.state = StepState.DONE
    step.says = ngettext("%(n)d lesson was captured.", "%(n)d lessons were captured.", count) % {"n": count}
    return step


def _proposals(path: PhasePath, managers: str) -> Step:
    lessons, carry, gap = len(path.open_lessons), len(path.open_carry), path.open_gap
    missing = []
    if gap:
        missing.append(
            ngettext(
                "%(n)d proposal from the gap analysis waits for a decision.",
                "%(n)d proposals from the gap analysis wait for a decision.",
                gap,
            )
            % {"n": gap}
        )
    if lessons:
        missing.append(
            ngettext(
                "%(n)d lesson waits for somebody to act on it.",
                "%(n)d lessons wait for somebody to act on them.",
                lessons,
            )
            % {"n": lessons}
        )
    if carry:
        missing.append(
            ngettext(
                "%(n)d unfinished activity: does it go on, or is it set aside?",
                "%(n)d unfinished activities: do they go on, or are they set aside?",
                carry,
            )
            % {"n": carry}
        )
    step = Step(
        "proposals",
        _("Proposals for the next phase"),
        _("Decide item by item what of gaps, lessons and unfinished work the next phase takes on."),
        missing=missing,
        who=managers,
        url="#proposals",
        act=_("Decide on them"),
    )
    if not missing:
        step.state = StepState.DONE
        step.says = _("Nothing waits: what was proposed is accepted or set aside.")
    return step


def _gate(path: PhasePath, managers: str, *, sees_gate: bool) -> Step:
    project, number, standing = path.project, path.number, path.gate
    step = Step(
        "gate",
        _("Gate %(number)d") % {"number": number},
        _("The committee decides whether the phase is done and whether to go on."),
        url=gate_url(project, number) if sees_gate else "",
        act=_("To the gate"),
    )
    if standing is None:
        step.state = StepState.SKIPPED
        step.says = _("No committee oversees this project, so nobody decides at a gate.")
        step.url = step.act = ""
        return step
    chairs = names_of(user for user, is_chair in members_of(project) if is_chair)
    decision = standing.decision
    if decision is not None and decision.outcome in PASSING:
        step.state = StepState.DONE
        said = {"ref": decision.ref, "outcome": str(decision.get_outcome_display()).lower()}
        step.says = _("Decided: %(outcome)s (%(ref)s).") % said
        if decision.decided_on is not None:
            step.says = _("Decided on %(day)s: %(outcome)s (%(ref)s).") % {**said, "day": _day(decision.decided_on)}
        return step
    missing = [
        _("%(title)s: %(value)s") % {"title": each.title, "value": each.reading.detail or each.reading.value}
        if each.reading.detail or each.reading.value != "–"
        else each.title
        for each in standing.open
    ]
    if not sees_gate and missing:
        missing = [ngettext("%(n)d criterion is open.", "%(n)d criteria are open.", len(missing)) % {"n": len(missing)}]
    if decision is not None:
        missing.insert(
            0, _("The committee decided: %(outcome)s.") % {"outcome": str(decision.get_outcome_display()).lower()}
        )
    if standing.may_go:
        missing.append(
            _("All criteria are met. The committee is asked in %(ref)s.") % {"ref": standing.asked.ref}
            if standing.asked is not None
            else _("All criteria are met. Nobody has asked the committee yet.")
        )
    step.missing = missing
    step.who = chairs if standing.may_go and standing.asked is not None else managers
    return step


def _close(path: PhasePath, managers: str) -> Step:
    phase, end = path.end.phase, path.end
    step = Step(
        "close",
        _("Close phase %(number)d") % {"number": path.number},
        _("Its figures freeze, and unfinished work moves on."),
        who=managers,
        url=reverse("phase_end", args=[path.project.slug, path.number]),
        act=_("Close it"),
    )
    if phase.state == PhaseState.CLOSED:
        step.state = StepState.DONE
        step.says = _("Closed on %(day)s. Its figures are frozen.") % {"day": _day(phase.closed_on)}
        return step
    if phase.state == PhaseState.PLANNED:
        step.missing = [_("The phase has not started.")]
        return step
    # What the steps before say is not said twice.
    said = {line for line in (missing_analysis(path.project, path.number),) if line}
    step.missing = [check.missing for check in end.checks if check.missing and check.missing not in said]
    if end.going_on:
        count = len(end.going_on)
        step.says = ngettext(
            "Its figures freeze. %(n)d activity is unfinished, so closing asks why it ends now.",
            "Its figures freeze. %(n)d activities are unfinished, so closing asks why it ends now.",
            count,
        ) % {"n": count}
    return step


def _start(path: PhasePath, managers: str) -> Step:
    following = path.end.following
    if following is None:
        return Step("start", _("Next phase"), _("The plan has none after it."), state=StepState.SKIPPED)
    step = Step(
        "start",
        _("Start phase %(number)d") % {"number": following.number},
        _("Operation opens with everything that goes on or reviews, each in its rhythm.")
        if following.number > LAST
        else _("It becomes the active one, with what was carried over."),
        who=managers,
        url=reverse("phase_end", args=[path.project.slug, path.number]),
        act=_("Start it"),
    )
    if following.started_on is not None:
        step.state = StepState.DONE
        step.says = _("Started on %(day)s.") % {"day": _day(following.started_on)}
    elif not path.end.is_closed:
        step.missing = [_("Phase %(number)d is not closed yet.") % {"number": path.number}]
    return step


def carry_groups(lines: Iterable[CarryLine], titles: Mapping[str, str]) -> list[tuple[str, str, list[CarryLine]]]:
    """`lines` by component: its code, its title and its lines, in the order of the lines."""
    groups: dict[str, list[CarryLine]] = {}
    for line in lines:
        groups.setdefault(line.going.row.component, []).append(line)
    return [(code, titles.get(code, code), held) for code, held in groups.items()]
