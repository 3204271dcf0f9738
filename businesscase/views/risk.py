"""The page of one risk, and what people do on it: look at it, change it, settle it, put its response into the costs."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from audittrail.selectors import history_of
from audittrail.sentences import sentence
from businesscase import guide
from businesscase.choices import CaseKind, RiskState
from businesscase.domain.risks import LOOK_AGAIN_AFTER, level_of, matrix_of
from businesscase.forms.risks import ResponseCostForm, ReviewForm, RiskForm, SettleForm, initial_cost, initial_of
from businesscase.models import BusinessCase, Risk
from businesscase.panels_risks import matrix_rows
from businesscase.permissions import can_work_on
from businesscase.selectors import case_of, submitted_version
from businesscase.selectors.risk_talk import COMMENTED
from businesscase.selectors.risks import costs_of, line_of, place_of, risk_of
from businesscase.services.risks import change_risk, review_risk, settle_risk
from businesscase.services.rows import add_row
from common import clock
from common.exceptions import RuleBroken, StaleWrite
from common.query import read_query, single_values
from gapanalysis.selectors.challenges import challenge_title
from notifications.selectors.thread import thread_of
from phases.choices import PHASE_NAMES
from projects.access import ProjectRequest, project_view
from projects.answers import conflict
from projects.models import Party, Project
from projects.services.guards import parse_version

LATEST = 12
"""So many changes stand on the page."""


def risk_or_404(project: Project, ref: str) -> Risk:
    """The risk `ref` of the project. Raises Http404."""
    risk = risk_of(project, ref)
    if risk is None:
        raise Http404
    return risk


def risk_page(request: ProjectRequest, project: Project, risk: Risk, status: int = 200, **typed: Any) -> HttpResponse:
    """The whole page; `typed` holds forms that were refused."""
    may_work = bool(can_work_on(request.access, request.user, risk))
    line = line_of(risk, project.time_zone)
    context = {
        "project": project,
        "risk": risk,
        "line": line,
        "may_work": may_work,
        "scales": _scales(risk),
        "places": _places(risk),
        "was_level": level_of(risk.was_probability, risk.was_impact)
        if risk.was_probability and risk.was_impact
        else "",
        "was_words": _was_words(risk),
        "response_means": next((each.sentence for each in guide.scales().responses if each.key == risk.response), ""),
        "costs": costs_of(risk) if request.access.can("case.view") else [],
        "challenge_title": challenge_title(risk.challenge) if risk.challenge else "",
        "review_form": ReviewForm(initial={"review_on": _next_look(risk, project)}),
        "settle_form": SettleForm(
            now=risk.state,
            initial={
                "state": RiskState.CLOSED if risk.state == RiskState.OPEN else risk.state,
                "outcome": risk.outcome,
            },
        ),
        "cost_form": None,
        **_history(request, project, risk),
        **thread_context(request, project, risk.ref),
        **typed,
    }
    context["case"] = case_of(project, CaseKind.IMPLEMENTATION)
    context["may_price"] = _may_price(request, risk, context["case"])
    return render(request, "businesscase/risk.html", context, status=status)


def thread_context(request: ProjectRequest, project: Project, ref: str) -> dict[str, Any]:
    """The comments on the risk, and the form for one more."""
    may_write = request.access.can("comments.write")
    return {
        "thread": thread_of(project, request.access, request.user, COMMENTED, ref),
        "may_comment": bool(may_write),
        "why_no_comment": may_write.reason,
        "nonce": uuid4(),
        "comment_action": reverse("risk_comment", args=[project.slug, ref]),
        "read_action": reverse("risk_comments_read", args=[project.slug, ref]),
        "nobody_said": _("Nobody has commented yet. Say here what you see of it, or ask its owner."),
        "time_zone": project.time_zone,
    }


@project_view("risks.view")
def risk(request: ProjectRequest, project: Project, ref: str) -> HttpResponse:
    """The risk `ref`."""
    read_query(request.GET)
    return risk_page(request, project, risk_or_404(project, ref))


@project_view("risks.report", post="risks.report")
def change(request: ProjectRequest, project: Project, ref: str) -> HttpResponse:
    """Change a risk: its words, its assessment, its response."""
    found = risk_or_404(project, ref)
    may = can_work_on(request.access, request.user, found)
    if request.method != "POST":
        read_query(request.GET)
        if not may:
            messages.warning(request, may.reason)
            return redirect("risk", project.slug, ref)
        form = make_form(project, found, initial=initial_of(found))
        return form_page(request, project, form, risk=found, version=found.version)
    form = make_form(project, found, single_values(request.POST))
    version = parse_version(request.POST.get("version", ""))
    if form.is_valid():
        try:
            change_risk(acting_user=request.user, project=project, ref=ref, version=version, values=form.values())
        except RuleBroken as error:
            refuse(form, error)
        except StaleWrite as error:
            sent = [(name, request.POST.get(name, "")) for name in form.fields]
            hidden = [*sent, ("version", Risk.objects.values_list("version", flat=True).get(pk=found.pk))]
            return conflict(
                request, error, action=request.path, hidden=hidden, back=reverse("risk", args=[project.slug, ref])
            )
        else:
            messages.success(request, _("Saved."))
            return redirect("risk", project.slug, ref)
    return form_page(request, project, form, risk=found, version=version, status=422)


@project_view(post="risks.report")
def review(request: ProjectRequest, project: Project, ref: str) -> HttpResponse:
    """Say that the risk stands as it is, and when somebody looks again."""
    found = risk_or_404(project, ref)
    form = ReviewForm(single_values(request.POST))
    if form.is_valid():
        try:
            review_risk(
                acting_user=request.user,
                project=project,
                ref=ref,
                version=parse_version(request.POST.get("version", "")),
                review_on=form.cleaned_data["review_on"],
            )
        except RuleBroken as error:
            refuse(form, error)
        else:
            messages.success(request, _("%(ref)s stands as it is. The day of the next look is set.") % {"ref": ref})
            return redirect("risk", project.slug, ref)
    return risk_page(request, project, found, status=422, review_form=form)


@project_view(post="risks.report")
def settle(request: ProjectRequest, project: Project, ref: str) -> HttpResponse:
    """Say that the risk happened, is closed, or is open again."""
    found = risk_or_404(project, ref)
    form = SettleForm(single_values(request.POST), now=found.state)
    if form.is_valid():
        try:
            settled = settle_risk(
                acting_user=request.user,
                project=project,
                ref=ref,
                version=parse_version(request.POST.get("version", "")),
                state=form.cleaned_data["state"],
                outcome=form.cleaned_data["outcome"],
            )
        except RuleBroken as error:
            refuse(form, error)
        else:
            words = {
                RiskState.OPEN: _("%(ref)s is open again."),
                RiskState.CLOSED: _("%(ref)s is closed. It stays in the register, out of the way."),
                RiskState.HAPPENED: _("%(ref)s happened. What came of it stands with it."),
            }
            messages.success(request, words[RiskState(settled.state)] % {"ref": ref})
            return redirect("risk", project.slug, ref)
    return risk_page(request, project, found, status=422, settle_form=form)


@project_view("case.edit", post="case.edit")
def into_costs(request: ProjectRequest, project: Project, ref: str) -> HttpResponse:
    """Put what the response costs into the costs of the case, as a line that is tied to the risk."""
    found = risk_or_404(project, ref)
    case = case_of(project, CaseKind.IMPLEMENTATION)
    if case is None:
        messages.warning(request, _("There is no business case yet. Begin it first, then its costs can be entered."))
        return redirect("risk", project.slug, ref)
    phases = [(number, f"{number} {name}") for number, name in PHASE_NAMES.items()]
    if request.method != "POST":
        read_query(request.GET)
        month = max(clock.today(project.time_zone).replace(day=1), case.first_month)
        form = ResponseCostForm(phases=phases, initial=initial_cost(found, month, _phase_now(project)))
        return risk_page(request, project, found, cost_form=form)
    form = ResponseCostForm(single_values(request.POST), phases=phases)
    if form.is_valid():
        try:
            row = add_row(acting_user=request.user, case=case, kind="cost", values=form.values(found))
        except RuleBroken as error:
            refuse(form, error)
        else:
            messages.success(request, _("%(ref)s is in the costs of the case now.") % {"ref": row.ref})
            return redirect("risk", project.slug, ref)
    return risk_page(request, project, found, status=422, cost_form=form)


def make_form(project: Project, found: Risk | None, data: Any = None, *, whole: bool = True, **more: Any) -> RiskForm:
    """The form of a risk, with the parties that may own it and the one that does."""
    owner = found.owner_id if found else None
    parties = [
        party
        for party in Party.objects.filter(project=project).order_by("name")
        if party.is_active or party.pk == owner
    ]
    return RiskForm(data, parties=parties, currency=project.currency, whole=whole, **more)


def form_page(
    request: ProjectRequest, project: Project, form: RiskForm, *, status: int = 200, **more: Any
) -> HttpResponse:
    """The page with the form of a new risk, or of one that stands."""
    challenge = form["challenge"].value() or ""
    context = {
        "project": project,
        "form": form,
        "whole": "response" in form.fields,
        "challenge": challenge,
        "challenge_title": challenge_title(challenge) if challenge else "",
        **more,
    }
    return render(request, "businesscase/risk_form.html", context, status=status)


def refuse(form: forms.Form, error: RuleBroken) -> None:
    """Put a broken rule beside the field that it is about, or over the form."""
    form.add_error(error.field if error.field in form.fields else None, str(error))


def _next_look(risk: Risk, project: Project) -> Any:
    """The day that is suggested for the next look: the more serious, the sooner."""
    return clock.today(project.time_zone) + timedelta(days=LOOK_AGAIN_AFTER[level_of(risk.probability, risk.impact)])


def _phase_now(project: Project) -> int:
    """The phase that runs; phase 0 is paid by the small case."""
    states = {phase.number: phase.state for phase in project.phases.all()}
    return next((number for number in PHASE_NAMES if number and states.get(number) in ("active", "in review")), 1)


def _may_price(request: ProjectRequest, risk: Risk, case: BusinessCase | None) -> bool:
    if not request.access.can("case.edit") or risk.state != RiskState.OPEN or not risk.response or case is None:
        return False
    return submitted_version(case) is None


def _scales(risk: Risk) -> dict[str, Any]:
    """What the steps mean that the risk stands on."""
    scales = guide.scales()
    return {
        "probability": scales.probability[risk.probability - 1],
        "impact": scales.impact[risk.impact - 1],
    }


def _was_words(risk: Risk) -> str:
    if not risk.was_probability or not risk.was_impact:
        return ""
    before = Risk(probability=risk.was_probability, impact=risk.was_impact)
    return _("%(probability)s, %(impact)s") % {
        "probability": before.get_probability_display(),
        "impact": before.get_impact_display().lower(),
    }


def _places(risk: Risk) -> list[Any]:
    """The picture of where the risk stands: now and once its response works."""
    now, then = place_of(risk, after=False), place_of(risk, after=True)
    placed = [(_("now"), *now)]
    if risk.residual_probability:
        placed.append((_("then"), *then))
    return matrix_rows(matrix_of(placed), set(), "")


def _history(request: ProjectRequest, project: Project, risk: Risk) -> dict[str, Any]:
    if not request.access.can("trail.view"):
        return {"may_see_history": False}
    events = list(history_of(project.uuid, "risk", [risk.ref])[: LATEST + 1])
    return {
        "may_see_history": True,
        "changes": [sentence(event) for event in events[:LATEST]],
        "more_changes": len(events) > LATEST,
    }
