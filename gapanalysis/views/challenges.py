"""The library of challenges."""

from django.http import HttpResponse
from django.shortcuts import render

from common.query import read_query
from gapanalysis.registries import parts_by_challenge
from gapanalysis.selectors.challenges import challenges_of
from projects.access import ProjectRequest, project_view
from projects.models import Project

FEW = 3
"""So many hits of a search stand open."""


@project_view("gap.view")
def challenges(request: ProjectRequest, project: Project) -> HttpResponse:
    """What gets in the way of an implementation: signs, what helps, and what this project says and does about it."""
    values, _lists = read_query(request.GET, single=("q",))
    library = challenges_of(project, values["q"])
    parts = parts_by_challenge(project, request.access, [one.ref for one in library.challenges])
    context = {
        "project": project,
        "library": library,
        "shown": [(one, parts[one.ref]) for one in library.challenges],
        "text": values["q"],
        "stand_open": bool(values["q"]) and len(library.challenges) <= FEW,
    }
    return render(request, "gapanalysis/challenges.html", context)
