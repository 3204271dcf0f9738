"""A plan as the schedule sees it: windows, calendar, rules, rows and links, read once."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from common import clock
from phases.choices import PhaseState, Status
from phases.domain.planning import Ground, Row, Rules
from phases.domain.schedule import Window
from phases.domain.transitions import OPEN_STATUSES
from phases.domain.working_days import WorkingDays, calendar_from
from phases.models import ActivityLink, Package, Phase, PhaseActivity, PlanRules
from phases.selectors.catalogue import CatalogueTexts, texts_for
from projects.models import Holiday, Organization, Project

LAST_DATED_PHASE = 3


def calendars_of(organizations: Iterable[Organization]) -> dict[int, WorkingDays]:
    """The calendar of each organization, by id. One query."""
    weeks = {organization.pk: organization.working_days for organization in organizations}
    holidays: dict[int, list[date]] = defaultdict(list)
    for key, day in Holiday.objects.filter(organization__in=list(weeks)).values_list("organization_id", "day"):
        holidays[key].append(day)
    return {key: calendar_from(week, holidays[key]) for key, week in weeks.items()}


def calendar_of(project: Project) -> WorkingDays:
    """The calendar that the dates of `project` follow: its organization's. One query."""
    return calendars_of([project.organization])[project.organization_id]


def phase_windows_of(phases: Iterable[Phase]) -> dict[int, Window]:
    """The windows of the phases that have dates and are not closed, operation apart."""
    return {
        phase.number: Window(phase.start, phase.end)
        for phase in phases
        if phase.start is not None
        and phase.end is not None
        and phase.number <= LAST_DATED_PHASE
        and phase.state != PhaseState.CLOSED
    }


def package_windows(packages: Iterable[Package]) -> dict[tuple[str, int], Window]:
    """The windows of packages with dates of their own, by component and phase: all their days may be due days."""
    return {
        (package.component, package.phase_number): Window(package.start, package.end, package.end)
        for package in packages
        if package.start is not None and package.end is not None
    }


def dating_rules(rules: PlanRules) -> Rules:
    """The rules of a plan as the schedule takes them."""
    return Rules(
        shares={nature: int(share) for nature, share in rules.shares.items()},
        per_week=rules.per_week,
        order=tuple((pair[0], pair[1]) for pair in rules.component_order),
    )


@dataclass(frozen=True, slots=True)
class StateRow:
    """A phase activity as the schedule sees it; `roles` are those that the catalogue, or the plan, names for it."""

    pk: int
    version: int
    activity_id: int
    ref: str
    own_title: str
    component: str
    phase: int
    nature: str
    roles: tuple[str, ...]
    status: str
    due: date | None
    due_is_own: bool
    party_id: int | None
    assigned_by: str

    @property
    def is_open(self) -> bool:
        """Whether work on it is still to be done."""
        return self.status in OPEN_STATUSES

    @property
    def bearer(self) -> int | str:
        """Whose week it fills: its party's, or that of its first role where nobody has it."""
        return self.party_id if self.party_id is not None else (self.roles[0] if self.roles else "")


@dataclass(frozen=True, slots=True)
class PlanState:
    """Everything that dates of a plan follow from. Rows are in catalogue order, without those of closed phases."""

    project: Project
    today: date
    texts: CatalogueTexts
    phases: Mapping[int, Phase]
    packages: Mapping[tuple[str, int], Package]
    rules: PlanRules
    calendar: WorkingDays
    rows: tuple[StateRow, ...]
    links: tuple[tuple[int, int], ...]

    def title_of(self, row: StateRow) -> str:
        """What the activity is called."""
        text = self.texts.text_of(row.ref)
        return row.own_title or (text.title if text else row.ref)

    def ground(self) -> Ground:
        """What the rows are dated in, from today on."""
        return Ground(
            windows=phase_windows_of(self.phases.values()),
            packages=package_windows(self.packages.values()),
            calendar=self.calendar,
            rules=dating_rules(self.rules),
            links=self.row_links(),
            today=self.today,
        )

    def row_links(self) -> tuple[tuple[int, int], ...]:
        """The links between activities as links between their rows in each phase that has both."""
        by_activity: dict[int, dict[int, int]] = defaultdict(dict)
        for row in self.rows:
            by_activity[row.activity_id][row.phase] = row.pk
        return tuple(
            (by_activity[before][phase], key)
            for before, after in self.links
            for phase, key in by_activity[after].items()
            if phase in by_activity[before]
        )

    def follows_plan(self, row: StateRow, *, late_too: bool = False) -> bool:
        """Whether the schedule may date `row`: open, dated by nobody, and (unless `late_too`) not late already."""
        if not row.is_open or row.due_is_own or row.phase not in phase_windows_of(self.phases.values()):
            return False
        return late_too or row.due is None or row.due >= self.today

    def domain_rows(self, free: Collection[int], movable: Collection[int] = ()) -> list[Row]:
        """The rows for the schedule: those of `free` are dated anew; others stay, `movable` ones where order allows."""
        return [
            Row(
                row.pk,
                row.phase,
                row.nature,
                row.bearer,
                row.component,
                fixed=None if row.pk in free else row.due,
                settled=not row.is_open,
                yields=row.pk in movable,
            )
            for row in self.rows
            if row.status != Status.NOT_APPLICABLE and (row.pk in free or row.due is not None)
        ]

    def with_rows(self, rows: Sequence[StateRow]) -> "PlanState":
        """The same plan with other rows."""
        return replace(self, rows=tuple(rows))


def plan_state(project: Project) -> PlanState:
    """The plan of `project` as it stands. Six queries."""
    texts = texts_for(project)
    phases = {phase.number: phase for phase in Phase.objects.filter(project=project)}
    closed = [number for number, phase in phases.items() if phase.state == PhaseState.CLOSED]
    rows = []
    for value in (
        PhaseActivity.objects.filter(project=project)
        .exclude(phase_number__in=closed)
        .order_by("activity__position", "activity__ref", "phase_number")
        .values_list(
            "pk",
            "version",
            "activity_id",
            "activity__ref",
            "activity__title",
            "activity__component",
            "phase_number",
            "activity__nature",
            "activity__roles",
            "status",
            "due",
            "due_is_own",
            "accountable_id",
            "assigned_by",
        )
    ):
        text = texts.text_of(value[3])
        roles = text.roles if text is not None else tuple(value[8])
        rows.append(StateRow(*value[:8], roles, *value[9:]))
    return PlanState(
        project=project,
        today=clock.today(project.time_zone),
        texts=texts,
        phases=phases,
        packages={
            (package.component, package.phase_number): package
            for package in Package.objects.filter(project=project).select_related("owner")
        },
        rules=PlanRules.objects.get(project=project),
        calendar=calendar_of(project),
        rows=tuple(rows),
        links=tuple(ActivityLink.objects.filter(project=project).order_by("pk").values_list("before_id", "after_id")),
    )
