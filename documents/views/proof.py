"""Evidence linked to a document."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from common.exceptions import RuleBroken
from common.query import single_values
from documents.selectors import newest_text
from documents.services.proof import link_evidence, unlink_evidence
from documents.views.document import show_document
from documents.views.lookup import document_or_404
from evidence.selectors import item_of
from projects.access import ProjectRequest, project_view, require_post_value
from projects.models import Project


@project_view(post="documents.write")
def prove(request: ProjectRequest, project: Project, key: str) -> HttpResponse:
    """Link an item, named by its key."""
    return _act(request, project, key, takes_off=False)


@project_view(post="documents.write")
def unprove(request: ProjectRequest, project: Project, key: str) -> HttpResponse:
    """Take an item off."""
    return _act(request, project, key, takes_off=True)


def _act(request: ProjectRequest, project: Project, key: str, *, takes_off: bool) -> HttpResponse:
    document = document_or_404(request, project, key)
    single_values(request.POST)
    named = require_post_value(request, "item").strip()[:20]
    item = item_of(project, request.access, named.upper())
    try:
        if item is None:
            raise RuleBroken(_("There is no evidence “%(key)s”. Its key looks like E-0012.") % {"key": named})
        (unlink_evidence if takes_off else link_evidence)(acting_user=request.user, project=project, key=key, item=item)
    except RuleBroken as error:
        shown = newest_text(document)
        return show_document(request, project, document, shown, status=422, proof_problem=str(error), typed_item=named)
    return redirect(f"{redirect('document', project.slug, key).url}#evidence")
