"""Top management's commitment: proof that gathers by itself, and its own words."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from common.exceptions import RuleBroken
from common.query import form_nonce, read_query, single_values
from governance.commitment_guide import points
from governance.commitment_job import COMMITMENT_PAPER
from governance.commitment_words import standing_words
from governance.domain.commitment import Strength
from governance.forms.commitment import WordsForm
from governance.selectors.commitment import PointStanding, commitment_of
from governance.services.commitment import say_commitment
from jobs.services.request import request_job
from projects.access import ProjectRequest, project_view
from projects.models import Project

FIRST = 4


@project_view("governance.view", post="governance.commit")
def commitment(request: ProjectRequest, project: Project) -> HttpResponse:
    """The record; posted to, it takes what top management says of one point."""
    if request.method != "POST":
        read_query(request.GET)
        return _page(request, project)
    form = WordsForm(single_values(request.POST))
    if not form.is_valid():
        return _page(request, project, form=form, status=422)
    said = form.cleaned_data
    try:
        note = say_commitment(acting_user=request.user, project=project, point=said["point"], words=said["words"])
    except RuleBroken as error:
        form.add_error(error.field if error.field == "words" else None, str(error))
        return _page(request, project, form=form, status=422)
    messages.success(request, _("Your words on “%(point)s” are kept.") % {"point": points()[note.point].title})
    return redirect(f"{reverse('commitment', args=[project.slug])}#p-{note.point}")


@project_view(post="governance.view")
def make_pdf(request: ProjectRequest, project: Project) -> HttpResponse:
    """Ask for the record as a PDF; the same form sent twice makes one job."""
    values, _lists = read_query(request.POST, single=("csrfmiddlewaretoken", "nonce"))
    job = request_job(
        acting_user=request.user,
        project=project,
        kind=COMMITMENT_PAPER,
        parameters={},
        idempotency_key=f"commitment {project.pk} {request.user.pk} {form_nonce(values['nonce'])}",
    )
    return redirect("job", job.pk)


def _page(
    request: ProjectRequest, project: Project, *, form: WordsForm | None = None, status: int = 200
) -> HttpResponse:
    record = commitment_of(project, request.access)
    may_say = bool(request.access.can("governance.commit"))
    typed_for = form.data.get("point", "") if form is not None else ""
    context: dict[str, Any] = {
        "project": project,
        "record": record,
        "standing": standing_words(record),
        "groups": [
            (
                group.group,
                [_line(point, may_say, form if point.point.key == typed_for else None) for point in group.points],
            )
            for group in record.groups
        ],
        "form": form if form is not None and typed_for not in points() else None,
        "may_say": may_say,
        "nonce": uuid4(),
    }
    return render(request, "governance/commitment.html", context, status=status)


def _line(point: PointStanding, may_say: bool, typed: WordsForm | None) -> dict[str, Any]:
    key = point.point.key
    form = None
    if may_say:
        words = point.words.words if point.words is not None else ""
        form = typed or WordsForm(initial={"point": key, "words": words})
        form.auto_id = f"id-{key}-%s"
    return {
        "standing": point,
        "point": point.point,
        "first": point.proofs[:FIRST],
        "rest": point.proofs[FIRST:],
        "is_fresh": point.strength == Strength.FRESH,
        "is_old": point.strength == Strength.OLD,
        "form": form,
        "is_open": typed is not None,
    }
