"""What other pages show of the gap analysis: the overview of a project, and My work."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from common import clock
from common.charts import Series, StackedRow, stacked_bars
from gapanalysis.domain.answers import Value
from gapanalysis.domain.rollup import Tally
from gapanalysis.selectors import assessments_of
from gapanalysis.selectors.activity_says import activity_says
from gapanalysis.selectors.progress import values_by_assessment
from gapanalysis.selectors.waiting import Waiting, waiting_for
from phases.domain.figures import SOON_DAYS
from projects.models import Project
from projects.permissions import Access
from projects.registries import Panel, SeenProject, WorkPanel, register_panel, register_work_panel

SHOWN_SECTIONS = 3


@dataclass(frozen=True, slots=True)
class WaitingLine:
    """What waits in one assessment, with its project; `more` sections are not named. `days_left` below 0: over."""

    waiting: Waiting
    project: Project
    sections: tuple[str, ...]
    more: int
    days_late: int | None
    days_left: int | None


def waiting_questions(user: User, projects: Mapping[int, SeenProject]) -> Mapping[str, Any] | None:
    """The questions that wait for `user`; None where none does. Two queries."""
    may = [pk for pk, seen in projects.items() if seen.access.can("gap.answer")]
    found = waiting_for(user, may)
    if not found:
        return None
    total = sum(each.open for each in found)
    return {
        "lines": [_line(each, projects[each.project_id].project) for each in found],
        "named": len(projects) > 1,
        "waits": total,
        "waits_word": ngettext("question to answer", "questions to answer", total),
    }


def _line(waiting: Waiting, project: Project) -> WaitingLine:
    left = (waiting.until - clock.today(project.time_zone)).days if waiting.until else None
    return WaitingLine(
        waiting,
        project,
        waiting.sections[:SHOWN_SECTIONS],
        len(waiting.sections) - SHOWN_SECTIONS if len(waiting.sections) > SHOWN_SECTIONS else 0,
        days_late=-left if left is not None and left < 0 else None,
        days_left=left if left is not None and 0 <= left <= SOON_DAYS else None,
    )


def standing(project: Project, _access: Access) -> Mapping[str, Any] | None:
    """What the assessments found, one bar each; None where there is none. Two queries."""
    found = list(assessments_of(project))
    if not found:
        return None
    counts = values_by_assessment(found)
    rows = []
    for each in found:
        of = counts.get(each.pk, Tally())
        values = (
            of.of(Value.CONFORMS),
            of.of(Value.NO_CASE),
            of.of(Value.MINOR),
            of.of(Value.MAJOR) + of.of(Value.EXCLUDED),
            of.of(Value.UNANSWERED),
        )
        flag = "" if each.is_locked else _("%(count)d open") % {"count": of.of(Value.UNANSWERED)}
        rows.append(
            StackedRow(each.title, values, url=reverse("gap_assessment", args=[project.slug, each.key]), flag=flag)
        )
    series = [
        Series(_("Conforms"), "ok"),
        Series(_("No case yet"), "soft"),
        Series(_("Minor gap"), "warn"),
        Series(_("Major gap or excluded"), "bad"),
        Series(_("Unanswered"), "mute"),
    ]
    chart = stacked_bars(rows, series, title=_("Answers per assessment"), label=_("Assessment"))
    # Assessments ask different questions, so nothing is added up over them.
    legend = tuple(replace(item, figure=None) for item in chart.legend)
    return {"project": project, "chart": replace(chart, legend=legend)}


def register() -> None:
    """Put the panels where they belong."""
    register_panel(
        "dashboard", "gap-analysis", Panel("gapanalysis/_dashboard_panel.html", standing, "gap.view"), order=60
    )
    register_panel(
        "activity", "gap-says", Panel("gapanalysis/_activity_panel.html", activity_says, "gap.view"), order=20
    )
    register_work_panel("questions", WorkPanel("gapanalysis/_work_panel.html", waiting_questions), order=10)
