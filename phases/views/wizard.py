"""The wizard for a new project. Each step saves what was typed before it judges it, so nothing is ever lost."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common import clock
from common.exceptions import RuleBroken
from phases.choices import Approach
from phases.domain.approaches import faster, half
from phases.domain.schedule import DEFAULT_WEEKS
from phases.forms.approach import ApproachForm, initial_of
from phases.forms.earlier import EarlierForm
from phases.forms.wizard import (
    LEAVE_OUT,
    NEW_ORGANIZATION,
    DatesForm,
    Members,
    OrganizationForm,
    apply_step_act,
    as_data,
    as_initial,
    members_initial,
    raw_of,
)
from phases.forms.wizard_answers import Answers, bind_answers
from phases.forms.wizard_steps import KEYS, Step
from phases.selectors.outlook import PlanOutlook, plan_outlook, usual_start
from phases.services.placing import WayOfWorking
from phases.services.reuse import same_way
from phases.services.start import ProjectPlan
from phases.services.wizard import FirstMember, discard_draft, finish_wizard, made_from, save_step
from projects.access import SignedInRequest, signed_in_view
from projects.choices import Edition, ProjectRole
from projects.forms.scope import Raw, ScopeForm, apply_act, scope_view
from projects.models import Project, WizardDraft
from projects.permissions import can_start_any_project
from projects.registries import prepare_wizard_panels


@dataclass(frozen=True, slots=True)
class _Draft:
    """The draft of who asks, read once per request."""

    row: WizardDraft | None
    steps: dict[str, Raw]

    @property
    def nonce(self) -> str:
        return str(self.row.answers.get("nonce", "")) if self.row is not None else ""


def _draft_of(request: SignedInRequest) -> _Draft:
    row = WizardDraft.objects.filter(user=request.user).first()
    return _Draft(row, dict(row.answers.get("steps", {})) if row is not None else {})


def _require(request: SignedInRequest) -> None:
    decision = can_start_any_project(request.user)
    if not decision:
        raise PermissionDenied(decision.reason)


@signed_in_view("GET", "POST")
def start(request: SignedInRequest) -> HttpResponse:
    """Go on where the draft stopped; a POST throws the draft away."""
    _require(request)
    if request.method == "POST":
        discard_draft(acting_user=request.user)
        messages.info(request, _("The draft is gone."))
        return redirect("home")
    steps = _draft_of(request).steps
    keys = bind_answers(steps, request.user).keys
    return redirect("wizard_step", next((key for key in keys if key not in steps), "review"))


@signed_in_view("GET", "POST")
def step(request: SignedInRequest, step: str) -> HttpResponse:
    """Show a step, or save it and go where the pressed button says."""
    if step not in KEYS:
        raise Http404
    _require(request)
    draft = _draft_of(request)
    if request.method == "POST":
        slug = made_from(draft.row, request.POST.get("nonce", ""))
        if slug and Project.objects.visible_to(request.user).filter(slug=slug).exists():
            messages.info(request, _("This draft has become a project already."))
            return redirect("dashboard", slug)
        return _finish(request, draft) if step == "review" else _save(request, draft, step)
    if step == "review":
        return _review(request, draft) if draft.steps else redirect("wizard")
    return _show(request, draft, step)


def _save(request: SignedInRequest, draft: _Draft, step: str) -> HttpResponse:
    act = request.POST.get("do", "next")
    raw = raw_of(step, request.POST)
    begin_at = ""
    if act not in ("next", "review", "back", "leave", "refresh"):
        try:
            begin_at = apply_act(raw, act) if step == "scope" else apply_step_act(step, raw, act)
        except ValueError as error:
            raise RuleBroken(_("This button is out of date. Reload the page.")) from error
    row = save_step(acting_user=request.user, step=step, values=raw)
    draft = _Draft(row, dict(row.answers["steps"]))
    if act == "leave":
        messages.success(request, _("The draft is kept. Go on with it whenever you like."))
        return redirect("home")
    answers = bind_answers(draft.steps, request.user)
    place = answers.keys.index(step) if step in answers.keys else 0
    if act == "back":
        return redirect("wizard_step", answers.keys[max(0, place - 1)])
    if act in ("next", "review"):
        if not answers.form(step).is_valid():
            return _show(request, draft, step, answers=answers, status=422)
        if step == "earlier" and not answers.earlier.is_shown:
            return redirect(f"{reverse('wizard_step', args=[step])}#offer")
        return redirect("wizard_step", "review" if act == "review" else answers.keys[place + 1])
    if request.htmx:  # type: ignore[attr-defined]  # django-htmx sets it
        return _show(request, draft, step, begin_at=begin_at)
    return redirect(f"{reverse('wizard_step', args=[step])}#{_anchor(step, begin_at)}")


def _anchor(step: str, begin_at: str) -> str:
    if step == "scope":
        return "sentence" if begin_at in ("", "statement") else f"f-{begin_at}"
    return "wz-form"


# --- what a page shows --------------------------------------------------------------------------------------------
def _steps(draft: _Draft, answers: Answers, current: str) -> list[dict[str, Any]]:
    lacking = {step.key for step in answers.incomplete}
    return [
        {
            "number": number,
            "title": step.title,
            "url": reverse("wizard_step", args=[step.key]),
            "is_current": step.key == current,
            "is_done": step.key in draft.steps and step.key not in lacking,
            "is_lacking": step.key in draft.steps and step.key in lacking,
            "is_open": step.key in draft.steps or (step.key == "review" and bool(draft.steps)),
        }
        for number, step in enumerate(answers.steps, start=1)
    ]


def _outlook(draft: _Draft, answers: Answers) -> PlanOutlook:
    form = DatesForm(as_data(draft.steps.get("dates", {})))
    form.is_valid()
    given = form.cleaned_data
    weeks = {number: given.get(f"weeks_{number}") for number in range(4)}
    usual = _proposed_weeks(answers)
    return plan_outlook(
        given.get("start") or usual_start(clock.today()),
        {number: value or usual[number] for number, value in weeks.items()},
        by_default="dates" not in draft.steps,
        with_supplement=_takes_supplement(draft),
        approach=_way(answers).approach,
        component_phases=_way(answers).component_phases,
    )


def _way(answers: Answers) -> WayOfWorking:
    """How the plan goes so far."""
    return answers.approach.way if answers.approach.is_valid() else WayOfWorking()


def _proposed_weeks(answers: Answers) -> dict[int, int]:
    """The weeks that nobody has typed: those of the earlier project, shorter for a wider scope or few people."""
    offer = answers.earlier.offer
    if offer is not None:
        return faster(offer.weeks) if answers.earlier.is_wider else dict(offer.weeks)
    return half(DEFAULT_WEEKS) if _way(answers).very_small else dict(DEFAULT_WEEKS)


def _takes_supplement(draft: _Draft) -> bool:
    """Whether the plan so far has the supplement: nothing else was said."""
    typed = as_initial(draft.steps.get("organization", {}))
    return typed.get("edition") in (None, Edition.E2018.value) and typed.get("supplement") != LEAVE_OUT


def _frame(draft: _Draft, answers: Answers, current: Step) -> dict[str, Any]:
    steps = answers.steps
    place = answers.keys.index(current.key)
    incomplete = answers.incomplete
    return {
        "step": current,
        "number": place + 1,
        "count": len(steps),
        "steps": _steps(draft, answers, current.key),
        "action": reverse("wizard_step", args=[current.key]),
        "next_title": steps[place + 1].title if place + 1 < len(steps) else "",
        "is_first": place == 0,
        "may_review": current.key not in ("people", "review") and not [step for step in incomplete if step != current],
        "nonce": draft.nonce,
        "saved_at": draft.row.saved_at if draft.row is not None and draft.steps else None,
        "outlook": _outlook(draft, answers),
    }


def _typed_organization(draft: _Draft, answers: Answers) -> str:
    raw = as_initial(draft.steps.get("organization", {}))
    if raw.get("organization") == NEW_ORGANIZATION:
        return str(raw.get("new_organization", "")).strip()
    chosen = answers.organization.choices.get(str(raw.get("organization", "")))
    return chosen.name if chosen else ""


def _first_dates(request: SignedInRequest, draft: _Draft, answers: Answers) -> dict[str, Any]:
    values: dict[str, Any] = {"start": usual_start(clock.today()).isoformat()}
    values |= {f"weeks_{number}": weeks for number, weeks in _proposed_weeks(answers).items()}
    chosen = answers.organization.choices.get(
        str(as_initial(draft.steps.get("organization", {})).get("organization", ""))
    )
    if chosen is not None:
        last = Project.objects.visible_to(request.user).filter(organization=chosen).order_by("-created_at").first()
        if last is not None:
            values |= {"time_zone": last.time_zone, "currency": last.currency}
    return values


def _first_scope(draft: _Draft, answers: Answers) -> dict[str, Any]:
    """What the scope begins with: that of the project that is to be widened, else who delivers."""
    offer = answers.earlier.offer
    if offer is None or not answers.earlier.is_wider:
        return {"delivered_by": _typed_organization(draft, answers)}
    source = offer.source
    return {
        "services": source.services,
        "delivered_by": source.delivered_by,
        "locations": source.locations,
        "customers": source.customers,
        "left_out": source.left_out,
        "other_parties": source.other_parties,
    }


def _show(
    request: SignedInRequest,
    draft: _Draft,
    key: str,
    *,
    answers: Answers | None = None,
    begin_at: str = "",
    status: int = 200,
) -> HttpResponse:
    """A step: bound and judged after a refused POST (status 422), else as typed without complaints."""
    judged = status == 422
    answers = answers or bind_answers(draft.steps, request.user)
    if key not in answers.keys:
        return redirect("wizard")
    context = _frame(draft, answers, answers.steps[answers.keys.index(key)])
    raw = draft.steps.get(key)
    if key == "organization":
        context["form"] = (
            answers.organization
            if judged
            else OrganizationForm(initial=as_initial(raw) if raw else {}, user=request.user)
        )
        context["new_organization"] = NEW_ORGANIZATION
    elif key == "earlier":
        earlier = answers.earlier
        if not judged:
            earlier = EarlierForm(
                initial=as_initial(raw) if raw else {}, user=request.user, organization=earlier.organization
            )
        context |= {"form": earlier, "offer": earlier.offer}
        if earlier.organization is not None:
            context["panels"] = prepare_wizard_panels(request.user, earlier.organization)
    elif key == "approach":
        context["form"] = (
            answers.approach
            if judged
            else ApproachForm(
                initial=as_initial(raw) if raw else initial_of(_way(answers)), texts=answers.approach.texts
            )
        )
    elif key == "scope":
        initial = as_initial(raw) if raw else _first_scope(draft, answers)
        form = answers.scope if judged else ScopeForm(initial=initial)
        context |= {"form": form, "scope": scope_view(form, begin_at=begin_at)}
    elif key == "dates":
        form_dates = (
            answers.dates
            if judged
            else DatesForm(initial=as_initial(raw) if raw else _first_dates(request, draft, answers))
        )
        context["form"] = form_dates
        context["lines"] = [(phase, form_dates[f"weeks_{phase.number}"]) for phase in context["outlook"].phases]
    else:
        members = answers.team if judged and raw else Members(initial=members_initial(raw or {}), user=request.user)
        context |= {"members": members, "forms": members.forms, "total": len(members.forms), "begin_at": begin_at}
    return render(request, f"phases/wizard/{key}.html", context, status=status)


def _review(request: SignedInRequest, draft: _Draft, *, error: str = "", status: int = 200) -> HttpResponse:
    answers = bind_answers(draft.steps, request.user)
    context = _frame(draft, answers, answers.steps[-1])
    incomplete = answers.incomplete
    organization = answers.organization
    organization.is_valid()
    answers.scope.is_valid()
    context |= {
        "error": error,
        "incomplete": [(step.title, reverse("wizard_step", args=[step.key])) for step in incomplete],
        "organization_name": _typed_organization(draft, answers),
        "opens_organization": organization.cleaned_data.get("organization") == NEW_ORGANIZATION,
        "name": as_initial(draft.steps.get("organization", {})).get("name", ""),
        "edition": dict(Edition.choices).get(str(organization.cleaned_data.get("edition")), ""),
        "is_2018": organization.cleaned_data.get("edition") == Edition.E2018,
        "offers_supplement": organization.offers_supplement,
        "supplement_reason": organization.cleaned_data.get("supplement_reason", ""),
        "takes_supplement": organization.cleaned_data.get("supplement") != LEAVE_OUT,
        "statement": answers.scope.final_statement if answers.scope.is_valid() else "",
        "dates": answers.dates.cleaned_data,
        "way": answers.approach.way if answers.approach.is_valid() else None,
        "approach": str(dict(Approach.choices)[answers.approach.way.approach]) if answers.approach.is_valid() else "",
        **_review_earlier(answers),
        "members": _members(answers) if answers.team.is_valid() else [],
        "roles": dict(ProjectRole.choices),
    }
    return render(request, "phases/wizard/review.html", context, status=status)


def _review_earlier(answers: Answers) -> dict[str, Any]:
    """What the review says of an earlier project."""
    form = answers.earlier
    offer = form.offer
    if offer is None:
        return {"offer": None, "offers_earlier": "earlier" in answers.keys}
    way = _way(answers)
    return {
        "offer": offer,
        "offers_earlier": True,
        "is_wider": form.is_wider,
        "taken": len(form.taken),
        "tailoring_stays": bool(offer.moved or offer.added) and not same_way(offer, way),
    }


def _members(answers: Answers) -> list[FirstMember]:
    return [
        FirstMember(
            form.cleaned_data["name"].strip(),
            form.cleaned_data["email"],
            form.cleaned_data["role"],
            form.cleaned_data["until"],
        )
        for form in answers.team.forms
        if not form.is_blank
    ]


def _finish(request: SignedInRequest, draft: _Draft) -> HttpResponse:
    act = request.POST.get("do", "finish")
    if act in ("back", "leave"):
        return redirect("wizard_step", "people") if act == "back" else redirect("home")
    if not draft.steps:
        messages.error(request, _("This draft was discarded or started anew. Nothing was started."))
        return redirect("wizard")
    answers = bind_answers(draft.steps, request.user)
    if answers.incomplete:
        return _review(request, draft, status=422)
    members = _members(answers)
    try:
        project = finish_wizard(
            acting_user=request.user,
            nonce=request.POST.get("nonce", ""),
            organization=answers.organization.chosen,
            new_organization=answers.organization.cleaned_data.get("new_organization", ""),
            plan=_plan(answers),
            members=members,
            earlier=answers.earlier.earlier,
        )
    except RuleBroken as error:
        return _review(request, draft, error=str(error), status=422)
    said = _("The project has started. Give its activities to people in the role map.")
    if members:
        said += " " + ngettext("%d invitation is on its way.", "%d invitations are on their way.", len(members)) % len(
            members
        )
    messages.success(request, said)
    return redirect("dashboard", project.slug)


def _plan(answers: Answers) -> ProjectPlan:
    scope, dates = answers.scope.cleaned_data, answers.dates.cleaned_data
    return ProjectPlan(
        name=answers.organization.cleaned_data["name"],
        start=dates["start"],
        scope_statement=answers.scope.final_statement,
        services=scope["services"],
        delivered_by=scope["delivered_by"],
        locations=scope["locations"],
        customers=scope["customers"],
        left_out=scope["left_out"],
        other_parties=scope["other_parties"],
        edition=answers.organization.cleaned_data["edition"],
        time_zone=dates["time_zone"],
        currency=dates["currency"],
        supplement_declined=answers.organization.supplement_declined,
        weeks=answers.dates.weeks,
        way=answers.approach.way,
    )
