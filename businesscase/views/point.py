"""One point of a case: what to write, an example, what the project knows, its lines and its text."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from businesscase import guide
from businesscase.choices import RiskCategory
from businesscase.domain.content import Scenario
from businesscase.forms.points import ConformityForm, SectionForm
from businesscase.models import CaseSection
from businesscase.selectors.point_data import (
    assumptions_of,
    benefits_of,
    costs_of,
    findings_of,
    interested_of,
    measures_of,
    people_of,
    risks_of,
)
from businesscase.services.cases import write_conformity, write_section
from businesscase.views.case_pages import CasePage, begun_page
from common.exceptions import RuleBroken, StaleWrite
from common.markdown import render_markdown
from common.query import read_query, single_values
from projects.access import ProjectRequest, project_view
from projects.answers import conflict
from projects.models import Project
from projects.services.guards import parse_version

# Points that are texts: what the project knows stands below them.
TEXTS = ("a", "h", "k", "l", "purpose", "approval")
ACTS = ("save", "next", "preview")
Values = Mapping[str, Any]


def _costs(page: CasePage) -> Values:
    table = costs_of(page.case, page.outline)
    guides = {each.key: each for each in guide.costs().categories}
    return {
        "table": table,
        "groups": [(group, guides[group.key]) for group in table.groups],
        "new_url": page.url("line_new", "cost"),
    }


def _benefits(page: CasePage) -> Values:
    table, figures, kinds = benefits_of(page.case, page.outline)
    guides = guide.benefits()
    return {
        "table": table,
        "groups": [(group, guides[group.key]) for group in table.groups],
        "return_guide": guides["10"],
        "expected": figures[Scenario.LIKELY],
        "kinds": kinds,
        "new_url": page.url("line_new", "benefit"),
    }


def _need(page: CasePage) -> Values:
    return {"findings": findings_of(page.project)}


def _assumptions(page: CasePage) -> Values:
    return {"rest": assumptions_of(page.case), "new_url": page.url("line_new", "assumption")}


def _risks(page: CasePage) -> Values:
    register = risks_of(page.project)
    words = [(str(RiskCategory(key).label), register.by_category.get(key, 0)) for key in RiskCategory.values]
    return {"register": register, "categories": words}


def _measures(page: CasePage) -> Values:
    measures, unjudged = measures_of(page.case)
    url = page.url("line_new", "measure")
    links = [(title, f"{url}?{urlencode({'what': title})}") for title in unjudged]
    return {"measures": measures, "unjudged": links, "new_url": url}


def _people(page: CasePage) -> Values:
    return {"people": people_of(page.project)}


def _interested(page: CasePage) -> Values:
    return {"interested": interested_of(page.case), "new_url": page.url("line_new", "interested-party")}


# What stands on the page of a point besides its text: a template and its values.
PARTS: Mapping[str, tuple[str, Callable[[CasePage], Values]]] = {
    "a": ("businesscase/_point_need.html", _need),
    "b": ("businesscase/_point_scope.html", lambda _page: {}),
    "c": ("businesscase/_point_assumptions.html", _assumptions),
    "d": ("businesscase/_point_benefits.html", _benefits),
    "e": ("businesscase/_point_costs.html", _costs),
    "f": ("businesscase/_point_risks.html", _risks),
    "g": ("businesscase/_point_measures.html", _measures),
    "i": ("businesscase/_point_timescales.html", lambda _page: {}),
    "j": ("businesscase/_point_interested.html", _interested),
    "k": ("businesscase/_point_people.html", _people),
    "l": ("businesscase/_point_people.html", _people),
    "approval": ("businesscase/_point_people.html", _people),
    "cost": ("businesscase/_point_costs.html", _costs),
}


@project_view("case.view", post="case.edit")
def point(request: ProjectRequest, project: Project, kind: str, point: str) -> HttpResponse:
    """The point `point`: reading it, writing its text, looking at the text before it is saved."""
    page = begun_page(request, project, kind)
    if all(line.state.point != point for line in page.lines):
        raise Http404
    section = CaseSection.objects.filter(case=page.case, point=point).first()
    form_class = ConformityForm if point == "h" else SectionForm
    if request.method != "POST":
        read_query(request.GET)
        initial = {"text": section.text if section else "", "conformity": page.case.conformity}
        return _page(request, page, point, section, form_class(initial=initial))
    form = form_class(single_values(request.POST))
    act = request.POST.get("do", "save")
    if act not in ACTS:
        raise Http404
    if act == "preview":
        html = render_markdown(request.POST.get("text", ""))
        if request.headers.get("HX-Request"):
            return render(request, "businesscase/_preview.html", {"preview": html, "asked": True})
        return _page(request, page, point, section, form, preview=html)
    if form.is_valid():
        try:
            _write(request, page, point, form)
        except StaleWrite as stale:
            return _clash(request, page, point, stale)
        except RuleBroken as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            messages.success(request, _("Saved."))
            return redirect(_after(page, point, act))
    return _page(request, page, point, section, form, status=422)


def _write(request: ProjectRequest, page: CasePage, point: str, form: SectionForm) -> None:
    version, text = parse_version(request.POST.get("version")), form.cleaned_data["text"]
    if point == "h":
        write_conformity(
            acting_user=request.user,
            case=page.case,
            case_version=parse_version(request.POST.get("case_version")),
            conformity=form.cleaned_data["conformity"],
            version=version,
            text=text,
        )
    else:
        write_section(acting_user=request.user, case=page.case, point=point, version=version, text=text)


def _after(page: CasePage, point: str, act: str) -> str:
    keys = [line.state.point for line in page.lines]
    following = keys[keys.index(point) + 1 :]
    if act != "next":
        return page.url("point", point)
    return page.url("point", following[0]) if following else page.points_url


def _clash(request: ProjectRequest, page: CasePage, point: str, stale: StaleWrite) -> HttpResponse:
    """409 with both texts, and a way to save one's own over the other."""
    section = CaseSection.objects.filter(case=page.case, point=point).first()
    page.case.refresh_from_db()
    hidden: list[tuple[str, object]] = [
        ("text", request.POST.get("text", "")),
        ("version", section.version if section else 0),
    ]
    if point == "h":
        hidden += [("conformity", request.POST.get("conformity", "")), ("case_version", page.case.version)]
    url = page.url("point", point)
    return conflict(request, stale, action=url, hidden=hidden, back=url)


def _page(
    request: ProjectRequest,
    page: CasePage,
    point: str,
    section: CaseSection | None,
    form: SectionForm,
    *,
    preview: str = "",
    status: int = 200,
) -> HttpResponse:
    place = next(number for number, line in enumerate(page.lines) if line.state.point == point)
    line = page.lines[place]
    template, values = PARTS.get(point, ("", lambda _page: {}))
    versions: dict[str, Any] = {"version": section.version if section else 0, "case_version": page.case.version}
    if form.is_bound:
        # A refused form is still that of the version it was filled from.
        versions = {name: request.POST.get(name, stands) for name, stands in versions.items()}
    context = {
        "project": page.project,
        "page": page,
        "point": line.guide,
        "line": line,
        "example": render_markdown(line.guide.example),
        "before": page.lines[place - 1] if place else None,
        "following": page.lines[place + 1] if place + 1 < len(page.lines) else None,
        "form": form,
        "html": render_markdown(section.text) if section else "",
        "preview": preview,
        "part": template,
        "text_first": point in TEXTS,
        **versions,
        **values(page),
    }
    return render(request, "businesscase/point.html", context, status=status)
