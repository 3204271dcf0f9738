"""The library of templates, and beginning a document."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from common.exceptions import RuleBroken
from common.paper.text import markdown_to_paper
from common.query import choice, read_query, single_values
from common.texts import clean_line
from documents.choices import DocumentKind, DocumentState, Several
from documents.forms.begin import FromTemplateForm, NewDocumentForm
from documents.models import Document
from documents.selectors import is_very_small, seen_by
from documents.services.begin import FirstText, begin_document, begin_from_template
from documents.templates_of import offered_template, offered_templates
from documents.views.register import tabs_of
from projects.access import ProjectRequest, project_view
from projects.models import Project


@project_view("documents.view")
def library(request: ProjectRequest, project: Project) -> HttpResponse:
    """All templates, with what is begun."""
    values, _lists = read_query(request.GET, single=("kind",))
    kind = choice("kind", values["kind"], DocumentKind.values)
    begun: dict[str, list[Document]] = {}
    for document in seen_by(project, request.access).exclude(template=""):
        begun.setdefault(document.template, []).append(document)
    templates = offered_templates(project.organization).values()
    groups = [
        {
            "kind": label,
            "templates": [
                {
                    "template": each,
                    "begun": begun.get(each.key, []),
                    "several": Several(each.several).label if each.several else "",
                    "may_begin": bool(each.several) or each.key not in begun,
                }
                for each in templates
                if each.kind == value
            ],
        }
        for value, label in DocumentKind.choices
        if not kind or value == kind
    ]
    context: dict[str, Any] = {
        "project": project,
        "groups": [group for group in groups if group["templates"]],
        "kinds": DocumentKind.choices,
        "kind": kind,
        "count": len(templates),
        "may_write": bool(request.access.can("documents.write")),
        "tabs": tabs_of(project, "library"),
    }
    return render(request, "documents/library.html", context)


@project_view("documents.view", post="documents.write")
def template(request: ProjectRequest, project: Project, key: str) -> HttpResponse:
    """One template as its author finds it; sent: begin the document."""
    found = offered_template(project.organization, key)
    if found is None:
        raise Http404("no such template")
    form = FromTemplateForm(_sent(request), project=project, several=found.several)
    status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                document = begin_from_template(
                    acting_user=request.user,
                    project=project,
                    key=key,
                    subject=form.cleaned_data.get("subject", ""),
                    owner=form.cleaned_data["owner"],
                )
            except RuleBroken as error:
                there = seen_by(project, request.access).filter(template=key).first()
                if there is not None and not found.several:
                    # A second click, or somebody was faster: what was wanted is there.
                    messages.info(request, _has_it(there))
                    return redirect("document", project.slug, there.key)
                form.add_error(error.field if error.field in form.fields else None, str(error))
            else:
                messages.success(request, _("%(document)s is begun.") % {"document": document})
                return redirect("document", project.slug, document.key)
        status = 422
    shown = found.form_for(very_small=is_very_small(project))
    context: dict[str, Any] = {
        "project": project,
        "template": shown,
        "kind": DocumentKind(shown.kind).label,
        "several": Several(shown.several).label if shown.several else "",
        "text": markdown_to_paper(shown.body),
        "form": form,
        "begun": seen_by(project, request.access).filter(template=key),
        "may_write": bool(request.access.can("documents.write")),
    }
    return render(request, "documents/template.html", context, status=status)


@project_view("documents.write", post="documents.write")
def new(request: ProjectRequest, project: Project) -> HttpResponse:
    """Begin a document of one's own."""
    form = NewDocumentForm(_sent(request), project=project)
    status = 200
    if request.method == "POST":
        _check_title(form, seen_by(project, request.access).current())
        if form.is_valid():
            try:
                document = begin_document(
                    acting_user=request.user, project=project, facts=form.facts(), text=FirstText()
                )
            except RuleBroken as error:
                form.add_error(error.field if error.field in form.fields else None, str(error))
            else:
                messages.success(request, _("%(document)s is begun.") % {"document": document})
                has_file = form.cleaned_data["start"] == "file"
                return redirect("document_import" if has_file else "document", project.slug, document.key)
        status = 422
    return render(request, "documents/new.html", {"project": project, "form": form}, status=status)


def _has_it(document: Document) -> str:
    if document.state == DocumentState.ARCHIVED:
        return _("The project has it as %(number)s, in the archive. Bring it back to write it anew.") % {
            "number": document.number
        }
    return _("The project has it already, as %(number)s.") % {"number": document.number}


def _check_title(form: NewDocumentForm, there: QuerySet[Document]) -> None:
    """Two of one title are mistaken for each other, and a second click makes them."""
    title = clean_line(form.data.get("title", ""))
    same = there.filter(title__iexact=title, subject="").first() if title else None
    if same is not None:
        form.add_error(
            "title",
            _("%(number)s bears this title. Open that one, or call yours something else.") % {"number": same.number},
        )


def _sent(request: ProjectRequest) -> QueryDict | None:
    """What a form sent; None where the page is only looked at. Raises BadRequest for a value that is there twice."""
    if request.method == "POST":
        return single_values(request.POST)
    read_query(request.GET)
    return None
