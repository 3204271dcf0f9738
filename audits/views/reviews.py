"""Management reviews: the list, planning one, changing one."""

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from audits.choices import ReviewState
from audits.exports_reviews import REVIEW_COLUMNS, review_lines
from audits.forms.reviews import ReviewForm
from audits.models import ReviewAttendance
from audits.review_guide import inputs_of
from audits.selectors.reviews import ReviewPage, latest_approved, review_page, reviews_of
from audits.services.reviews import change_review, plan_review
from common import clock
from common.exceptions import RuleBroken, StaleWrite
from common.query import choice, read_query, single_values
from common.workbook_out import FORMATS, table_response
from governance.views.lessons import parties_for
from governance.views.refused import refuse
from projects.access import ProjectRequest, project_view
from projects.choices import ProjectRole
from projects.models import Membership, Party, Project
from projects.services.guards import parse_version


@project_view("review.view")
def listing(request: ProjectRequest, project: Project) -> HttpResponse:
    """The reviews: what stands first, then each."""
    read_query(request.GET)
    rows = reviews_of(project)
    today = clock.today(project.time_zone)
    valid = latest_approved(project, today)
    context = {
        "project": project,
        "rows": rows,
        "valid": valid,
        "valid_until": valid.held_on + timedelta(days=365) if valid is not None else None,
        "open": next((each for each in reversed(rows) if each.is_open), None),
        "asked": inputs_of(project.edition),
        "may_prepare": bool(request.access.can("review.prepare")),
        "export_url": reverse("reviews_export", args=[project.slug]),
    }
    return render(request, "audits/reviews.html", context)


@project_view("review.view")
def export(request: ProjectRequest, project: Project) -> HttpResponse:
    """The reviews as a file."""
    values, _lists = read_query(request.GET, single=("format",))
    form = choice("format", values["format"], FORMATS) or FORMATS[0]
    return table_response(form, f"{project.slug}-reviews", REVIEW_COLUMNS, review_lines(reviews_of(project)))


@project_view("review.prepare", post="review.prepare")
def new(request: ProjectRequest, project: Project) -> HttpResponse:
    """Plan a review."""
    if request.method != "POST":
        read_query(request.GET)
        return _form_page(request, project, _form(project, initial=_usual(project)))
    form = _form(project, single_values(request.POST, multiple=("people",)))
    if form.is_valid():
        try:
            made = plan_review(acting_user=request.user, project=project, facts=form.facts())
        except RuleBroken as error:
            refuse(form, error)
        else:
            messages.success(
                request, _("%(ref)s is planned, with what is known today for each input.") % {"ref": made.ref}
            )
            return redirect("review", project.slug, made.ref)
    return _form_page(request, project, form, status=422)


@project_view("review.prepare", post="review.prepare")
def change(request: ProjectRequest, project: Project, ref: str) -> HttpResponse:
    """Change when, where, and who is asked."""
    found = found_review(project, ref)
    review = found.review
    if request.method != "POST":
        read_query(request.GET)
        asked = ReviewAttendance.objects.filter(review=review).values_list("party_id", flat=True)
        initial = {name: getattr(review, name) for name in ("held_on", "covers_from", "covers_until", "place")} | {
            "chair": str(review.chair_id or ""),
            "people": [str(pk) for pk in asked],
        }
        return _form_page(request, project, _form(project, is_new=False, initial=initial), found=found)
    data = single_values(request.POST, multiple=("people",))
    form = _form(project, data, is_new=False)
    status = 422
    if form.is_valid():
        try:
            change_review(
                acting_user=request.user,
                project=project,
                ref=ref,
                version=parse_version(data.get("version")),
                facts=form.facts(),
            )
        except StaleWrite as error:
            form.add_error(None, str(error))
            status = 409
        except RuleBroken as error:
            refuse(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("review", project.slug, ref)
    return _form_page(request, project, form, found=found, status=status)


def found_review(project: Project, ref: str) -> ReviewPage:
    """The review `ref`; 404 where there is none."""
    found = review_page(project, ref) if len(ref) <= 12 else None
    if found is None:
        raise Http404
    return found


def _form(project: Project, data: Any = None, *, is_new: bool = True, **more: Any) -> ReviewForm:
    return ReviewForm(data, parties=[each for each in parties_for(project) if each.user_id], is_new=is_new, **more)


def _usual(project: Project) -> dict[str, Any]:
    """In four weeks, of the time since the last review, with top management."""
    today = clock.today(project.time_zone)
    last = next((each.review for each in reviews_of(project) if each.review.state == ReviewState.APPROVED), None)
    since: date = last.covers_until + timedelta(days=1) if last is not None else min(project.start_date, today)
    leaders = Membership.objects.current().filter(project=project, role=ProjectRole.TOP_MANAGEMENT)
    people = Party.objects.filter(project=project, user__in=leaders.values("user"), is_active=True).order_by("pk")
    found = [str(party.pk) for party in people]
    return {
        "held_on": today + timedelta(days=28),
        "covers_from": min(since, today),
        "covers_until": today,
        "edition": project.edition,
        "chair": found[0] if found else "",
        "people": found,
    }


def _form_page(
    request: ProjectRequest, project: Project, form: ReviewForm, *, found: ReviewPage | None = None, status: int = 200
) -> HttpResponse:
    context = {"project": project, "form": form, "found": found}
    return render(request, "audits/review_form.html", context, status=status)
