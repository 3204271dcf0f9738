"""The results of an assessment as a report on paper, for the job that people ask for."""

from datetime import datetime
from typing import Any

from django.template.defaultfilters import date as date_words
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from common.paper.charts import chart_figure
from common.paper.paper import ControlledPaper, Heading
from gapanalysis.results_page import MOST_GAPS, Question, results_context
from projects.models import Project


def gap_report(project: Project, asked: Question, made_at: datetime) -> ControlledPaper:
    """The report on what stands after the assessment that is asked for. `made_at` is when it was asked for."""
    with timezone.override(project.time_zone):
        return _report(project, asked, made_at)


def _report(project: Project, asked: Question, made_at: datetime) -> ControlledPaper:
    assessment = asked.now.assessment
    context = results_context(project, asked, None)
    context |= {
        "worst": context["top"][:MOST_GAPS],
        "assessors": [
            (each.party.name, each.sections)
            for each in assessment.assessors.select_related("party").order_by("party__name")
        ],
        "component_figure": chart_figure(context["components"]) if context["components"] else "",
        "readiness_figure": chart_figure(context["readiness"]) if context["readiness"] else "",
    }
    headings = headings_of(context)
    made = date_words(made_at, "j F Y, H:i")
    return ControlledPaper(
        title=_("Gap analysis: %(title)s") % {"title": assessment.title},
        kind=_("Report"),
        lede=context["standing"].now,
        organization=project.organization.name,
        created=assessment.locked_at or made_at,
        body=render_to_string("print/gapanalysis/report.html", context | {"anchors": headings}),
        headings=tuple(headings.values()),
        state=str(assessment.get_state_display()),
        mark="" if assessment.is_locked else _("Not locked"),
        serves=_("ISO/IEC 20000-1, edition of %(year)s") % {"year": asked.found.edition},
        owner=", ".join(name for name, _sections in context["assessors"]),
        facts=tuple(
            (label, words)
            for label, words in (
                (_("Project"), project.name),
                (_("Compared with"), asked.before.assessment.title if asked.before else ""),
                (_("Locked on"), date_words(assessment.locked_at, "j F Y") if assessment.locked_at else ""),
            )
            if words
        ),
        digest=assessment.frozen_sha256 or "",
        digest_label=_("SHA-256 of what was locked"),
        foot=_("Not locked yet: figures may still change. As of %(at)s.") % {"at": made},
        owner_label=_("Assessors"),
        title_page=True,
    )


def headings_of(context: dict[str, Any]) -> dict[str, Heading]:
    """The sections of the report in order, by name: only those that have something to say."""
    named = (
        ("standing", _("Where we stand"), True),
        ("worst", _("What weighs most"), bool(context["gap_count"])),
        ("worse", _("What became worse"), context["before"] is not None),
        ("stuck", _("What was asked again and stands as it was"), bool(context["stuck"])),
        ("clauses", _("Clauses"), True),
        ("components", _("Components"), bool(context["components"])),
        ("processes", _("Processes"), bool(context["ladders"])),
        ("readiness", _("Readiness"), bool(context["readiness"])),
        ("method", _("How it was made, and how to read it"), True),
        ("gaps", _("All gaps"), bool(context["gap_count"])),
    )
    return {name: Heading(2, words, f"{name}-of-the-report") for name, words, is_there in named if is_there}
