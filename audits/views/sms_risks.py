"""The register of risks to the SMS and its services: matrix and list, a new one, one, and what is done with it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from audits.choices import SmsRiskState
from audits.exports_review import SMS_RISK_COLUMNS, sms_risk_lines
from audits.forms.sms_risks import (
    LookForm,
    SettleRiskForm,
    SmsRiskForm,
    initial_sms_risk,
    parse_sms_risk_query,
    sms_risk_query_string,
)
from audits.models import SmsRisk
from audits.review_permissions import may_keep_sms_risk
from audits.selectors.sms_risks import ALL, OPEN, OPPORTUNITIES, SmsRiskLine, SmsRiskRegister, sms_risk_of, sms_risks_of
from audits.services.sms_risks import (
    accept_sms_risk,
    change_sms_risk,
    facts_from,
    keep_sms_risk,
    left_of,
    look_at_sms_risk,
    open_risks_of_project,
    settle_sms_risk,
)
from audittrail.selectors import history_of
from audittrail.sentences import sentence
from businesscase.choices import Impact
from businesscase.domain.risks import Cell, Level, level_of
from businesscase.models import Risk
from businesscase.panels_risks import matrix_rows
from common.exceptions import RuleBroken, StaleWrite
from common.query import choice, read_query, single_values
from common.workbook_out import FORMATS, table_response
from governance.views.lessons import parties_for
from governance.views.refused import refuse
from phases.selectors.clauses import clause_titles
from projects.access import ProjectRequest, project_view
from projects.answers import conflict
from projects.models import Project
from projects.services.guards import parse_version

LATEST = 12
VIEW_WORDS = (
    (OPEN, gettext_lazy("Risks")),
    (OPPORTUNITIES, gettext_lazy("Opportunities")),
    ("happened", gettext_lazy("Happened")),
    ("closed", gettext_lazy("Closed")),
    (ALL, gettext_lazy("All")),
)
NEED_WORDS = {
    "treatment": gettext_lazy("Not treated yet"),
    "acceptance": gettext_lazy("Waits for acceptance"),
    "owner": gettext_lazy("No owner"),
    "look": gettext_lazy("Overdue for a look"),
}


@project_view("review.view")
def listing(request: ProjectRequest, project: Project) -> HttpResponse:
    """The register: the matrix, what waits, the list."""
    query = parse_sms_risk_query(request.GET)
    register = sms_risks_of(project, query)
    here = reverse("sms_risks", args=[project.slug])
    named = {line.row.ref for line in register.risks[:3]}
    context = {
        "project": project,
        "query": query,
        "register": register,
        "matrix": matrix_rows(register.matrix(), named, here, chosen=(query.probability, query.impact)),
        "matrix_impacts": [str(label) for label in Impact.labels],
        "standing": _standing(register, here),
        "levels": [(level, register.of_level(level)) for level in reversed(list(Level))],
        "may_keep": bool(request.access.can("smsrisks.manage")),
        "needs": list(NEED_WORDS.items()),
        "export_url": reverse("sms_risks_export", args=[project.slug]) + sms_risk_query_string(query, view=query.view),
        "tabs": [
            {
                "label": label,
                "url": here + sms_risk_query_string(query, view="" if view == OPEN else view),
                "count": register.counts[view],
                "current": view == query.view,
            }
            for view, label in VIEW_WORDS
        ],
    }
    return render(request, "audits/sms_risks.html", context)


@project_view("review.view")
def export(request: ProjectRequest, project: Project) -> HttpResponse:
    """The register as a file: what the page shows for the same question."""
    query = parse_sms_risk_query(request.GET, ("format",))
    form = choice("format", request.GET.get("format", ""), FORMATS) or FORMATS[0]
    lines = sms_risk_lines(sms_risks_of(project, query).found)
    return table_response(form, f"{project.slug}-sms-risks", SMS_RISK_COLUMNS, lines)


@project_view("smsrisks.manage", post="smsrisks.manage")
def new(request: ProjectRequest, project: Project) -> HttpResponse:
    """Put a risk on the register; `from` names the risk of the project that it goes on from."""
    if request.method != "POST":
        values, _lists = read_query(request.GET, single=("from",))
        taken = _taken(project, values["from"])
        usual = {"kind": "risk"} if taken is None else initial_sms_risk(facts_from(taken))
        return _new_page(request, project, _form(project, initial=usual), taken)
    data = single_values(request.POST)
    taken = _taken(project, data.get("from", ""))
    form = _form(project, data)
    if form.is_valid():
        try:
            made = keep_sms_risk(acting_user=request.user, project=project, facts=form.facts(), taken_from=taken)
        except RuleBroken as error:
            refuse(form, error)
        else:
            messages.success(request, _("%(ref)s is on the register.") % {"ref": made.ref})
            return redirect("sms_risk", project.slug, made.ref)
    return _new_page(request, project, form, taken, status=422)


@project_view("review.view", post="improvements.propose")
def page(request: ProjectRequest, project: Project, ref: str) -> HttpResponse:
    """One risk; a POST changes it."""
    line = _found(project, ref)
    if request.method != "POST":
        values, _lists = read_query(request.GET, single=("edit",))
        return _page(request, line, editing=bool(values["edit"]))
    data = single_values(request.POST)
    version = parse_version(data.get("version"))
    form = _form(project, data, line.row)
    if form.is_valid():
        try:
            change_sms_risk(acting_user=request.user, project=project, ref=ref, version=version, facts=form.facts())
        except RuleBroken as error:
            refuse(form, error)
        except StaleWrite as error:
            sent = [(name, data.get(name, "")) for name in form.fields if name in data]
            here = reverse("sms_risk", args=[project.slug, ref])
            now = _found(project, ref).row.version
            return conflict(request, error, action=here, hidden=[*sent, ("version", now)], back=here)
        else:
            messages.success(request, _("Saved."))
            return redirect("sms_risk", project.slug, ref)
    return _page(request, line, editing=True, form=form, version=version, status=422)


@project_view(post="smsrisks.accept")
def accept(request: ProjectRequest, project: Project, ref: str) -> HttpResponse:
    """Accept what is left of it."""
    data = single_values(request.POST)

    def act(version: int) -> None:
        accept_sms_risk(
            acting_user=request.user, project=project, ref=ref, version=version, words=data.get("words", "")
        )

    return _done(request, project, ref, act, _("What is left of %(ref)s is accepted."), words=data.get("words", ""))


@project_view(post="improvements.propose")
def look(request: ProjectRequest, project: Project, ref: str) -> HttpResponse:
    """Say that it stands as it is, and when somebody looks again."""
    form = LookForm(single_values(request.POST))
    if not form.is_valid():
        return _page(request, _found(project, ref), look_form=form, status=422)

    def act(version: int) -> None:
        look_at_sms_risk(
            acting_user=request.user,
            project=project,
            ref=ref,
            version=version,
            review_on=form.cleaned_data["review_on"],
        )

    return _done(request, project, ref, act, _("%(ref)s stands as it is."), look_form=form)


@project_view(post="improvements.propose")
def settle(request: ProjectRequest, project: Project, ref: str) -> HttpResponse:
    """Say that it happened, is closed, or is open again."""
    form = SettleRiskForm(single_values(request.POST))
    if not form.is_valid():
        return _page(request, _found(project, ref), settle_form=form, status=422)

    def act(version: int) -> None:
        settle_sms_risk(acting_user=request.user, project=project, ref=ref, version=version, **form.cleaned_data)

    return _done(request, project, ref, act, _("Saved."), settle_form=form)


def _done(
    request: ProjectRequest, project: Project, ref: str, act: Callable[[int], None], said: str, **typed: Any
) -> HttpResponse:
    """Do it and lead back, or show the page with the refusal and what was typed."""
    line = _found(project, ref)
    try:
        act(parse_version(request.POST.get("version")))
    except StaleWrite:
        problem = _("Somebody changed this risk meanwhile. Read it again; nothing was saved.")
        return _page(request, _found(project, ref), problem=problem, status=409, **typed)
    except RuleBroken as error:
        return _page(request, line, problem=str(error), status=422, **typed)
    messages.success(request, said % {"ref": ref})
    return redirect("sms_risk", project.slug, ref)


def _standing(register: SmsRiskRegister, here: str) -> list[tuple[str, str, str]]:
    """What the register waits for, each with its tone and where to see it."""
    said = [
        ("treatment", "bad", lambda n: ngettext("%(n)d is not treated", "%(n)d are not treated", n)),
        (
            "acceptance",
            "warn",
            lambda n: ngettext("%(n)d waits for top management", "%(n)d wait for top management", n),
        ),
        ("owner", "warn", lambda n: ngettext("%(n)d has no owner", "%(n)d have no owner", n)),
        ("look", "bad", lambda n: ngettext("%(n)d is overdue for a look", "%(n)d are overdue for a look", n)),
    ]
    found = [(need, tone, words, register.needing(need)) for need, tone, words in said]
    return [(words(n) % {"n": n}, tone, f"{here}?view=all&need={need}#register") for need, tone, words, n in found if n]


def _found(project: Project, ref: str) -> SmsRiskLine:
    line = sms_risk_of(project, ref) if len(ref) <= 12 else None
    if line is None:
        raise Http404
    return line


def _taken(project: Project, ref: str) -> Risk | None:
    if not ref:
        return None
    risk = Risk.objects.filter(project=project, ref=ref[:12]).select_related("owner").first()
    if risk is None:
        raise Http404
    return risk


def _form(project: Project, data: Any = None, row: SmsRisk | None = None, **more: Any) -> SmsRiskForm:
    return SmsRiskForm(
        data,
        parties=parties_for(project, row.owner_id if row is not None else None),
        clauses=list(clause_titles()[project.edition].items()),
        **more,
    )


def _places(row: SmsRisk) -> list[tuple[str, list[Any]]]:
    """Where it stands in the matrix, now and once it is treated."""
    now, then = (row.probability, row.impact), left_of(row)
    words = {now: (_("now"),)}
    if row.residual_probability and then != now:
        words[then] = (_("then"),)
    cells = [
        [Cell(probability, impact, words.get((probability, impact), ())) for impact in range(1, 5)]
        for probability in range(4, 0, -1)
    ]
    return matrix_rows(cells, set(), "")


def _page(
    request: ProjectRequest, line: SmsRiskLine, *, status: int = 200, editing: bool = False, **typed: Any
) -> HttpResponse:
    row, project = line.row, line.row.project
    may_keep = bool(may_keep_sms_risk(row, request.access))
    context: dict[str, Any] = {
        "project": project,
        "line": line,
        "row": row,
        "clause_title": clause_titles()[project.edition].get(row.clause, ""),
        "places": _places(row),
        "left_level": level_of(*left_of(row)),
        "may_keep": may_keep,
        "editing": editing and may_keep and row.state != SmsRiskState.CLOSED,
        "may_accept": line.is_open and bool(request.access.can("smsrisks.accept")) and "acceptance" in line.needs,
        "version": row.version,
        "form": None,
        "look_form": LookForm(),
        "settle_form": SettleRiskForm(
            initial={"state": SmsRiskState.CLOSED if line.is_open else SmsRiskState.OPEN, "outcome": row.outcome}
        ),
        "changes": [sentence(event) for event in history_of(project.uuid, "sms risk", [row.ref])[:LATEST]]
        if request.access.can("trail.view")
        else [],
        **typed,
    }
    if context["editing"] and context["form"] is None:
        context["form"] = _form(project, row=row, initial=initial_sms_risk(row))
    return render(request, "audits/sms_risk.html", context, status=status)


def _new_page(
    request: ProjectRequest, project: Project, form: SmsRiskForm, taken: Risk | None, *, status: int = 200
) -> HttpResponse:
    context = {
        "project": project,
        "form": form,
        "taken": taken,
        "offered": open_risks_of_project(project) if taken is None and status == 200 else [],
    }
    return render(request, "audits/sms_risk_new.html", context, status=status)
