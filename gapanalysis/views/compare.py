"""Any set of assessments side by side, down to the question."""

from typing import Any

from django.core.exceptions import BadRequest
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from common.query import choice, read_query, whole_number
from common.workbook_out import XLSX_TYPE
from gapanalysis import panels_compare as panels
from gapanalysis.choices import AnswerValue, AssessmentState
from gapanalysis.domain.history import Change
from gapanalysis.exports_results import comparison_xlsx
from gapanalysis.panels_profile import clause_rows
from gapanalysis.results_page import MOST_COLUMNS
from gapanalysis.results_words import change_label, value_label
from gapanalysis.selectors import assessments_of
from gapanalysis.selectors.compare import ANY_GAP, Narrowing, lines_of
from gapanalysis.selectors.results import Results, results_of
from gapanalysis.selectors.said import texts_behind
from phases.selectors.catalogue import texts_for
from phases.selectors.clauses import EDITIONS, clause_titles
from projects.access import ProjectRequest, project_view
from projects.models import Project

PAGE = 50
SINGLE = ("edition", "clause", "component", "what", "answer", "page")


def _ask(request: ProjectRequest, project: Project) -> tuple[Results | None, Narrowing, int]:
    values, lists = read_query(request.GET, single=SINGLE, multiple=("with",))
    edition = choice("edition", values["edition"], EDITIONS) or project.edition
    keys = list(dict.fromkeys(lists["with"]))
    known = list(assessments_of(project).exclude(state=AssessmentState.DRAFT).values_list("key", flat=True))
    if len(keys) > MOST_COLUMNS:
        raise BadRequest("with names too many assessments")
    for key in keys:
        choice("with", key, known)
    found = results_of(project, edition=edition, keys=keys or known[-MOST_COLUMNS:])
    narrowing = Narrowing(
        clause=choice("clause", values["clause"], clause_titles().get(edition, {})),
        component=choice("component", values["component"], texts_for(project).components),
        what=choice("what", values["what"], list(Change)),
        answer=choice("answer", values["answer"], [*AnswerValue.values, ANY_GAP]),
    )
    return found, narrowing, whole_number("page", values["page"]) or 1


@project_view("gap.view")
def compare(request: ProjectRequest, project: Project) -> HttpResponse:
    """Assessments side by side: figures, clauses, processes, and the questions that an address asks for."""
    found, narrowing, number = _ask(request, project)
    context: dict[str, Any] = {"project": project, "found": found}
    if found is None:
        return render(request, "gapanalysis/compare.html", context)
    lines = lines_of(found, narrowing)
    page = Paginator(lines, PAGE).get_page(number)
    texts = texts_behind(found, found.now, {line.question.ref for line in page if line.words[-1] is not None})
    sides = [("with", each.assessment.key) for each in found.columns]
    sides += [("edition", found.edition)] if found.edition != project.edition else []
    here = reverse("gap_compare", args=[project.slug])
    context |= {
        "edition": found.edition,
        "columns": found.columns,
        "choices": [(each.assessment, each in found.columns) for each in found.everything],
        "editions": EDITIONS,
        "lines": panels.figures(found),
        "clause_rows": clause_rows(found, found.columns, deep=False),
        "has_targets": found.has_clause_targets,
        "ladders": panels.ladders(found),
        "readiness": panels.readiness(found),
        "page": page,
        "rows": [(line, texts.get(line.question.ref), found.said_in(found.now, line.question.ref)) for line in page],
        "all": len(found.now.words),
        "narrowing": narrowing,
        "clauses": [
            (clause, clause_titles()[found.edition].get(clause, ""))
            for clause in panels.clauses_to_pick(found, narrowing.clause)
        ],
        "components": [
            (code, text.title) for code, text in texts_for(project).components.items() if code in found.now.components
        ],
        "changes": [(change.value, change_label(change)) for change in Change],
        "answers": [(ANY_GAP, _("Any gap")), *((value, value_label(value)) for value in panels.ANSWERS)],
        "sides": urlencode(sides),
        "sides_url": f"{here}?{urlencode(sides)}",
        "export_url": f"{reverse('gap_compare_export', args=[project.slug])}?{request.GET.urlencode()}",
    }
    return render(request, "gapanalysis/compare.html", context)


@project_view("gap.view")
def compare_export(request: ProjectRequest, project: Project) -> HttpResponse:
    """The comparison as a workbook, with the questions that the page shows."""
    found, narrowing, _number = _ask(request, project)
    if found is None:
        raise BadRequest("there is nothing to compare")
    content = comparison_xlsx(found, lines_of(found, narrowing), texts_for(project), request.access)
    answer = HttpResponse(content, content_type=XLSX_TYPE)
    answer["Content-Disposition"] = f'attachment; filename="{project.slug}-gap-comparison.xlsx"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
