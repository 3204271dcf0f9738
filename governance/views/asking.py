"""Asking for a decision, changing what is asked, attaching, calling the members, taking it back, reopening."""

from datetime import timedelta

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common import clock
from common.exceptions import RuleBroken, StaleWrite
from common.query import choice, read_query, single_values
from governance.choices import GATES, DecisionKind, DecisionState, MeetingState, Outcome
from governance.exceptions import AlreadyDecided
from governance.forms.decisions import AskForm, asked_values
from governance.models import Attachment, Decision, Meeting
from governance.selectors import gate_decisions
from governance.services.decisions import ask_decision, attach, change_decision, detach, withdraw_decision
from governance.services.voting import call_members
from governance.views.decisions import Typed, decision_or_404, decision_page, decision_url
from projects.access import ProjectRequest, project_view
from projects.models import Project
from projects.services.guards import parse_version

USUAL_DAYS = 14


@project_view("governance.prepare", post="governance.prepare")
def new(request: ProjectRequest, project: Project) -> HttpResponse:
    """Ask for a decision; `?gate=2` begins with a gate."""
    gates = open_gates(project)
    if request.method != "POST":
        values, _lists = read_query(request.GET, single=("gate",))
        wanted = choice("gate", values["gate"], [str(each) for each in GATES])
        initial: dict[str, object] = {"decide_by": clock.today(project.time_zone) + timedelta(days=USUAL_DAYS)}
        if wanted in dict(gates):
            initial |= {"about": wanted, "title": gate_title(int(wanted))}
        return _form_page(request, project, AskForm(meetings=meetings_of(project), gates=gates, initial=initial))
    form = AskForm(single_values(request.POST), meetings=meetings_of(project), gates=gates)
    if form.is_valid():
        try:
            made = ask_decision(acting_user=request.user, project=project, wish=form.wish())
        except RuleBroken as error:
            _add(form, error)
        else:
            messages.success(
                request,
                _("%(ref)s is asked for. Attach what it is decided on, then call the members.") % {"ref": made.ref},
            )
            return redirect(decision_url(made))
    return _form_page(request, project, form, status=422)


