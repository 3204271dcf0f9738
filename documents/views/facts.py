"""What is said about a document beside its text."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from common.exceptions import RuleBroken, StaleWrite
from common.query import read_query, single_values
from documents.forms.facts import FactsForm, facts_of
from documents.models import Document
from documents.services.drafts import change_facts
from documents.views.lookup import document_or_404, written_by
from projects.access import ProjectRequest, project_view
from projects.answers import conflict
from projects.models import Project
from projects.services.guards import parse_version


@project_view("documents.write", post="documents.write")
def facts(request: ProjectRequest, project: Project, key: str) -> HttpResponse:
    """Owner, classification, review, clauses, activities, phase."""
    document = written_by(request, project, key)
    if request.method != "POST":
        read_query(request.GET)
        form = FactsForm(initial=facts_of(document), project=project)
        return _page(request, project, document, form, document.version)
    version = parse_version(request.POST.get("version"))
    form = FactsForm(single_values(request.POST), project=project)
    if form.is_valid():
        try:
            change_facts(
                acting_user=request.user, project=project, key=key, version=version, facts=form.facts(document)
            )
        except RuleBroken as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        except StaleWrite as error:
            now = document_or_404(request, project, key).version
            hidden = [(name, request.POST.get(name, "")) for name in form.fields] + [("version", str(now))]
            return conflict(
                request,
                error,
                action=request.path,
                hidden=hidden,
                back=reverse("document_facts", args=[project.slug, key]),
            )
        else:
            messages.success(request, _("Saved."))
            return redirect("document", project.slug, key)
    return _page(request, project, document, form, version, status=422)


def _page(
    request: ProjectRequest, project: Project, document: Document, form: FactsForm, version: int, status: int = 200
) -> HttpResponse:
    context = {"project": project, "document": document, "form": form, "version": version}
    return render(request, "documents/facts.html", context, status=status)
