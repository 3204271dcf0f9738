"""What a plan would be, before there is a project."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from common.charts import Series, segments
from phases.choices import PHASE_NAMES
from phases.domain.approaches import THREE_PHASES, phases_for
from phases.domain.schedule import DEFAULT_WEEKS, STAGE_1_WEEKS, STAGE_2_WEEKS, phase_windows
from phases.selectors.catalogue import ActivityText, newest_catalogue, newest_supplement, texts_of


@dataclass(frozen=True, slots=True)
class PhaseOutlook:
    """A phase with its dates and how many activities the catalogue has for it."""

    number: int
    name: str
    activities: int
    weeks: int
    start: date
    end: date


@dataclass(frozen=True, slots=True)
class PlanOutlook:
    """The plan as it would stand, and what of it is still a default.

    `supplement` is how many rows the supplement adds; `activities` and those of the phases leave it out.
    """

    phases: tuple[PhaseOutlook, ...]
    activities: int
    start: date
    stage_1: date
    stage_2: date
    bar: SafeString
    by_default: bool
    supplement: int = 0

    @property
    def end(self) -> date:
        """The last day of phase 3."""
        return self.phases[-1].end


def stage_audits(end: date) -> tuple[date, date]:
    """When the two audits of a certification come, if phase 3 ends on `end`."""
    return end + timedelta(weeks=STAGE_1_WEEKS), end + timedelta(weeks=STAGE_2_WEEKS)


def usual_start(today: date) -> date:
    """The Monday on or after the day four weeks from `today`: a start that leaves time to prepare."""
    day = today + timedelta(weeks=4)
    return day + timedelta(days=-day.weekday() % 7)


def plan_outlook(
    start: date,
    weeks: Mapping[int, int] | None = None,
    *,
    by_default: bool = False,
    with_supplement: bool = False,
    approach: str = THREE_PHASES,
    component_phases: Mapping[str, int] | None = None,
) -> PlanOutlook:
    """The plan of the newest catalogue from `start` by `approach`, `with_supplement` where one is loaded.

    Raises ValueError for weeks that no phase can have.
    """
    chosen = dict(weeks or DEFAULT_WEEKS)
    windows = phase_windows(start, chosen)
    catalogue = newest_catalogue()
    rows = [row for row in texts_of(catalogue).activities.values() if not row.is_heading] if catalogue else []
    chosen_phases = component_phases or {}

    def phases_of(row: ActivityText) -> tuple[int, ...]:
        return phases_for(approach, row.component, row.nature, row.phases, chosen_phases)

    placed = [phases_of(row) for row in rows]
    counts = {number: sum(number in phases for phases in placed) for number in windows}
    extra = newest_supplement() if with_supplement else None
    stage_1, stage_2 = stage_audits(windows[max(windows)].end)
    tones = [Series(str(PHASE_NAMES[number]), tone) for number, tone in ((1, "soft"), (2, "mid"), (3, "accent"))]
    return PlanOutlook(
        phases=tuple(
            PhaseOutlook(number, str(PHASE_NAMES[number]), counts[number], chosen[number], window.start, window.end)
            for number, window in windows.items()
        ),
        activities=sum(counts[number] for number in (1, 2, 3)),
        start=start,
        stage_1=stage_1,
        stage_2=stage_2,
        bar=segments([counts[number] for number in (1, 2, 3)], tones, label=_("Activities"), height=10),
        by_default=by_default,
        supplement=sum(len(phases_of(row)) for row in extra.activities.values() if not row.is_heading) if extra else 0,
    )
