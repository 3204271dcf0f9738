"""Health, burn-up, forecast and records over time, for the dashboard."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import dateformat
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.charts import BurnUp, Chart, burn_up
from common.charts import Forecast as ForecastBand
from phases.domain import forecast as told
from phases.domain.progress import due_over_time, finished_over_time
from phases.domain.transitions import NOT_APPLICABLE
from phases.selectors.dashboard import Dashboard
from phases.selectors.standing import ProjectStanding

MONTH = 30
RECORDS_MONTHS = 3  # before the certification audit; our own practice guidance


@dataclass(frozen=True, slots=True)
class BurnUpPanel:
    """The burn-up of the current phase, and how its forecast was computed, or why there is none."""

    chart: Chart
    said: str
    reference: str


@dataclass(frozen=True, slots=True)
class RecordsPanel:
    """How long what goes on has gone on: that many months of records there can be."""

    operating: int
    of: int
    long_enough: int
    oldest_months: int | None
    months_needed: int = RECORDS_MONTHS


def _day(day: date) -> str:
    return dateformat.format(day, "j M Y")


def burn_up_panel(board: Dashboard) -> BurnUpPanel | None:
    """The burn-up of the phase under way or closed last; None where it has no dates or nothing applies."""
    found, line = board.found, board.current
    start, end = line.first_day, line.end
    if line.number > 3 or start is None or end is None or not line.tally.applicable or end <= start:
        return None
    rows = [row for row in found.rows if row.phase == line.number and not row.supplement]
    applicable = [row for row in rows if row.status != NOT_APPLICABLE]
    dues = found.reference.dues.get(line.number) or [row.due for row in applicable if row.due is not None]
    forecast = found.standing.forecast
    last = max([end, board.today, *(day for day in (forecast.likely,) if day is not None)])
    band = None
    if forecast.likely is not None and forecast.best is not None:
        # A worst case without an end runs out of the picture.
        worst = forecast.worst or last + timedelta(days=365)
        band = ForecastBand(best=forecast.best, likely=forecast.likely, worst=worst)
    actual = [(start, 0), *((max(day, start), count) for day, count in finished_over_time(applicable))]
    chart = burn_up(
        BurnUp(
            title=_("Burn-up of phase %(number)d") % {"number": line.number},
            total=max(line.tally.applicable, len(dues)),
            start=start,
            end=last + timedelta(days=max(7, (last - start).days // 20)),
            actual=tuple(actual),
            plan=((start, 0), *due_over_time(dues)),
            today=board.today,
            description=_("Activities done or verified by day, against the plan."),
            gate=(end, _("End")),
            forecast=band if line.is_under_way else None,
        )
    )
    name = found.reference.name
    return BurnUpPanel(
        chart,
        forecast_sentence(found),
        _("Plan: baseline %(name)s.") % {"name": name}
        if name
        else _("Plan: the due dates of today, as no baseline was taken."),
    )


def forecast_sentence(found: ProjectStanding) -> str:
    """When the phase will end and how that was computed, or why nothing can be said yet."""
    forecast, gate, slip = found.standing.forecast, found.standing.gate, found.standing.slip
    if forecast.silent == told.TOO_EARLY:
        return _("No forecast yet: it needs the first %(weeks)d weeks of the phase.") % {"weeks": told.SILENT_WEEKS}
    if forecast.silent == told.TOO_FEW:
        return _("No forecast yet: fewer than %(n)d activities are done.") % {"n": told.LEAST_FINISHED}
    if forecast.silent == told.STANDSTILL:
        return _("No forecast: nothing was done in the last %(weeks)d weeks.") % {"weeks": told.RATE_WEEKS}
    if forecast.silent == told.NO_PLAN:
        return _("No forecast: the activities have no due dates.")
    if forecast.silent == told.FINISHED:
        return _("All of its activities are done or verified.")
    if forecast.likely is None or forecast.earned is None or gate is None:
        return ""
    words = _(
        "What is done today was planned for %(earned)s: %(rate)s days of plan for each day. At that rate the work "
        "ends on %(likely)s; at the best of the last %(weeks)d weeks on %(best)s, at the worst %(worst)s. With the "
        "time kept for analysis and gate the phase ends on %(gate)s"
    ) % {
        "earned": _day(forecast.earned),
        "rate": f"{float(forecast.rate):.2f}",
        "weeks": told.RATE_WEEKS,
        "likely": _day(forecast.likely),
        "best": _day(forecast.best or forecast.likely),
        "worst": _("on %(day)s") % {"day": _day(forecast.worst)} if forecast.worst else _("never"),
        "gate": _day(gate),
    }
    if slip and slip > 0:
        late = ngettext("%(n)d working day after the plan.", "%(n)d working days after the plan.", slip) % {"n": slip}
        return f"{words}, {late}"
    return f"{words}."


def records_panel(board: Dashboard) -> RecordsPanel | None:
    """How many of the activities that go on do so, and since when; None where the plan has none."""
    last: dict[tuple[str, str], tuple[int, date | None, str]] = {}
    for row in board.found.plan.rows:
        if row.supplement or row.status == NOT_APPLICABLE:
            continue
        key = (row.component, row.ref)
        if key not in last or last[key][0] <= row.phase or row.operating_since is not None:
            since = row.operating_since or (last[key][1] if key in last else None)
            last[key] = (row.phase, since, row.status)
    operates = board.operating_refs
    begun = [entry[1] for (_component, ref), entry in last.items() if ref in operates]
    if not begun:
        return None
    running = [day for day in begun if day is not None]
    months = [(board.today - day).days // MONTH for day in running]
    return RecordsPanel(
        operating=len(running),
        of=len(begun),
        long_enough=sum(count >= RECORDS_MONTHS for count in months),
        oldest_months=max(months, default=None),
    )
