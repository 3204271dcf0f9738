"""The plan in pictures and words: what the timeline shows, and what is to be said of it first."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.urls import reverse
from django.utils import dateformat
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.charts.parts import Chart
from phases.selectors.plan_packages import LAST_PLANNED, PackageLine, PlanOfPackages
from phases.selectors.plan_query import PlanQuery
from phases.timeline import timeline_chart
from phases.timeline_parts import Frame, Gate, Timeline, timeline_rows

_EDGE = timedelta(days=14)


def package_url(plan: PlanOfPackages, key: tuple[str, int]) -> str:
    """The page of a package."""
    return reverse("plan_package", args=[plan.project.slug, *key])


def timeline_of(plan: PlanOfPackages, lines: Sequence[PackageLine], query: PlanQuery) -> Timeline | None:
    """The timeline of `lines`, over one phase or the whole plan; None where nothing has dates."""
    frames = [
        Frame(_("Phase %(number)d") % {"number": phase.number}, phase.name, phase.start, phase.end)
        for phase in plan.phases
        if phase.start and phase.end and (query.phase is None or phase.number == query.phase)
    ]
    dated = [line for line in lines if line.start and line.end]
    if not frames or not dated:
        return None
    days = [day for line in dated for day in (line.start, line.end, line.last_due) if day]
    gates = gates_of(plan) if query.phase is None else [g for g in gates_of(plan) if g.label == f"G{query.phase}"]
    first, last = (
        min([*(frame.start for frame in frames), *days]),
        max([*(frame.end for frame in frames), *days, *(gate.forecast or gate.day for gate in gates)]),
    )
    start, end = first, max(last, *(gate.day for gate in gates), first) + _EDGE
    return Timeline(
        title=_title(len(dated), start, last, query),
        description=_(
            "A row for each component, a bar for each package, which leads to its page. The table below holds the "
            "same figures."
        ),
        start=start,
        end=end,
        today=plan.today,
        rows=timeline_rows(dated),
        frames=tuple(frames),
        gates=tuple(gates),
        waits=plan.waits,
        urls={line.key: package_url(plan, line.key) for line in dated},
        zoom=query.scale,
    )


def _title(count: int, start: date, end: date, query: PlanQuery) -> str:
    words = ngettext("%(n)d package", "%(n)d packages", count) % {"n": count}
    if query.phase is not None:
        words = _("%(packages)s of phase %(phase)d") % {"packages": words, "phase": query.phase}
    months = {"packages": words, "start": dateformat.format(start, "F Y"), "end": dateformat.format(end, "F Y")}
    return _("%(packages)s, %(start)s to %(end)s") % months


def gates_of(plan: PlanOfPackages) -> list[Gate]:
    """The ends of the phases up to the third, and stage 1 of the certification audit."""
    standing = plan.found.standing
    gates = []
    for phase in plan.phases:
        if phase.number > LAST_PLANNED or phase.end is None:
            continue
        expected = standing.gate if standing.phase.number == phase.number and not phase.is_closed else None
        day = phase.closed_on if phase.is_closed and phase.closed_on else phase.end
        gates.append(Gate(f"G{phase.number}", day, phase.is_closed, expected))
    if plan.stage_1 is not None:
        gates.append(Gate(_("Stage 1"), plan.stage_1))
    return gates


def chart_of(plan: PlanOfPackages, lines: Sequence[PackageLine], query: PlanQuery) -> tuple[Timeline, Chart] | None:
    """The timeline of `lines` and its picture; None where nothing has dates."""
    timeline = timeline_of(plan, lines, query)
    return (timeline, timeline_chart(timeline)) if timeline is not None else None


def headline(plan: PlanOfPackages) -> tuple[str, str]:
    """What is to be known first: where the gate of the current phase stands; which packages are late or critical."""
    standing = plan.found.standing
    number, end, gate = standing.phase.number, standing.reference_end, standing.gate
    first = ""
    if end is not None and gate is not None and standing.slip is not None:
        days = {"number": number, "day": dateformat.format(gate, "j F Y")}
        if standing.slip > 0:
            first = ngettext(
                "Gate %(number)d is forecast for %(day)s, %(n)d working day after the plan.",
                "Gate %(number)d is forecast for %(day)s, %(n)d working days after the plan.",
                standing.slip,
            ) % {**days, "n": standing.slip}
        else:
            first = _("Gate %(number)d is forecast for %(day)s, as planned.") % days
    elif end is not None:
        first = _("Gate %(number)d is planned for %(day)s; there is no forecast yet.") % {
            "number": number,
            "day": dateformat.format(end, "j F Y"),
        }
    return first, _trouble(plan)


def _trouble(plan: PlanOfPackages) -> str:
    late = [line for line in plan.lines if line.is_late]
    tight = plan.critical
    said = []
    if tight:
        named = ", ".join(f"{line.component} {line.phase}" for line in tight[:6])
        said.append(
            ngettext(
                "%(n)d package has no working day to spare: %(names)s.",
                "%(n)d packages have no working day to spare: %(names)s.",
                len(tight),
            )
            % {"n": len(tight), "names": named + (" …" if len(tight) > 6 else "")}
        )
    if late:
        overdue = sum(line.tally.overdue for line in late)
        activities = ngettext("%(n)d overdue activity", "%(n)d overdue activities", overdue) % {"n": overdue}
        said.append(
            ngettext(
                "%(activities)s in %(n)d package.",
                "%(activities)s in %(n)d packages.",
                len(late),
            )
            % {"activities": activities, "n": len(late)}
        )
    return " ".join(said) or _("No package is late or critical.")
