"""The register of decisions, and the page of one."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse

from audittrail.selectors import history_of
from audittrail.sentences import sentence
from common.query import choice, form_nonce, read_query, single_values
from common.workbook_out import FORMATS, table_response
from evidence.selectors import seen_by
from governance.choices import DecisionKind, DecisionState, Outcome
from governance.exports_decisions import DECISION_COLUMNS, decision_lines
from governance.models import Decision
from governance.paper_jobs import DECISION_PDF
from governance.selectors import oversight_of
from governance.selectors.decisions import (
    CONDITIONS,
    KINDS,
    OUTCOMES,
    STATES,
    RegisterFilter,
    asked_decision,
    asked_decisions,
    attachments_of,
    conditions_of,
    decision_of,
    decisions_register,
    reopened_by,
)
from jobs.services.request import request_job
from projects.access import ProjectRequest, project_view
from projects.models import Project

LATEST = 12


@dataclass(frozen=True, slots=True)
class Typed:
    """What somebody sent that was refused, so that it stays on the page."""

    choice: str = ""
    words: str = ""
    why: str = ""
    key: str = ""


def read_register(query: QueryDict) -> tuple[RegisterFilter, str]:
    """What the address asks for, and the format of a file. Raises BadRequest."""
    values, _lists = read_query(query, single=("state", "kind", "outcome", "conditions", "format"))
    wanted = RegisterFilter(
        state=choice("state", values["state"], STATES),
        kind=choice("kind", values["kind"], KINDS),
        outcome=choice("outcome", values["outcome"], OUTCOMES),
        conditions=choice("conditions", values["conditions"], CONDITIONS),
    )
    return wanted, choice("format", values["format"], FORMATS)


@project_view("governance.view")
def register(request: ProjectRequest, project: Project) -> HttpResponse:
    """All decisions, newest first; what is asked for stands above as cards."""
    wanted, _form = read_register(request.GET)
    rows = list(decisions_register(project, wanted))
    context: dict[str, Any] = {
        "project": project,
        "wanted": wanted,
        "rows": rows,
        "asked": asked_decisions(project, request.access) if not wanted.is_set else [],
        "states": DecisionState.choices,
        "kinds": DecisionKind.choices,
        "outcomes": Outcome.choices,
        "may_prepare": bool(request.access.can("governance.prepare")),
        "has_committee": oversight_of(project) is not None,
    }
    return render(request, "governance/decisions.html", context)


@project_view("governance.view")
def export(request: ProjectRequest, project: Project) -> HttpResponse:
    """The register as seen, as a file."""
    wanted, form = read_register(request.GET)
    rows = decisions_register(project, wanted).order_by("pk")
    return table_response(form or FORMATS[0], f"{project.slug}-decisions", DECISION_COLUMNS, decision_lines(rows))


@project_view("governance.view")
def page(request: ProjectRequest, project: Project, ref: str) -> HttpResponse:
    """One decision: what is asked and who said what, or what was decided and what became of its conditions."""
    read_query(request.GET)
    return decision_page(request, decision_or_404(project, ref))


@project_view(post="governance.view")
def paper(request: ProjectRequest, project: Project, ref: str) -> HttpResponse:
    """Ask for the PDF of a decision."""
    decision = decision_or_404(project, ref)
    nonce = form_nonce(single_values(request.POST).get("nonce", ""))
    job = request_job(
        acting_user=request.user,
        project=project,
        kind=DECISION_PDF,
        parameters={"ref": decision.ref},
        idempotency_key=f"{DECISION_PDF} {nonce}",
    )
    return redirect("job", job.pk)


def decision_or_404(project: Project, ref: str) -> Decision:
    """The decision that `ref` names."""
    decision = decision_of(project, ref) if len(ref) <= 12 else None
    if decision is None:
        raise Http404
    return decision


def decision_url(decision: Decision, page: str = "decision", *more: object) -> str:
    """The address of a page of `decision`."""
    return reverse(page, args=[decision.project.slug, decision.ref, *more])


def decision_page(
    request: ProjectRequest, decision: Decision, *, typed: Typed | None = None, problem: str = "", status: int = 200
) -> HttpResponse:
    """The page, with `problem` on top where something was refused."""
    project = decision.project
    card = asked_decision(decision, request.access)
    waits = decision.state == DecisionState.ASKED
    attached = attachments_of(decision) if waits or not decision.frozen else []
    there = decision.state in (DecisionState.DECIDED, DecisionState.REOPENED)
    may_see_history = bool(request.access.can("trail.view"))
    followed = reopened_by(decision) if there else None
    kept = [each for each in (decision.record, decision.paper) if each is not None]
    context = {
        "project": project,
        "decision": decision,
        "card": card,
        "waits": waits,
        "is_decided": there,
        "conditions": conditions_of(decision) if there else [],
        "attached": attached,
        "seen_items": set(
            seen_by(project, request.access)
            .filter(pk__in=[each.item_id for each in attached if each.item_id] + [each.pk for each in kept])
            .values_list("pk", flat=True)
        )
        if attached or kept
        else set(),
        "moment": decision.frozen or {},
        "reopened_by": followed,
        "may_reopen": decision.state == DecisionState.DECIDED
        and followed is None
        and bool(request.access.can("governance.prepare")),
        "may_change": card.may_prepare and not card.tally.answered,
        "may_call": card.may_prepare and not card.is_called,
        "changes": [sentence(event) for event in history_of(project.uuid, "decision", [decision.ref])[:LATEST]]
        if may_see_history
        else [],
        "typed": typed or Typed(),
        "problem": problem,
        "url": decision_url(decision),
    }
    return render(request, "governance/decision.html", context, status=status)