@project_view("governance.prepare", post="governance.prepare")
def change(request: ProjectRequest, project: Project, ref: str) -> HttpResponse:
    """Change what is asked, while nobody has answered."""
    decision = decision_or_404(project, ref)
    if request.method != "POST":
        read_query(request.GET)
        if decision.state != DecisionState.ASKED:
            messages.info(request, _("%(ref)s is not asked for any more.") % {"ref": ref})
            return redirect(decision_url(decision))
        form = AskForm(meetings=meetings_of(project, decision), initial=asked_values(decision))
        return _form_page(request, project, form, decision=decision)
    data = single_values(request.POST)
    form = AskForm(data, meetings=meetings_of(project, decision))
    if form.is_valid():
        try:
            change_decision(
                acting_user=request.user,
                decision=decision,
                version=parse_version(data.get("version")),
                wish=form.wish(),
            )
        except (AlreadyDecided, StaleWrite) as error:
            form.add_error(None, str(error))
            return _form_page(request, project, form, decision=decision, status=409)
        except RuleBroken as error:
            _add(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect(decision_url(decision))
    return _form_page(request, project, form, decision=decision, status=422)


@project_view("governance.prepare", post="governance.prepare")
def reopen(request: ProjectRequest, project: Project, ref: str) -> HttpResponse:
    """Ask for another decision that takes the place of this one."""
    old = decision_or_404(project, ref)
    if request.method != "POST":
        read_query(request.GET)
        if old.state != DecisionState.DECIDED:
            messages.info(request, _("Only what is decided can be reopened."))
            return redirect(decision_url(old))
        initial = {**asked_values(old), "background": "", "meeting": "", "advice": ""}
        initial["decide_by"] = clock.today(project.time_zone) + timedelta(days=USUAL_DAYS)
        form = AskForm(meetings=meetings_of(project), initial=initial)
        return _form_page(request, project, form, reopens=old)
    form = AskForm(single_values(request.POST), meetings=meetings_of(project))
    if form.is_valid():
        try:
            made = ask_decision(acting_user=request.user, project=project, wish=form.wish(reopens=old))
        except RuleBroken as error:
            _add(form, error)
        else:
            said = _("%(ref)s asks to reopen %(old)s, which holds until it is decided.")
            messages.success(request, said % {"ref": made.ref, "old": old.ref})
            return redirect(decision_url(made))
    return _form_page(request, project, form, reopens=old, status=422)


@project_view(post="governance.prepare")
def withdraw(request: ProjectRequest, project: Project, ref: str) -> HttpResponse:
    """Take back what is asked for."""
    decision = decision_or_404(project, ref)
    data = single_values(request.POST)
    why = data.get("why", "")
    try:
        withdraw_decision(
            acting_user=request.user, decision=decision, version=parse_version(data.get("version")), why=why
        )
    except (AlreadyDecided, StaleWrite) as error:
        return _refused(request, decision, error, Typed(why=why), 409)
    except RuleBroken as error:
        return _refused(request, decision, error, Typed(why=why), 422)
    messages.success(request, _("%(ref)s is withdrawn. It stays in the register.") % {"ref": decision.ref})
    return redirect(decision_url(decision))


@project_view(post="governance.prepare")
def call(request: ProjectRequest, project: Project, ref: str) -> HttpResponse:
    """Call the members of the committee."""
    decision = decision_or_404(project, ref)
    data = single_values(request.POST)
    try:
        called = call_members(acting_user=request.user, decision=decision, version=parse_version(data.get("version")))
    except (AlreadyDecided, StaleWrite) as error:
        return _refused(request, decision, error, Typed(), 409)
    except RuleBroken as error:
        return _refused(request, decision, error, Typed(), 422)
    count = called.seats.count()
    messages.success(
        request,
        ngettext("%(n)d member is called and gets a mail.", "%(n)d members are called and get a mail.", count)
        % {"n": count},
    )
    return redirect(decision_url(decision))


@project_view(post="governance.prepare")
def attach_to(request: ProjectRequest, project: Project, ref: str) -> HttpResponse:
    """Attach an item of evidence or a document."""
    decision = decision_or_404(project, ref)
    key = single_values(request.POST).get("key", "")
    try:
        attach(acting_user=request.user, decision=decision, key=key)
    except AlreadyDecided as error:
        return _refused(request, decision, error, Typed(key=key), 409)
    except RuleBroken as error:
        return _refused(request, decision, error, Typed(key=key), 422)
    messages.success(request, _("Attached. Its hash is kept with the decision."))
    return redirect(decision_url(decision))


@project_view(post="governance.prepare")
def detach_from(request: ProjectRequest, project: Project, ref: str, pk: int) -> HttpResponse:
    """Take an attachment off."""
    decision = decision_or_404(project, ref)
    single_values(request.POST)
    try:
        detach(acting_user=request.user, decision=decision, pk=pk)
    except Attachment.DoesNotExist as error:
        raise Http404 from error
    except AlreadyDecided as error:
        return _refused(request, decision, error, Typed(), 409)
    except RuleBroken as error:
        return _refused(request, decision, error, Typed(), 422)
    messages.success(request, _("Taken off."))
    return redirect(decision_url(decision))


def meetings_of(project: Project, decision: Decision | None = None) -> list[Meeting]:
    """The meetings at which something can still be decided, the newest first, and the one of `decision`."""
    rows = Meeting.objects.filter(project=project).exclude(state=MeetingState.CANCELLED)
    found = list(rows.filter(minutes_approved_at__isnull=True).order_by("-starts_at")[:20])
    own = decision.meeting if decision is not None else None
    return found if own is None or own in found else [*found, own]


def open_gates(project: Project) -> list[tuple[str, str]]:
    """The gates that can be asked for, as the form offers them. Two queries."""
    asked = set(
        Decision.objects.filter(project=project, kind=DecisionKind.GATE, state=DecisionState.ASKED).values_list(
            "gate_number", flat=True
        )
    )
    holding = gate_decisions(project)
    decided = {number for number, each in holding.items() if each.outcome != Outcome.HOLD}
    return [(str(each), f"G{each}: {gate_title(each)}") for each in GATES if each not in asked | decided]


def gate_title(number: int) -> str:
    """What is asked at a gate, in one line."""
    if number == GATES[-1]:
        return _("Book the stage 1 audit")
    return _("Close phase %(number)d and go on") % {"number": number}


def _refused(request: ProjectRequest, decision: Decision, error: Exception, typed: Typed, status: int) -> HttpResponse:
    """The page as it stands now, with the refusal and what was sent."""
    fresh = decision_or_404(decision.project, decision.ref)
    return decision_page(request, fresh, typed=typed, problem=str(error), status=status)


def _add(form: AskForm, error: RuleBroken) -> None:
    name = "about" if error.field == "gate" else error.field
    form.add_error(name if name in form.fields else None, str(error))


def _form_page(
    request: ProjectRequest,
    project: Project,
    form: AskForm,
    *,
    decision: Decision | None = None,
    reopens: Decision | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {"project": project, "form": form, "decision": decision, "reopens": reopens}
    return render(request, "governance/decision_form.html", context, status=status)
