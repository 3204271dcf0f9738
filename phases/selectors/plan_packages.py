"""The packages of a plan as its timeline and table show them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from accounts.models import initials_of
from audittrail.models import Event
from common import clock
from common.charts.scale import percent
from phases.choices import PHASE_NAMES, PhaseState
from phases.domain.critical import PackageKey, Span, critical, reserves, span_of
from phases.domain.figures import Tally
from phases.domain.forecast import forecast
from phases.domain.replay import PlanRow
from phases.domain.transitions import DONE, NOT_APPLICABLE, OPEN_STATUSES, VERIFIED
from phases.models import ActivityLink, Baseline, Package, Phase, PhaseActivity, PlanRules
from phases.selectors.as_of import PastPlan, live_phases
from phases.selectors.catalogue import CatalogueTexts, texts_for
from phases.selectors.outlook import stage_audits
from phases.selectors.plan_state import calendar_of
from phases.selectors.standing import ProjectStanding, reference_from, standing_from
from projects.models import Party, Project

UNDER_WAY = (PhaseState.ACTIVE, PhaseState.IN_REVIEW)
LAST_PLANNED = 3


@dataclass(frozen=True, slots=True)
class PlanActivity:
    """A phase activity as the plan of packages needs it."""

    pk: int
    ref: str
    title: str
    component: str
    phase: int
    nature: str
    status: str
    due: date | None
    due_is_own: bool
    party_id: int | None
    is_key: bool
    is_supplement: bool
    operating_since: date | None
    position: int
    done_on: date | None

    @property
    def is_open(self) -> bool:
        """Neither finished nor left out."""
        return self.status in OPEN_STATUSES


@dataclass(frozen=True, slots=True)
class PhaseSpan:
    """A phase of the plan, with the day on which it began or is to begin, and on which it is to end."""

    number: int
    name: str
    state: str
    start: date | None
    end: date | None
    closed_on: date | None
    is_current: bool = False

    @property
    def is_closed(self) -> bool:
        """Over."""
        return self.state == PhaseState.CLOSED


@dataclass(frozen=True, slots=True)
class PackageLine:
    """A package with its effective dates and figures.

    `start` and `end` are its own dates where `has_own_dates`, else those of its phase. `first_due` and `last_due` are
    the due dates of its applicable activities, `baseline_due` the last one in the newest baseline. `reserve` are the
    working days it has to spare, None where nothing is open or no date is known. `following` counts activities that
    follow the package's dates.
    """

    pk: int
    version: int
    component: str
    component_number: int
    title: str
    short_title: str
    phase: int
    phase_state: str
    is_supplement: bool
    start: date | None
    end: date | None
    has_own_dates: bool
    owner: Party | None
    tally: Tally
    following: int
    first_due: date | None
    last_due: date | None
    baseline_due: date | None
    forecast: date | None
    reserve: int | None
    is_critical: bool

    @property
    def key(self) -> PackageKey:
        """Which package it is."""
        return self.component, self.phase

    @property
    def name(self) -> str:
        """How a form names it."""
        return f"{self.component}.{self.phase}"

    @property
    def percent(self) -> int:
        """Done or verified, in whole percent of what applies."""
        return percent(self.tally.finished, self.tally.applicable)

    @property
    def is_closed(self) -> bool:
        """Whether its phase is over: then nothing in it moves."""
        return self.phase_state == PhaseState.CLOSED

    @property
    def is_open(self) -> bool:
        """Whether work is left in it."""
        return not self.is_closed and self.tally.applicable > self.tally.finished

    @property
    def is_late(self) -> bool:
        """Whether something in it is overdue."""
        return not self.is_closed and self.tally.overdue > 0

    @property
    def shown_end(self) -> date | None:
        """The mark of the last due date: the baseline's where there is one."""
        return self.baseline_due or self.last_due

    @property
    def owner_initials(self) -> str:
        """Letters for the avatar."""
        return initials_of(self.owner.name) if self.owner else ""

    @property
    def state(self) -> str:
        """One of: empty, verified, closed, finished, started, waiting."""
        tally = self.tally
        if not tally.applicable:
            return "empty"
        if tally.verified == tally.applicable:
            return "verified"
        if self.is_closed:
            return "closed"
        if tally.finished == tally.applicable:
            return "finished"
        if tally.finished or tally.in_progress or tally.blocked:
            return "started"
        return "waiting"


