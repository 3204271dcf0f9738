"""One criterion of a gate: what it asks, what was said of it; attesting, waiving, asking for it otherwise."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from common.exceptions import RuleBroken
from common.query import read_query, single_values
from governance.choices import PASSING
from governance.criteria.entry import guidance_of
from governance.forms.gates import AttestForm, RuleForm, WaiveForm, rule_initial
from governance.models import CriterionRule
from governance.registries import GateCriterion
from governance.selectors.gate_page import gate_history, title_of
from governance.selectors.gates import criteria_of, gate_standing
from governance.services.gates import attest, end_waiver, set_rule, waive
from governance.views.gates import gate_or_404
from governance.views.refused import refuse
from projects.access import ProjectRequest, project_view
from projects.models import Project
from projects.services.guards import parse_version


def _criterion_or_404(project: Project, number: int, key: str) -> tuple[GateCriterion, str]:
    found = {name: (each, title) for name, each, title in criteria_of(project, gate_or_404(number))}
    if key not in found:
        raise Http404
    return found[key]


def _page(
    request: ProjectRequest, project: Project, number: int, key: str, status: int = 200, **typed: Any
) -> HttpResponse:
    """The whole page; `typed` holds a form that was refused."""
    criterion, title = _criterion_or_404(project, number, key)
    standing = gate_standing(project, number)
    line = next((each for each in standing.criteria if each.key == key), None)
    rule = CriterionRule.objects.filter(project=project, gate__number=number, key=key).first()
    passed = standing.decision is not None and standing.decision.outcome in PASSING
    can = request.access.can
    decides = bool(can("governance.decide")) and not passed
    may_attest = bool(can("governance.attest")) and not passed and line is not None and not line.is_computed
    may_waive = decides and line is not None and criterion.may_be_waived and line.state not in ("met", "waived")
    may_end = decides and line is not None and line.waiver is not None
    may_rule = decides and (criterion.takes_threshold or criterion.may_be_waived)
    # A form that was refused because the criterion stands otherwise by now is not on the page any more: what was
    # refused, and what was typed, are then said above.
    places = {"attest_form": may_attest, "waive_form": may_waive, "end_form": may_end, "rule_form": may_rule}
    lost = next((form for name, form in typed.items() if not places[name]), None)
    guidance, evidence = guidance_of(project, key)
    context = {
        "project": project,
        "number": number,
        "key": key,
        "criterion": criterion,
        "title": title,
        "gate_title": title_of(number),
        "line": line,
        "rule": rule,
        "passed": standing.decision if passed else None,
        "guidance": guidance or criterion.help,
        "shown_by": evidence,
        "history": gate_history(project, number, key),
        "lost": lost,
        "lost_words": lost.data.get(lost.add_prefix("note" if "note" in lost.fields else "why"), "") if lost else "",
        "may_attest": may_attest,
        "may_waive": may_waive,
        "may_end": may_end,
        "may_rule": may_rule,
        "attest_form": AttestForm(),
        "waive_form": WaiveForm(),
        "end_form": WaiveForm(prefix="end"),
        "rule_form": RuleForm(criterion=criterion, initial=rule_initial(rule), prefix="rule"),
        "rule_version": rule.version if rule is not None else 0,
        **typed,
    }
    return render(request, "governance/gate_criterion.html", context, status=status)


def _save(
    request: ProjectRequest,
    project: Project,
    number: int,
    key: str,
    name: str,
    form: forms.Form,
    save: Callable[[dict[str, Any]], object],
    said: str,
) -> HttpResponse:
    """Save what a form says, and go on to the gate; what was refused stays on the page."""
    _criterion_or_404(project, number, key)
    if form.is_valid():
        try:
            save(form.cleaned_data)
        except RuleBroken as error:
            refuse(form, error)
        else:
            messages.success(request, said)
            return redirect("gate", project.slug, number)
    return _page(request, project, number, key, status=422, **{name: form})


@project_view("governance.view")
def criterion(request: ProjectRequest, project: Project, number: int, key: str) -> HttpResponse:
    """One criterion."""
    read_query(request.GET)
    return _page(request, project, number, key)


@project_view(post="governance.attest")
def attest_criterion(request: ProjectRequest, project: Project, number: int, key: str) -> HttpResponse:
    """Say whether it holds."""
    form = AttestForm(single_values(request.POST))

    def save(values: dict[str, Any]) -> None:
        attest(
            acting_user=request.user,
            project=project,
            number=number,
            key=key,
            holds=values["holds"] == "yes",
            note=values["note"],
        )

    return _save(request, project, number, key, "attest_form", form, save, _("Noted, with your name and today's day."))


@project_view(post="governance.decide")
def waive_criterion(request: ProjectRequest, project: Project, number: int, key: str) -> HttpResponse:
    """Let the gate pass without it."""
    form = WaiveForm(single_values(request.POST))

    def save(values: dict[str, Any]) -> None:
        waive(acting_user=request.user, project=project, number=number, key=key, why=values["why"])

    return _save(request, project, number, key, "waive_form", form, save, _("Waived for this gate."))


@project_view(post="governance.decide")
def ask_again(request: ProjectRequest, project: Project, number: int, key: str) -> HttpResponse:
    """Ask for a waived criterion again."""
    form = WaiveForm(single_values(request.POST), prefix="end")
    version = parse_version(request.POST.get("version", ""))

    def save(values: dict[str, Any]) -> None:
        end_waiver(
            acting_user=request.user, project=project, number=number, key=key, version=version, why=values["why"]
        )

    return _save(request, project, number, key, "end_form", form, save, _("It is asked for again."))


@project_view(post="governance.decide")
def rule_criterion(request: ProjectRequest, project: Project, number: int, key: str) -> HttpResponse:
    """Ask for it otherwise, or not at all."""
    found, _title = _criterion_or_404(project, number, key)
    form = RuleForm(single_values(request.POST), criterion=found, prefix="rule")
    version = parse_version(request.POST.get("version", ""))

    def save(values: dict[str, Any]) -> None:
        set_rule(
            acting_user=request.user,
            project=project,
            number=number,
            key=key,
            version=version,
            is_used=values.get("is_used", "yes") == "yes",
            threshold=values.get("threshold"),
            why=values["why"],
        )

    return _save(request, project, number, key, "rule_form", form, save, _("Saved. It counts from now on."))
