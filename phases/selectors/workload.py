"""Who has how much due in which week."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from common import clock
from phases.choices import PhaseState
from phases.domain.schedule import PER_WEEK
from phases.domain.transitions import OPEN_STATUSES
from phases.domain.workload import Load, Week, Work, loads_by_week, week_of, weeks_from
from phases.models import Phase, PhaseActivity, PlanRules
from phases.selectors.role_map import PartyChoice
from projects.models import GroupMember, Party, Project


@dataclass(frozen=True, slots=True)
class PartyLoad:
    """The load of a party; of a person with the names of its groups, of a group with how many members it has."""

    party: PartyChoice | None
    load: Load
    groups: tuple[str, ...] = ()
    members: int = 0


@dataclass(frozen=True, slots=True)
class Workload:
    """Twelve weeks of a project: parties that have anything, those over the limit first. `today` is the project's."""

    weeks: tuple[Week, ...]
    lines: tuple[PartyLoad, ...]
    nobody: PartyLoad
    per_week: int
    today: date

    @property
    def over(self) -> int:
        """How many parties are over the limit in some week."""
        return sum(line.load.over > 0 for line in self.lines)

    @property
    def late(self) -> int:
        """Rows that are late, whoever answers for them."""
        return sum(sum(line.load.late.values()) for line in (*self.lines, self.nobody))

    @property
    def undated(self) -> int:
        """Open rows without a date."""
        return sum(sum(line.load.undated.values()) for line in (*self.lines, self.nobody))


def workload_of(project: Project, first: Week | None = None) -> Workload:
    """The workload from week `first` on, or from the current one where that is later. Five queries."""
    today = clock.today(project.time_zone)
    this = week_of(today)
    weeks = weeks_from(first if first is not None and first.monday > this.monday else this)
    parties = {
        pk: PartyChoice(pk, name, kind, active)
        for pk, name, kind, active in Party.objects.filter(project=project).values_list(
            "pk", "name", "kind", "is_active"
        )
    }
    members: dict[int, list[int]] = defaultdict(list)
    for group, person in GroupMember.objects.filter(project=project).values_list("group_id", "person_id"):
        members[group].append(person)
    per_week = PlanRules.objects.filter(project=project).values_list("per_week", flat=True).first() or PER_WEEK
    closed = Phase.objects.filter(project=project, state=PhaseState.CLOSED).values_list("number", flat=True)
    rows = (
        PhaseActivity.objects.filter(project=project, status__in=OPEN_STATUSES)
        .exclude(phase_number__in=closed)
        .values_list("accountable_id", "due", "phase_number")
    )
    loads = loads_by_week(
        (Work(*row) for row in rows), weeks, today, parties=list(parties), per_week=per_week, members=members
    )
    groups: dict[int, list[str]] = defaultdict(list)
    for group, people in members.items():
        for person in people:
            groups[person].append(parties[group].name)
    lines = [
        PartyLoad(parties[load.party], load, tuple(sorted(groups[load.party])), len(members.get(load.party, ())))
        for load in loads
        if load.party is not None and not load.is_idle
    ]
    lines.sort(
        key=lambda line: (
            -line.load.over,
            -sum(line.load.late.values()),
            line.party.name.casefold() if line.party else "",
        )
    )
    return Workload(weeks, tuple(lines), PartyLoad(None, loads[-1]), per_week, today)
