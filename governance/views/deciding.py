"""What members say to a decision, and what the chair records."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from common.exceptions import RuleBroken, StaleWrite
from common.query import read_query, single_values
from governance.choices import DecisionKind, DecisionState, Manner, Outcome, Setting
from governance.exceptions import AlreadyDecided
from governance.forms.decisions import RecordForm
from governance.models import Decision
from governance.selectors.decisions import asked_decision, attachments_of
from governance.selectors.gates import gate_standing
from governance.services.recording import record_decision
from governance.services.voting import cast_vote
from governance.views.asking import meetings_of
from governance.views.decisions import Typed, decision_or_404, decision_page, decision_url
from projects.access import ProjectRequest, project_view
from projects.models import Party, Project
from projects.services.guards import parse_version


@project_view(post="governance.vote")
def vote(request: ProjectRequest, project: Project, ref: str) -> HttpResponse:
    """Say for, against or abstain. From the steering page it leads back there."""
    decision = decision_or_404(project, ref)
    data = single_values(request.POST)
    typed = Typed(choice=data.get("choice", ""), words=data.get("words", ""))
    try:
        cast_vote(
            acting_user=request.user,
            decision=decision,
            version=parse_version(data.get("version")),
            choice=typed.choice,
            words=typed.words,
        )
    except (AlreadyDecided, StaleWrite) as error:
        fresh = decision_or_404(project, ref)
        return decision_page(request, fresh, typed=typed, problem=str(error), status=409)
    except RuleBroken as error:
        return decision_page(request, decision, typed=typed, problem=str(error), status=422)
    messages.success(
        request, _("Your answer to %(ref)s is kept. You can change it until the decision is recorded.") % {"ref": ref}
    )
    if data.get("from") == "steering":
        return redirect(reverse("steering", args=[project.slug]))
    return redirect(decision_url(decision))


@project_view("governance.decide", post="governance.decide")
def record(request: ProjectRequest, project: Project, ref: str) -> HttpResponse:
    """Record what the committee decided."""
    decision = decision_or_404(project, ref)
    if decision.state != DecisionState.ASKED and request.method != "POST":
        messages.info(request, _("%(ref)s is not asked for any more.") % {"ref": ref})
        return redirect(decision_url(decision))
    if request.method != "POST":
        read_query(request.GET)
        return _page(request, decision, _form(decision))
    data = single_values(request.POST)
    form = _form(decision, data)
    if form.is_valid():
        try:
            made = record_decision(
                acting_user=request.user,
                decision=decision,
                version=parse_version(data.get("version")),
                verdict=form.verdict(),
            )
        except (AlreadyDecided, StaleWrite) as error:
            fresh = decision_or_404(project, ref)
            if fresh.state == DecisionState.ASKED:
                form.add_error(None, str(error))
                return _page(request, fresh, form, status=409)
            return decision_page(
                request, fresh, typed=Typed(words=data.get("words", "")), problem=str(error), status=409
            )
        except RuleBroken as error:
            form.add_error(form.field_of(error.field), str(error))
        else:
            said = _("%(ref)s is recorded: %(outcome)s. The moment is kept as evidence, with its hash.")
            messages.success(request, said % {"ref": ref, "outcome": str(Outcome(made.outcome).label).lower()})
            return redirect(decision_url(decision))
    return _page(request, decision, form, status=422)


def _form(decision: Decision, data: object = None) -> RecordForm:
    card = asked_decision(decision)
    voted = card.tally.answered > 0
    initial = {
        "version": decision.version,
        "manner": Manner.VOTE if voted and card.tally.votes_against else Manner.CONSENSUS,
        "setting": Setting.CIRCULATION if voted and decision.meeting is None else Setting.MEETING,
        "meeting": str(decision.meeting_id or ""),
    }
    return RecordForm(
        data,
        decision=decision,
        meetings=meetings_of(decision.project, decision),
        owners=list(Party.objects.filter(project=decision.project).order_by("name")),
        initial=initial,
    )


def _page(request: ProjectRequest, decision: Decision, form: RecordForm, status: int = 200) -> HttpResponse:
    project = decision.project
    is_gate = decision.kind == DecisionKind.GATE and decision.gate_number is not None
    standing = gate_standing(project, decision.gate_number or 0) if is_gate else None
    context = {
        "project": project,
        "decision": decision,
        "form": form,
        "card": asked_decision(decision, request.access),
        "attached": attachments_of(decision),
        "standing": standing,
        "url": decision_url(decision),
    }
    return render(request, "governance/decision_record.html", context, status=status)
