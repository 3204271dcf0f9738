"""The status of a project as a report on paper, for the job that people ask for."""

from datetime import datetime
from typing import Any

from django.template.defaultfilters import date as date_words
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from common.paper.charts import chart_figure
from common.paper.paper import ControlledPaper, Heading
from phases import panels
from phases.choices import PhaseState
from phases.panels_health import health_line
from phases.panels_standing import burn_up_panel, records_panel
from phases.selectors.dashboard import Dashboard
from projects.models import Project


def status_report(project: Project, board: Dashboard, made_at: datetime) -> ControlledPaper:
    """The report on where the project stands, or stood on the day of `board`. `made_at` is when it was asked for."""
    with timezone.override(project.time_zone):
        context = _context(project, board)
        headings = _headings(context)
        current, day = board.current, date_words(board.today, "j F Y")
        return ControlledPaper(
            title=_("Status report"),
            kind=_("Report"),
            lede=_("%(project)s on %(day)s") % {"project": project.name, "day": day},
            organization=project.organization.name,
            created=made_at,
            body=render_to_string("print/phases/status.html", context | {"anchors": headings}),
            headings=tuple(headings.values()),
            owner=board.manager,
            owner_label=_("Project manager"),
            facts=(
                (_("Project"), project.name),
                (_("As of"), day),
                (
                    _("Phase"),
                    _("%(number)d %(name)s, %(state)s")
                    % {
                        "number": current.number,
                        "name": current.name,
                        "state": str(PhaseState(current.state).label).lower(),
                    },
                ),
                (_("Made"), date_words(made_at, "j F Y, H:i")),
            ),
            running=f"{project.name}, {day}",
            foot=_("Activities done are not conformity."),
            title_page=False,
            numbered=False,
        )


def _context(project: Project, board: Dashboard) -> dict[str, Any]:
    burn, chart = burn_up_panel(board), panels.progress_chart(project, board)
    return {
        "project": project,
        "board": board,
        "current": board.current,
        "tally": board.current.tally,
        "share": panels.share_of(board.current.tally),
        "health": health_line(board.found.standing.health),
        "tiles": panels.tiles(project, board),
        "progress_figure": chart_figure(chart) if chart else "",
        "burn": burn,
        "burn_figure": chart_figure(burn.chart, burn.reference) if burn else "",
        "records": records_panel(board),
        "concerns": [panels.concern_line(project, one, board.current.number) for one in board.attention.concerns],
    }


def _headings(context: dict[str, Any]) -> dict[str, Heading]:
    named = (
        ("standing", _("Where it stands"), True),
        ("attention", _("What needs attention"), True),
        ("progress", _("Progress per phase"), bool(context["progress_figure"])),
        ("forecast", _("Burn-up and forecast"), context["burn"] is not None),
        ("records", _("Records over time"), context["records"] is not None),
    )
    return {name: Heading(2, words, f"{name}-of-the-project") for name, words, is_there in named if is_there}
