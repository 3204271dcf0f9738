"""What is wrong with the proof of a project, where somebody can see to it."""

from django.http import HttpResponse
from django.shortcuts import render

from common.query import read_query
from evidence.selectors.panels import unproven_rows, wrong_in
from evidence.selectors.period import period_of
from phases.choices import PHASE_NAMES
from phases.selectors.activity_texts import effective_text
from phases.selectors.catalogue import texts_for
from projects.access import ProjectRequest, project_view
from projects.models import Project


@project_view("evidence.view")
def wrong(request: ProjectRequest, project: Project) -> HttpResponse:
    """Rows without proof, key ones first, phase by phase; and how many items are expired, links alone, for nothing."""
    read_query(request.GET)
    texts = texts_for(project)
    lines = [
        {"row": row, "ref": row.activity.ref, "title": effective_text(texts, row.activity).title}
        for row in sorted(unproven_rows(project), key=lambda row: (row.phase_number, not row.activity.is_key))
    ]
    context = {
        "project": project,
        "wrong": wrong_in(project, request.access),
        "lines": lines,
        "phase_names": PHASE_NAMES,
        "period": period_of(project)[0],
        "may_manage": bool(request.access.can("evidence.manage")),
        "may_add": bool(request.access.can("evidence.add")),
    }
    return render(request, "evidence/wrong.html", context)
