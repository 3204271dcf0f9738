"""The workbook of a case, to save."""

from datetime import date

from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse

from businesscase.choices import CaseKind
from businesscase.exports_shown import DRAFT, Shown, shown_of
from businesscase.exports_workbook import case_xlsx
from businesscase.models import CaseVersion
from businesscase.selectors import case_of
from common import clock
from common.query import read_query
from common.workbook_out import XLSX, file_to_save
from projects.access import ProjectRequest, project_view
from projects.models import Project


@project_view("case.view")
def workbook(request: ProjectRequest, project: Project, kind: str) -> HttpResponse:
    """The draft, or with `?version=` (a number or "approved") a version, as XLSX that computes."""
    values, _lists = read_query(request.GET, single=("version",))
    case = case_of(project, kind)
    if case is None:
        raise Http404
    try:
        shown = shown_of(case, values["version"] or DRAFT)
    except CaseVersion.DoesNotExist as error:
        raise Http404 from error
    except ValueError as error:
        raise BadRequest("version is neither a number nor draft nor approved") from error
    made_on: date = clock.today(project.time_zone)
    return file_to_save(XLSX, file_name(shown), case_xlsx(shown, made_on=made_on))


def file_name(shown: Shown) -> str:
    """What the file is called, without its ending: project, case, and draft or version."""
    case = "gap-analysis-case" if shown.content.kind == CaseKind.GAP else "business-case"
    return f"{shown.slug}-{case}-{DRAFT if shown.number is None else f'v{shown.number}'}"