@dataclass(frozen=True, slots=True)
class PlanOfPackages:
    """All packages of a project with the frame they stand in.

    `waits` are pairs (before, after) of packages: the second waits for the first, by a rule of order between components
    or by a link between activities.
    """

    project: Project
    today: date
    phases: tuple[PhaseSpan, ...]
    lines: tuple[PackageLine, ...]
    waits: tuple[tuple[PackageKey, PackageKey], ...]
    stage_1: date | None
    found: ProjectStanding
    baseline: tuple[int, str, datetime] | None
    activities: Mapping[PackageKey, Sequence[PlanActivity]]
    parties: Sequence[Party]
    shares: Mapping[str, int] = field(default_factory=dict)

    @property
    def by_key(self) -> dict[PackageKey, PackageLine]:
        """The packages by component and phase."""
        return {line.key: line for line in self.lines}

    @property
    def critical(self) -> list[PackageLine]:
        """Those without a working day to spare."""
        return [line for line in self.lines if line.is_critical]

    def phase(self, number: int) -> PhaseSpan | None:
        """One phase."""
        return next((phase for phase in self.phases if phase.number == number), None)


def plan_of_packages(project: Project) -> PlanOfPackages:
    """The packages of `project` that hold activities, in the order of the catalogue. Nine queries."""
    today = clock.today(project.time_zone)
    texts = texts_for(project)
    phases = list(Phase.objects.with_frozen().filter(project=project))
    activities, plan_rows = _rows(project, texts)
    baseline = Baseline.objects.filter(project=project).order_by("-number").first()
    count = calendar_of(project).between
    standing = standing_from(
        project,
        PastPlan(today, tuple(plan_rows), live_phases(phases), "live"),
        phases,
        last_update=_last_update(project),
        reference=reference_from(f"B{baseline.number}", baseline.content) if baseline else None,
        working_days=count,
    )
    parties = list(Party.objects.filter(project=project).order_by("name"))
    rules = PlanRules.objects.filter(project=project).first()
    by_key: dict[PackageKey, list[PlanActivity]] = {}
    for row in activities:
        by_key.setdefault((row.component, row.phase), []).append(row)
    waits = _waits(project, rules, by_key)
    lines = _lines(project, phases, by_key, standing, baseline, parties, today)
    frames = {phase.number: phase for phase in phases}
    spans = {line.key: _span(line, by_key[line.key], frames[line.phase], today) for line in lines if line.is_open}
    spare = reserves(spans, waits, count)
    tight = critical(spare)
    ended = next((phase.end for phase in phases if phase.number == LAST_PLANNED), None)
    return PlanOfPackages(
        project=project,
        today=today,
        phases=tuple(
            PhaseSpan(
                phase.number,
                str(PHASE_NAMES[phase.number]),
                phase.state,
                phase.started_on if phase.state == PhaseState.CLOSED else phase.start,
                phase.end,
                phase.closed_on,
                standing.standing.phase.number == phase.number,
            )
            for phase in phases
        ),
        lines=tuple(_with_reserve(line, spare, tight) for line in lines),
        waits=waits,
        stage_1=stage_audits(ended)[0] if ended else None,
        found=standing,
        baseline=(baseline.number, baseline.name, baseline.taken_at) if baseline else None,
        activities=by_key,
        parties=parties,
        shares=dict(rules.shares) if rules else {},
    )


def _rows(project: Project, texts: CatalogueTexts) -> tuple[list[PlanActivity], list[PlanRow]]:
    values = (
        PhaseActivity.objects.filter(project=project)
        .order_by("activity__position", "activity__ref", "phase_number")
        .values_list(
            "pk",
            "activity__ref",
            "activity__title",
            "activity__component",
            "phase_number",
            "activity__nature",
            "status",
            "due",
            "due_is_own",
            "accountable_id",
            "activity__is_key",
            "activity__is_supplement",
            "operating_since",
            "activity__position",
            "added_at",
            "status_since",
            "done_at",
            "carried_to",
        )
    )
    activities, plan_rows = [], []
    for value in values:
        pk, ref, title, component, phase, nature, status, due, own, party, is_key, extra, since, place = value[:14]
        added, status_since, done_at, carried_to = value[14:]
        text = texts.text_of(ref)
        finished = done_at if status in (DONE, VERIFIED) else None
        activities.append(
            PlanActivity(
                pk,
                ref,
                title or (text.title if text else ref),
                component,
                phase,
                nature,
                status,
                due,
                own,
                party,
                is_key,
                extra,
                since,
                place,
                clock.day_of(finished or status_since, project.time_zone) if status in (DONE, VERIFIED) else None,
            )
        )
        plan_rows.append(
            PlanRow(
                ref,
                phase,
                component,
                status,
                due,
                party,
                is_key,
                extra,
                since,
                added,
                status_since,
                done_at,
                carried_to is not None,
            )
        )
    return activities, plan_rows


def _last_update(project: Project) -> datetime | None:
    newest = Event.objects.filter(stream_id=project.uuid).order_by("-seq")
    return newest.values_list("at", flat=True).first()


