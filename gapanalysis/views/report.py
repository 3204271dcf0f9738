"""The report of an assessment, asked for as a PDF."""

from django.http import HttpResponse
from django.shortcuts import redirect

from common.query import choice, form_nonce, read_query
from gapanalysis.report_job import GAP_REPORT
from gapanalysis.views.results import question_asked
from jobs.services.request import request_job
from phases.selectors.clauses import EDITIONS
from projects.access import ProjectRequest, project_view
from projects.models import Project


@project_view(post="gap.view")
def make_pdf(request: ProjectRequest, project: Project, key: str) -> HttpResponse:
    """Ask for the report as the page shows it; the same form sent twice makes one job."""
    values, _lists = read_query(request.POST, single=("csrfmiddlewaretoken", "nonce", "edition", "against"))
    edition = choice("edition", values["edition"], EDITIONS) or project.edition
    asked = question_asked(project, key, edition=edition, against=values["against"])
    job = request_job(
        acting_user=request.user,
        project=project,
        kind=GAP_REPORT,
        parameters={"assessment": key, "edition": edition, "against": asked.against},
        idempotency_key=f"gap report {project.pk} {request.user.pk} {form_nonce(values['nonce'])}",
    )
    return redirect("job", job.pk)
