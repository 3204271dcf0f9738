"""Results of one assessment: where the provider stands, what changed, what is worst."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from common import clock
from common.query import choice, read_query
from common.workbook_out import XLSX_TYPE
from gapanalysis import panels_profile as profile
from gapanalysis import panels_results as panels
from gapanalysis.choices import AssessmentKind
from gapanalysis.domain.history import Change
from gapanalysis.exports_results import results_xlsx
from gapanalysis.models import Assessment
from gapanalysis.results_words import rule_sentences
from gapanalysis.selectors import assessment_of
from gapanalysis.selectors.results import Column, Results, results_of
from gapanalysis.selectors.said import texts_behind
from phases.selectors.catalogue import texts_for
from phases.selectors.clauses import EDITIONS
from projects.access import ProjectRequest, project_view
from projects.models import Project

MOST_COLUMNS = 6
MOST_GAPS = 10
MOST_OTHERS = 8


@dataclass(frozen=True, slots=True)
class Question:
    """What an address asks: the assessment, what it is compared with, and where the charts begin."""

    found: Results
    now: Column
    before: Column | None
    base: Column | None
    against: str
    is_deep: bool


def _ask(request: ProjectRequest, project: Project, key: str) -> Question:
    values, _lists = read_query(request.GET, single=("edition", "against", "all"))
    edition = choice("edition", values["edition"], EDITIONS) or project.edition
    assessment = _found(project, key)
    found = results_of(project, edition=edition, until=assessment)
    if found is None:
        raise Http404
    now = found.everything[-1]
    against = found.column(values["against"]) if values["against"] else None
    if values["against"] and (against is None or against is now):
        raise BadRequest("against is no earlier assessment")
    before = against or _before(found, assessment)
    base = against or next(
        (each for each in found.everything[:-1] if each.assessment.kind == AssessmentKind.BASELINE), before
    )
    return Question(found, now, before, base, values["against"], choice("all", values["all"], ("1",)) == "1")


def _found(project: Project, key: str) -> Assessment:
    assessment = assessment_of(project, key)
    if assessment is None:
        raise Http404
    return assessment


def _before(found: Results, assessment: Assessment) -> Column | None:
    """The assessment that this one started from, else the last one that is locked, else the last one at all."""
    earlier = found.everything[:-1]
    for wanted in (
        lambda each: each.assessment.pk == assessment.started_from_id,
        lambda each: each.assessment.is_locked,
        lambda each: True,
    ):
        column = next((each for each in reversed(earlier) if wanted(each)), None)
        if column is not None:
            return column
    return None


def shown_columns(columns: tuple[Column, ...]) -> tuple[Column, ...]:
    """All of them, or the first and the last five."""
    return columns if len(columns) <= MOST_COLUMNS else (columns[0], *columns[1 - MOST_COLUMNS :])


def _context(project: Project, asked: Question, most: int | None) -> dict[str, Any]:
    found, now, before = asked.found, asked.now, asked.before
    gaps = found.gaps(now, before)
    top = gaps[:most] if most is not None else gaps
    changes = found.changes(before, now) if before is not None else {}
    position = {ref: question.position for ref, question in found.questions.items()}
    worse = sorted((ref for ref, change in changes.items() if change == Change.WORSE), key=position.__getitem__)
    stuck = [line for line in gaps if line.since < now.place and now.words[line.gap.ref].is_asked]
    columns = shown_columns(found.everything)
    texts = texts_behind(found, now, {line.gap.ref for line in top} | set(worse[:MOST_OTHERS]))
    shown = [each for each in (before, now) if each is not None]

    def url(**narrowed: str) -> str:
        return panels.questions_url(project, shown, found.edition, **narrowed)

    return {
        "project": project,
        "assessment": now.assessment,
        "results": found,
        "now": now,
        "before": before,
        "base": asked.base,
        "edition": found.edition,
        "is_deep": asked.is_deep,
        "rule": rule_sentences(found.edition),
        "standing": panels.standing(found, now, before),
        "tiles": panels.tiles(found, now, before),
        "whole_bar": panels.answers_bar(now.whole, _("The whole edition"), height=14),
        "answers_legend": panels.answers_legend(now.whole),
        "top": [
            (line, texts.get(line.gap.ref), found.everything[line.since].assessment, found.said_in(now, line.gap.ref))
            for line in top
        ],
        "gap_count": len(gaps),
        "gaps_url": url(answer="gaps"),
        "worse": [
            (
                found.questions[ref],
                before.words[ref].said if before else None,
                now.words[ref].said,
                texts.get(ref),
                found.said_in(now, ref),
            )
            for ref in worse[:MOST_OTHERS]
        ],
        "worse_count": len(worse),
        "worse_url": url(what=Change.WORSE),
        "stuck": [(line, found.everything[line.since].assessment) for line in stuck[:MOST_OTHERS]],
        "stuck_count": len(stuck),
        "columns": columns,
        "clause_rows": profile.clause_rows(found, columns, deep=asked.is_deep),
        "has_targets": found.has_clause_targets,
        "components": profile.component_chart(found, now, asked.base, texts_for(project)),
        "ladders": profile.ladder_rows(found, now, asked.base),
        "readiness": profile.readiness_chart(found, now, asked.base),
        "weak_statements": profile.weakest_statements(found, now),
    }


@project_view("gap.view")
def results(request: ProjectRequest, project: Project, key: str) -> HttpResponse:
    """Where the provider stands after an assessment, what changed since another, and what is worst."""
    asked = _ask(request, project, key)
    found = asked.found
    here = reverse("gap_results", args=[project.slug, key])

    def address(**more: str) -> str:
        query = {
            "edition": found.edition if found.edition != project.edition else "",
            "against": asked.against,
            "all": "1" if asked.is_deep else "",
        } | more
        said = urlencode({name: value for name, value in query.items() if value})
        return f"?{said}" if said else "?"

    editions = [
        {
            "label": _("Edition of %(year)s") % {"year": each},
            "url": here + address(edition="" if each == project.edition else each),
            "current": each == found.edition,
            "count": None,
        }
        for each in EDITIONS
    ]
    context = _context(project, asked, MOST_GAPS) | {
        "editions": editions,
        "depth_url": address(all="" if asked.is_deep else "1") + "#clauses",
        "kept": address(),
        "choices": [each.assessment for each in reversed(found.everything[:-1])],
    }
    return render(request, "gapanalysis/results.html", context)


@project_view("gap.view")
def results_print(request: ProjectRequest, project: Project, key: str) -> HttpResponse:
    """The same as a report to print: all gaps with their findings, and how the assessment was made."""
    asked = _ask(request, project, key)
    parties = asked.now.assessment.assessors.select_related("party").order_by("party__name")
    context = _context(project, asked, None)
    context |= {
        "worst": context["top"][:MOST_GAPS],
        "printed_at": clock.now(),
        "assessors": [(each.party.name, each.sections) for each in parties],
        "kept": f"?{request.GET.urlencode()}" if request.GET else "",
    }
    return render(request, "gapanalysis/results_print.html", context)


@project_view("gap.view")
def results_export(request: ProjectRequest, project: Project, key: str) -> HttpResponse:
    """The report as a workbook."""
    asked = _ask(request, project, key)
    answer = HttpResponse(
        results_xlsx(asked.found, asked.now, asked.before, texts_for(project), request.access), content_type=XLSX_TYPE
    )
    answer["Content-Disposition"] = f'attachment; filename="{project.slug}-{key}-results.xlsx"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