def _waits(
    project: Project, rules: PlanRules | None, by_key: Mapping[PackageKey, Sequence[PlanActivity]]
) -> tuple[tuple[PackageKey, PackageKey], ...]:
    """Which package waits for which, in each phase that has both. One query."""
    pairs: dict[tuple[str, str], None] = {}
    for before, after in rules.component_order if rules else ():
        pairs[before, after] = None
    found: dict[tuple[PackageKey, PackageKey], None] = {
        ((before, number), (after, number)): None
        for before, after in pairs
        for number in range(LAST_PLANNED + 1)
        if (before, number) in by_key and (after, number) in by_key
    }
    places: dict[str, set[int]] = {}
    for rows in by_key.values():
        for row in rows:
            places.setdefault(row.ref, set()).add(row.phase)
    links = ActivityLink.objects.filter(project=project).values_list(
        "before__ref", "before__component", "after__ref", "after__component"
    )
    for before_ref, before, after_ref, after in links.order_by("before__position", "after__position"):
        if before != after:
            for number in sorted(places.get(before_ref, set()) & places.get(after_ref, set())):
                found[(before, number), (after, number)] = None
    return tuple(found)


def _baseline_dues(baseline: Baseline | None) -> dict[PackageKey, date]:
    found: dict[PackageKey, date] = {}
    for row in baseline.content.get("rows", ()) if baseline else ():
        if row.get("due") and row.get("status") != NOT_APPLICABLE:
            key = (str(row["component"]), int(row["phase"]))
            day = date.fromisoformat(row["due"])
            found[key] = max(day, found.get(key, day))
    return found


def _lines(
    project: Project,
    phases: Iterable[Phase],
    by_key: Mapping[PackageKey, Sequence[PlanActivity]],
    standing: ProjectStanding,
    baseline: Baseline | None,
    parties: Iterable[Party],
    today: date,
) -> list[PackageLine]:
    """The packages with everything but their reserve. One query."""
    texts = texts_for(project)
    frames = {phase.number: phase for phase in phases}
    owners = {party.pk: party for party in parties}
    before = _baseline_dues(baseline)
    extra = set(texts.supplement.components) if texts.supplement else set()
    lines = []
    for package in Package.objects.filter(project=project):
        key = (package.component, package.phase_number)
        rows = by_key.get(key)
        phase = frames.get(package.phase_number)
        if not rows or phase is None:
            continue
        text = texts.components.get(package.component)
        is_extra = package.component in extra
        applicable = [row for row in rows if row.status != NOT_APPLICABLE]
        own = package.start is not None and package.end is not None
        lines.append(
            PackageLine(
                pk=package.pk,
                version=package.version,
                component=package.component,
                component_number=text.number if text else 10_000,
                title=text.title if text else package.component,
                short_title=text.short_title if text else package.component,
                phase=package.phase_number,
                phase_state=phase.state,
                is_supplement=is_extra,
                start=package.start if own else phase.start,
                end=package.end if own else phase.end,
                has_own_dates=own,
                owner=owners.get(package.owner_id) if package.owner_id else None,
                tally=_tally(standing, key),
                following=sum(not row.due_is_own for row in applicable),
                first_due=min((row.due for row in applicable if row.due), default=None),
                last_due=max((row.due for row in applicable if row.due), default=None),
                baseline_due=before.get(key),
                forecast=_forecast(applicable, phase, today),
                reserve=None,
                is_critical=False,
            )
        )
    return sorted(lines, key=lambda line: (line.is_supplement, line.component_number, line.component, line.phase))


def _tally(standing: ProjectStanding, key: PackageKey) -> Tally:
    """The counts of a package: those of the catalogue's rows and of the supplement's in it."""
    component, phase = key
    total = Tally()
    for figures in (standing.figures, standing.figures.supplement):
        part = figures.components.get(component, {}).get(phase) if figures is not None else None
        if part is not None:
            for name in total.__slots__:
                setattr(total, name, getattr(total, name) + getattr(part, name))
    return total


def _forecast(rows: Sequence[PlanActivity], phase: Phase, today: date) -> date | None:
    if phase.state not in UNDER_WAY or phase.started_on is None:
        return None
    done = [row.done_on or today for row in rows if row.status in (DONE, VERIFIED)]
    dues = [row.due for row in rows if row.due is not None]
    return forecast(dues, done, sum(row.is_open for row in rows), phase.started_on, today).likely


def _span(line: PackageLine, rows: Iterable[PlanActivity], phase: Phase, today: date) -> Span:
    own = (line.start, line.end) if line.has_own_dates and line.start and line.end else None
    under_way = phase.state in UNDER_WAY
    dues = [row.due for row in rows if row.is_open and row.due is not None]
    return span_of(own, dues, phase.end, today=today if under_way else None)


def _with_reserve(line: PackageLine, spare: Mapping[PackageKey, int], tight: Collection[PackageKey]) -> PackageLine:
    return replace(line, reserve=spare.get(line.key), is_critical=line.key in tight)
