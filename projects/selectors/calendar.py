"""The calendar of an organization as its page shows it."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from accounts.models import User
from projects.calendars import NamedDay
from projects.capabilities import capabilities_of
from projects.choices import OrganizationRole, ProjectRole
from projects.models import Holiday, Membership, Organization, OrganizationMembership, Project


@dataclass(frozen=True, slots=True)
class HolidayLine:
    """A holiday; `counts` unless it falls on a day on which the organization does not work anyway."""

    day: date
    name: str
    counts: bool


@dataclass(frozen=True, slots=True)
class HolidayYear:
    """The holidays of a year, and how many days remain to work on."""

    year: int
    lines: tuple[HolidayLine, ...]
    working_days: int


@dataclass(frozen=True, slots=True)
class PlanOfProject:
    """A project whose plan follows the calendar; `may_recompute` for those who set its dates."""

    slug: str
    name: str
    may_recompute: bool


def holidays_of(organization: Organization) -> list[NamedDay]:
    """The holidays of `organization`, in order. One query."""
    return [NamedDay(one.day, one.name) for one in Holiday.objects.filter(organization=organization).order_by("day")]


def days_to_work(year: int, week: Collection[int], holidays: Iterable[date]) -> int:
    """How many days of `year` fall on a day of `week` (Monday is 0) and are no holiday."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    weekdays = [(first.weekday() + number) % 7 for number in range((last - first).days + 1)]
    missed = {day for day in holidays if day.year == year and day.weekday() in week}
    return sum(1 for weekday in weekdays if weekday in week) - len(missed)


def holiday_years(holidays: Iterable[NamedDay], week: Collection[int], *, this_year: int) -> list[HolidayYear]:
    """`holidays` by year, in order. `this_year` is among them even where it has none."""
    by_year: dict[int, list[NamedDay]] = defaultdict(list, {this_year: []})
    for one in holidays:
        by_year[one.day.year].append(one)
    return [
        HolidayYear(
            year,
            tuple(HolidayLine(one.day, one.name, one.day.weekday() in week) for one in by_year[year]),
            days_to_work(year, week, [one.day for one in by_year[year]]),
        )
        for year in sorted(by_year)
    ]


def plans_of(user: User, organization: Organization) -> list[PlanOfProject]:
    """The projects of `organization` that `user` sees, by name. Three queries."""
    owner = OrganizationMembership.objects.current().filter(
        organization=organization, user=user, role=OrganizationRole.OWNER
    )
    owns = owner.exists()
    roles: dict[int, set[ProjectRole]] = defaultdict(set)
    held = Membership.objects.current().filter(project__organization=organization, user=user)
    for project_id, role in held.values_list("project_id", "role"):
        roles[project_id].add(ProjectRole(role))
    projects = Project.objects.visible_to(user).filter(organization=organization).order_by("name", "pk")
    return [
        PlanOfProject(
            slug,
            name,
            "phases.schedule" in capabilities_of(frozenset(roles.get(pk, ())), organization_owner=owns),
        )
        for pk, slug, name in projects.values_list("pk", "slug", "name")
    ]
