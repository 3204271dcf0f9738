"""A plan with other dates of phases and packages, checked. Copies alone: nothing of it is ever saved."""

from collections.abc import Mapping, Sequence
from copy import copy
from datetime import date, timedelta

from django.db.models import Max
from django.utils.translation import gettext as _

from common.exceptions import RuleBroken
from phases.choices import PhaseState
from phases.models import Package, Phase
from phases.selectors.plan_state import PlanState
from phases.selectors.wishes import PackageWish, PhaseWish

HALF_A_YEAR = timedelta(days=183)


def phases_wished(state: PlanState, wishes: Sequence[PhaseWish]) -> dict[int, Phase]:
    """The phases as they would stand. Raises RuleBroken for days that cannot be, Phase.DoesNotExist."""
    phases = dict(state.phases)
    for wish in wishes:
        standing = phases.get(wish.number)
        if standing is None:
            raise Phase.DoesNotExist
        _check_phase(phases, standing, wish)
        moved = copy(standing)
        days = (wish.end - standing.end).days if standing.end is not None else 0
        moved.start, moved.end = wish.start, wish.end
        phases[wish.number] = moved
        for number, later in list(phases.items()):
            if wish.shift_later and number > wish.number and later.start and later.end:
                follows = copy(later)
                follows.start, follows.end = later.start + timedelta(days=days), later.end + timedelta(days=days)
                phases[number] = follows
    return phases


def _check_phase(phases: Mapping[int, Phase], standing: Phase, wish: PhaseWish) -> None:
    if standing.state == PhaseState.CLOSED:
        raise RuleBroken(_("Phase %(number)d is closed; its dates stay as they were.") % {"number": wish.number})
    if wish.end <= wish.start:
        raise RuleBroken(_("The end must lie after the start."), field="end")
    if standing.state != PhaseState.PLANNED and wish.start != standing.start:
        raise RuleBroken(_("The phase has begun; only its end can move."), field="start")
    if (wish.end - wish.start).days > 366 * 5:
        raise RuleBroken(_("A phase lasts five years at most."), field="end")
    before = phases.get(wish.number - 1)
    if before is not None and before.end is not None and wish.start <= before.end:
        raise RuleBroken(
            _("Phase %(number)d ends on %(end)s. Start after it.")
            % {"number": before.number, "end": before.end.isoformat()},
            field="start",
        )
    following = phases.get(wish.number + 1)
    if not wish.shift_later and following is not None and following.start is not None and wish.end >= following.start:
        raise RuleBroken(
            _("Phase %(number)d starts on %(start)s. End before it, or let the later phases move along.")
            % {"number": following.number, "start": following.start.isoformat()},
            field="end",
        )


def _shifts(state: PlanState, phases: Mapping[int, Phase]) -> dict[int, timedelta]:
    """By how much each phase moved as a whole, where both its ends moved by the same."""
    found = {}
    for number, phase in phases.items():
        was = state.phases[number]
        if phase.start and phase.end and was.start and was.end and phase.end - was.end == phase.start - was.start:
            found[number] = phase.start - was.start
    return found


def packages_wished(
    state: PlanState,
    wishes: Sequence[PackageWish],
    phases: Mapping[int, Phase],
) -> dict[tuple[str, int], Package]:
    """The packages as they would stand: those with dates of their own move along with a phase that moves whole.

    Raises RuleBroken for days that cannot be, Package.DoesNotExist for a package that the plan has not.
    """
    packages = dict(state.packages)
    shifted = _shifts(state, phases)
    for place, package in state.packages.items():
        if place[1] in shifted and package.start and package.end:
            moved = copy(package)
            moved.start, moved.end = package.start + shifted[place[1]], package.end + shifted[place[1]]
            packages[place] = moved
    last = _last_day(state, phases) if wishes else date.max
    for wish in wishes:
        standing = packages.get((wish.component, wish.phase))
        if standing is None:
            raise Package.DoesNotExist
        _check_package(state, wish, last)
        wished = copy(standing)
        wished.start, wished.end = wish.start, wish.end
        wished.owner = wish.owner
        packages[wish.component, wish.phase] = wished
    return packages


def _last_day(state: PlanState, phases: Mapping[int, Phase]) -> date:
    ends = [phase.end for phase in phases.values() if phase.end is not None]
    known = max(ends) if ends else Phase.objects.filter(project=state.project).aggregate(last=Max("end"))["last"]
    return (known or state.project.start_date) + HALF_A_YEAR


def _check_package(state: PlanState, wish: PackageWish, last: date) -> None:
    phase = state.phases.get(wish.phase)
    if phase is None or phase.state == PhaseState.CLOSED:
        raise RuleBroken(_("Phase %(number)d is closed; its packages stay as they were.") % {"number": wish.phase})
    if (wish.start is None) != (wish.end is None):
        raise RuleBroken(
            _("Give both days, or neither to follow the phase."), field="end" if wish.start is not None else "start"
        )
    if wish.start is None or wish.end is None:
        return
    if wish.end < wish.start:
        raise RuleBroken(_("The end lies before the start."), field="end")
    if wish.start < state.project.start_date:
        raise RuleBroken(
            _("The project starts on %(start)s. Choose a day on or after it.")
            % {"start": state.project.start_date.isoformat()},
            field="start",
        )
    if wish.end > last:
        raise RuleBroken(
            _("The last phase ends on %(end)s. Choose a day up to half a year after it.")
            % {"end": (last - HALF_A_YEAR).isoformat()},
            field="end",
        )
