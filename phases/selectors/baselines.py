"""Baselines: what one holds, and the plan as it stands now in the same form."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from django.core.paginator import Page, Paginator
from django.utils.translation import gettext as _

from phases.domain.baselines import (
    Between,
    PlannedPackage,
    PlannedPhase,
    PlannedRow,
    PlanState,
    Totals,
    compare_plans,
    totals,
)
from phases.domain.transitions import NOT_APPLICABLE
from phases.models import Baseline, Package, Phase, PhaseActivity
from phases.selectors.catalogue import texts_for
from phases.selectors.plan_state import calendar_of
from projects.models import Party, Project

SCHEMA = 1
PER_PAGE = 25


def plan_content(project: Project) -> dict[str, Any]:
    """The plan of `project` as a baseline keeps it: rows, packages and phases, with the names it uses. Four queries.

    It holds texts, numbers and dates as YYYY-MM-DD alone, so that its hash is the same after it was stored.
    """
    texts = texts_for(project)
    titles: dict[str, str] = {}
    rows = []
    values = PhaseActivity.objects.filter(project=project).order_by("phase_number", "activity__position", "pk")
    for ref, title, component, supplement, phase, status, reason, party, start, due in values.values_list(
        "activity__ref",
        "activity__title",
        "activity__component",
        "activity__is_supplement",
        "phase_number",
        "status",
        "reason",
        "accountable_id",
        "planned_start",
        "due",
    ):
        if ref not in titles:
            text = texts.text_of(ref)
            titles[ref] = title or (text.title if text else ref)
        rows.append(
            _kept(
                ref=ref,
                phase=phase,
                component=component,
                status=status,
                supplement=supplement,
                party=party,
                start=start,
                due=due,
                why=reason if status == NOT_APPLICABLE else "",
            )
        )
    packages = [
        _kept(component=component, phase=phase, start=start, end=end, owner=owner)
        for component, phase, start, end, owner in Package.objects.filter(project=project)
        .order_by("phase_number", "component")
        .values_list("component", "phase_number", "start", "end", "owner_id")
    ]
    phases = [
        {**_kept(start=start, end=end, state=state), "number": number}
        for number, start, end, state in Phase.objects.filter(project=project)
        .order_by("number")
        .values_list("number", "start", "end", "state")
    ]
    used = {row.get("party") for row in rows} | {package.get("owner") for package in packages}
    names = Party.objects.filter(project=project).order_by("pk").values_list("pk", "name")
    return {
        "schema": SCHEMA,
        "catalogue": f"{project.catalogue_pack} {project.catalogue_version}",
        "supplement": f"{project.supplement_pack} {project.supplement_version}".strip(),
        "rows": rows,
        "packages": packages,
        "phases": phases,
        "titles": titles,
        "parties": {str(pk): name for pk, name in names if pk in used},
    }


def _kept(**values: Any) -> dict[str, Any]:
    """What of `values` says anything; days as text."""
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in values.items()
        if value is not None and value is not False and value != ""
    }


@dataclass(frozen=True, slots=True)
class Side:
    """One of two plans that are compared: a baseline, or (`number` None) the plan of now.

    `names` are those of parties by id, `titles` and `why` (something is not applicable) by ref, and by ref and phase.
    """

    number: int | None
    label: str
    state: PlanState
    names: Mapping[int, str]
    titles: Mapping[str, str]
    why: Mapping[tuple[str, int], str]

    @property
    def rows(self) -> int:
        """Activities of the catalogue and of the plan's own."""
        return sum(not row.supplement for row in self.state.rows)

    @property
    def applicable(self) -> int:
        """Those of them that apply."""
        return sum(row.applies and not row.supplement for row in self.state.rows)

    @property
    def supplement(self) -> int:
        """Activities of the supplement that apply."""
        return sum(row.applies and row.supplement for row in self.state.rows)

    @property
    def end(self) -> date | None:
        """The last day of the last phase that has one."""
        return max((phase.end for phase in self.state.phases if phase.end is not None), default=None)


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


def side_from(content: Mapping[str, Any], number: int | None, label: str) -> Side:
    """A plan as `plan_content` wrote it."""
    rows = [
        PlannedRow(
            ref=row["ref"],
            phase=row["phase"],
            component=row["component"],
            due=_day(row.get("due")),
            party_id=row.get("party"),
            applies=row["status"] != NOT_APPLICABLE,
            supplement=bool(row.get("supplement")),
        )
        for row in content["rows"]
    ]
    packages = [
        PlannedPackage(
            package["component"],
            package["phase"],
            _day(package.get("start")),
            _day(package.get("end")),
            package.get("owner"),
        )
        for package in content["packages"]
    ]
    phases = [
        PlannedPhase(phase["number"], _day(phase.get("start")), _day(phase.get("end"))) for phase in content["phases"]
    ]
    return Side(
        number=number,
        label=label,
        state=PlanState(rows, packages, phases),
        names={int(pk): name for pk, name in content["parties"].items()},
        titles=content["titles"],
        why={(row["ref"], row["phase"]): row["why"] for row in content["rows"] if row.get("why")},
    )


def side_of(baseline: Baseline) -> Side:
    """What `baseline` holds."""
    return side_from(baseline.content, baseline.number, str(baseline))


def side_now(project: Project) -> Side:
    """The plan as it stands. Four queries."""
    return side_from(plan_content(project), None, _("Now"))


def working_days_between(project: Project) -> Between:
    """Counts the working days between two days by the calendar of the organization as it is now. One query."""
    return cache(calendar_of(project).between)


def find_baseline(project: Project, number: int) -> Baseline | None:
    """The baseline of `project` with that number, or None. One query."""
    return Baseline.objects.filter(project=project, number=number).first()


@dataclass(frozen=True, slots=True)
class BaselineChoice:
    """A baseline as something to choose."""

    number: int
    name: str
    taken_at: datetime

    @property
    def label(self) -> str:
        """How it is called."""
        return f"B{self.number} {self.name}"


def choices_of(project: Project) -> list[BaselineChoice]:
    """All baselines of `project` without what they hold, newest first. One query."""
    found = Baseline.objects.filter(project=project).order_by("-number")
    return [BaselineChoice(*values) for values in found.values_list("number", "name", "taken_at")]


@dataclass(frozen=True, slots=True)
class BaselineLine:
    """A baseline in the list: what it holds, and what of that is otherwise now, the supplement's activities apart."""

    baseline: Baseline
    side: Side
    totals: Totals
    supplement: Totals
    dates_of_phases: int

    @property
    def is_same(self) -> bool:
        """Whether nothing of it has changed."""
        return not (self.totals.changed or self.supplement.changed or self.dates_of_phases)


def baselines_page(project: Project, number: int) -> tuple[Page[Any], list[BaselineLine]]:
    """A page of the baselines of `project`, newest first, each against the plan of now. Seven queries.

    A number beyond the last page gives the last.
    """
    found = Baseline.objects.filter(project=project).select_related("taken_by").order_by("-number")
    page = Paginator(found, PER_PAGE).get_page(number)
    baselines = list(page.object_list)
    if not baselines:
        return page, []
    now, between = side_now(project), working_days_between(project)
    return page, [_line(baseline, now, between) for baseline in baselines]


def _line(baseline: Baseline, now: Side, between: Callable[[date, date], int]) -> BaselineLine:
    side = side_of(baseline)
    found = compare_plans(side.state, now.state, between)
    apart = [[change for change in found.rows if change.row.supplement is is_extra] for is_extra in (False, True)]
    return BaselineLine(baseline, side, totals(apart[0]), totals(apart[1]), len(found.phases))
