"""Results of one assessment: where the provider stands, what changed, what is worst."""

from uuid import uuid4

from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from common import clock
from common.query import choice, read_query
from common.workbook_out import XLSX_TYPE
from gapanalysis.exports_results import results_xlsx
from gapanalysis.models import Assessment
from gapanalysis.results_page import MOST_GAPS, NoEarlier, Question, question_of, results_context
from gapanalysis.selectors import assessment_of
from phases.selectors.catalogue import texts_for
from phases.selectors.clauses import EDITIONS
from projects.access import ProjectRequest, project_view
from projects.models import Project


def _ask(request: ProjectRequest, project: Project, key: str) -> Question:
    values, _lists = read_query(request.GET, single=("edition", "against", "all"))
    edition = choice("edition", values["edition"], EDITIONS) or project.edition
    is_deep = choice("all", values["all"], ("1",)) == "1"
    return question_asked(project, key, edition=edition, against=values["against"], is_deep=is_deep)


def question_asked(project: Project, key: str, *, edition: str, against: str, is_deep: bool = False) -> Question:
    """What an address or a form asks. Raises Http404 for no assessment, BadRequest for no earlier one."""
    try:
        asked = question_of(project, _found(project, key), edition=edition, against=against, is_deep=is_deep)
    except NoEarlier:
        raise BadRequest("against is no earlier assessment") from None
    if asked is None:
        raise Http404
    return asked


def _found(project: Project, key: str) -> Assessment:
    assessment = assessment_of(project, key)
    if assessment is None:
        raise Http404
    return assessment


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
    context = results_context(project, asked, MOST_GAPS) | {
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
    context = results_context(project, asked, None)
    context |= {
        "worst": context["top"][:MOST_GAPS],
        "printed_at": clock.now(),
        "nonce": uuid4(),
        "against": asked.against,
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
