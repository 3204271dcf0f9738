"""The register of findings: the list, the list as a file, raising one, and what somebody else's page leads to."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audits.choices import FindingSource, Grade
from audits.exports_asking import FINDING_COLUMNS, finding_lines
from audits.forms.asking import FindingForm, known_clause
from audits.selectors.findings import ALL, OPEN, VIEWS, FindingQuery, finding_counts, findings_of
from audits.services.findings import raise_finding
from common import clock
from common.exceptions import RuleBroken
from common.query import choice, read_query, single_values
from common.workbook_out import FORMATS, table_response
from governance.views.refused import refuse
from phases.selectors.clauses import clauses_of, parse_clause
from projects.access import ProjectRequest, project_view
from projects.choices import Edition, ProjectRole
from projects.models import Party, Project

VIEW_WORDS = (
    ("open", gettext_lazy("Open")),
    ("late", gettext_lazy("Late")),
    ("verify", gettext_lazy("Effect to be verified")),
    ("settled", gettext_lazy("Settled")),
    ("all", gettext_lazy("All")),
)
GRADES = ("nonconformity", *Grade.values)


@project_view("findings.view")
def register(request: ProjectRequest, project: Project) -> HttpResponse:
    """The findings: the gravest first, late ones marked."""
    query, _form = wanted(request)
    counts = finding_counts(project)
    here = reverse("findings", args=[project.slug])
    context = {
        "project": project,
        "query": query,
        "lines": findings_of(project, request.access, query),
        "counts": counts,
        "tabs": [
            {"label": word, "url": f"{here}?view={key}", "count": counts[key], "current": key == query.view}
            for key, word in VIEW_WORDS
        ],
        "grades": [("nonconformity", _("Nonconformities")), *Grade.choices],
        "sources": FindingSource.choices,
        "clause": parse_clause(query.clause) if query.clause else None,
        "is_narrowed": bool(query.grade or query.source or query.clause or query.mine),
        "may_raise": bool(request.access.can("findings.raise")),
        "may_export": bool(request.access.can("phases.export")),
        "may_take_over": bool(request.access.can("audits.manage")),
    }
    return render(request, "audits/findings.html", context)


@project_view("findings.view")
def export(request: ProjectRequest, project: Project) -> HttpResponse:
    """The findings of a view, as a file; all where none is named."""
    query, form = wanted(request, ALL)
    rows = finding_lines(project, findings_of(project, request.access, query))
    return table_response(form or FORMATS[0], f"{project.slug}-findings", FINDING_COLUMNS, rows)


@project_view("findings.raise", post="findings.raise")
def new(request: ProjectRequest, project: Project) -> HttpResponse:
    """Raise a finding; the page of a clause says which it is about."""
    parties = parties_of(project)
    if request.method != "POST":
        values, _lists = read_query(request.GET, single=("edition", "clause"))
        initial = _initial(request, project, values)
        return _form_page(request, project, FindingForm(parties=parties, initial=initial))
    form = FindingForm(single_values(request.POST), parties=parties)
    if form.is_valid():
        try:
            made = raise_finding(acting_user=request.user, project=project, facts=form.facts())
        except RuleBroken as error:
            refuse(form, error)
        else:
            messages.success(request, _("%(ref)s is on the register.") % {"ref": made.ref})
            return redirect("finding", project.slug, made.ref)
    return _form_page(request, project, form, status=422)


def wanted(request: ProjectRequest, usual: str = OPEN) -> tuple[FindingQuery, str]:
    """What is asked of the register, and in which form of file."""
    names = ("view", "grade", "source", "clause", "mine", "format")
    values, _lists = read_query(request.GET, single=names)
    query = FindingQuery(
        choice("view", values["view"], VIEWS) or usual,
        choice("grade", values["grade"], GRADES),
        choice("source", values["source"], FindingSource.values),
        values["clause"] if parse_clause(values["clause"]) is not None else "",
        choice("mine", values["mine"], ("1",)) == "1",
    )
    return query, choice("format", values["format"], FORMATS)


def parties_of(project: Project, held: int | None = None) -> list[Party]:
    """Who can be given something, and who (`held`) has it. One query."""
    found = Party.objects.filter(project=project).order_by("name")
    return [party for party in found if party.is_active or party.pk == held]


def clause_links(project: Project, edition: str, numbers: list[str]) -> list[dict[str, str]]:
    """Clauses with their titles and the addresses of their pages."""
    return [
        {
            "number": each.number,
            "title": each.title,
            "url": clause_url(project, edition, each.number),
        }
        for each in clauses_of(edition, numbers)
    ]


def clause_url(project: Project, edition: str, number: str) -> str:
    """Where the chain of a clause is shown."""
    try:
        return reverse("clause", args=[project.slug, edition, number])
    except NoReverseMatch:
        return ""


def _initial(request: ProjectRequest, project: Project, values: Any) -> dict[str, Any]:
    edition = choice("edition", values["edition"], Edition.values) or project.edition
    audits = ProjectRole.AUDITOR in request.access.roles
    return {
        "edition": edition,
        "clauses": values["clause"] if known_clause(edition, values["clause"]) else "",
        "seen_on": clock.today(project.time_zone),
        "source": FindingSource.AUDITOR if audits else FindingSource.OWN,
        "grade": Grade.MINOR,
    }


def _form_page(request: ProjectRequest, project: Project, form: FindingForm, *, status: int = 200) -> HttpResponse:
    context = {"project": project, "form": form, "finding": None}
    return render(request, "audits/finding_form.html", context, status=status)
