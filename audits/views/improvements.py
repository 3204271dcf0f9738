"""The register of improvements: the list, a new one, one, and how it goes on."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audits.choices import ImprovementSource, ImprovementState, Priority
from audits.domain.improving import DECIDED, MOVES, WORDED
from audits.effect_chart import effect_picture, effect_words
from audits.exports_review import IMPROVEMENT_COLUMNS, improvement_lines
from audits.forms.improvements import (
    ImprovementForm,
    MeasureForm,
    improvement_query_string,
    initial_improvement,
    parse_improvement_query,
)
from audits.models import AuditFinding, Improvement
from audits.review_permissions import may_change_improvement, may_work_on_improvement
from audits.selectors.improvements import (
    ALL,
    OPEN,
    ImprovementQuery,
    ImprovementRegister,
    improvement_of,
    improvements_of,
    line_of,
)
from audits.services.improvements import (
    change_improvement,
    measure_improvement,
    move_improvement,
    propose_improvement,
)
from audittrail.selectors import history_of
from audittrail.sentences import sentence
from common import clock
from common.charts.trend import trend_chart
from common.exceptions import RuleBroken, StaleWrite
from common.query import choice, read_query, single_values
from common.workbook_out import FORMATS, table_response
from documents.choices import ObjectiveState
from documents.models import Objective
from documents.selectors.objectives import objective_row
from governance.models import Lesson
from governance.selectors.lessons import component_choices, component_title, title_of
from governance.views.lessons import parties_for
from governance.views.refused import refuse
from phases.selectors.catalogue import texts_for
from projects.access import ProjectRequest, project_view
from projects.answers import conflict
from projects.models import Project
from projects.services.guards import parse_version

LATEST = 12
MOVE_WORDS = {
    ImprovementState.APPROVED: gettext_lazy("Approve it"),
    ImprovementState.UNDERWAY: gettext_lazy("Begin"),
    ImprovementState.DONE: gettext_lazy("It is done"),
    ImprovementState.REJECTED: gettext_lazy("Do not pursue it"),
    ImprovementState.PROPOSED: gettext_lazy("Propose it again"),
}


@project_view("review.view")
def listing(request: ProjectRequest, project: Project) -> HttpResponse:
    """The register: what waits for somebody first."""
    query, found = _asked(request, project)
    here = reverse("improvements", args=[project.slug])
    context = {
        "project": project,
        "query": query,
        "register": found,
        "may_propose": bool(request.access.can("improvements.propose")),
        "export_url": reverse("improvements_export", args=[project.slug])
        + improvement_query_string(query, view=query.view),
        "tabs": [
            {
                "label": label,
                "url": here + improvement_query_string(query, view="" if view == OPEN else view),
                "count": found.counts[view],
                "current": view == query.view,
            }
            for view, label in ((OPEN, _("To be done")), *ImprovementState.choices, (ALL, _("All")))
        ],
        "filters": _filters(query, found),
    }
    return render(request, "audits/improvements.html", context)


@project_view("review.view")
def export(request: ProjectRequest, project: Project) -> HttpResponse:
    """The register as a file: what the page shows for the same question."""
    _query, found = _asked(request, project, ("format",))
    form = choice("format", request.GET.get("format", ""), FORMATS) or FORMATS[0]
    return table_response(form, f"{project.slug}-improvements", IMPROVEMENT_COLUMNS, improvement_lines(found.found))


@project_view("improvements.propose", post="improvements.propose")
def new(request: ProjectRequest, project: Project) -> HttpResponse:
    """Propose an improvement; `lesson` or `finding` name what it comes from."""
    if request.method != "POST":
        values, _lists = read_query(request.GET, single=("lesson", "finding"))
        lesson, finding = _origin(project, values["lesson"], values["finding"])
        form = _form(project, initial=_suggested(lesson, finding))
        return _new_page(request, project, form, lesson, finding)
    data = single_values(request.POST)
    lesson, finding = _origin(project, data.get("lesson", ""), data.get("finding", ""))
    form = _form(project, data)
    if form.is_valid():
        try:
            made = propose_improvement(
                acting_user=request.user, project=project, facts=form.facts(), lesson=lesson, finding=finding
            )
        except RuleBroken as error:
            refuse(form, error)
        else:
            messages.success(request, _("%(ref)s is on the register.") % {"ref": made.ref})
            return redirect("improvement", project.slug, made.ref)
    return _new_page(request, project, form, lesson, finding, status=422)


@project_view("review.view", post="improvements.propose")
def page(request: ProjectRequest, project: Project, ref: str) -> HttpResponse:
    """One improvement; a POST puts it right."""
    row = _found(project, ref)
    if request.method != "POST":
        values, _lists = read_query(request.GET, single=("edit",))
        return _page(request, row, editing=bool(values["edit"]))
    data = single_values(request.POST)
    version = parse_version(data.get("version"))
    form = _form(project, data, row)
    if form.is_valid():
        try:
            change_improvement(acting_user=request.user, project=project, ref=ref, version=version, facts=form.facts())
        except RuleBroken as error:
            refuse(form, error)
        except StaleWrite as error:
            sent = [(name, data.get(name, "")) for name in form.fields if name in data]
            here = reverse("improvement", args=[project.slug, ref])
            now = _found(project, ref).version
            return conflict(request, error, action=here, hidden=[*sent, ("version", now)], back=here)
        else:
            messages.success(request, _("Saved."))
            return redirect("improvement", project.slug, ref)
    return _page(request, row, editing=True, form=form, version=version, status=422)


@project_view(post="improvements.propose")
def move(request: ProjectRequest, project: Project, ref: str) -> HttpResponse:
    """Approve it, begin, finish, let it go, take it up again."""
    row = _found(project, ref)
    data = single_values(request.POST)
    state = choice("state", data.get("state", ""), ImprovementState.values)
    try:
        moved = move_improvement(
            acting_user=request.user,
            project=project,
            ref=ref,
            version=parse_version(data.get("version")),
            state=state,
            words=data.get("words", ""),
        )
    except StaleWrite:
        return _stale(request, project, ref)
    except RuleBroken as error:
        return _page(request, row, problem=str(error), words=data.get("words", ""), status=422)
    said = {"ref": ref, "state": str(moved.get_state_display()).lower()}
    messages.success(request, _("%(ref)s: %(state)s.") % said)
    back = data.get("from") == "work"
    return redirect("my_work") if back else redirect("improvement", project.slug, ref)


@project_view(post="improvements.propose")
def measure(request: ProjectRequest, project: Project, ref: str) -> HttpResponse:
    """Say what it brought."""
    row = _found(project, ref)
    data = single_values(request.POST)
    form = MeasureForm(data)
    if form.is_valid():
        try:
            measure_improvement(
                acting_user=request.user,
                project=project,
                ref=ref,
                version=parse_version(data.get("version")),
                **form.cleaned_data,
            )
        except StaleWrite:
            return _stale(request, project, ref)
        except RuleBroken as error:
            refuse(form, error)
        else:
            messages.success(request, _("What %(ref)s brought is on the register.") % {"ref": ref})
            return redirect("improvement", project.slug, ref)
    return _page(request, row, measure_form=form, status=422)


def _stale(request: ProjectRequest, project: Project, ref: str) -> HttpResponse:
    problem = _("Somebody changed this improvement meanwhile. Read it again; nothing was saved.")
    return _page(request, _found(project, ref), problem=problem, status=409)


def _asked(
    request: ProjectRequest, project: Project, more: tuple[str, ...] = ()
) -> tuple[ImprovementQuery, ImprovementRegister]:
    parties = [str(party.pk) for party in parties_for(project)]
    query = parse_improvement_query(request.GET, parties, more)
    return query, improvements_of(project, query)


def _found(project: Project, ref: str) -> Improvement:
    row = improvement_of(project, ref) if len(ref) <= 12 else None
    if row is None:
        raise Http404
    return row


def _origin(project: Project, lesson: str, finding: str) -> tuple[Lesson | None, AuditFinding | None]:
    """The lesson and the finding that are named; 404 for one that is not there."""
    found_lesson = Lesson.objects.filter(project=project, ref=lesson[:12]).first() if lesson else None
    found_finding = AuditFinding.objects.filter(project=project, ref=finding[:12]).first() if finding else None
    if (lesson and found_lesson is None) or (finding and found_finding is None):
        raise Http404
    return found_lesson, found_finding


def _suggested(lesson: Lesson | None, finding: AuditFinding | None) -> dict[str, Any]:
    """What the form says first, from what the improvement comes from."""
    usual: dict[str, Any] = {"priority": Priority.MEDIUM, "source": ImprovementSource.STAFF}
    if finding is not None:
        return usual | {
            "title": finding.title,
            "source": ImprovementSource.FINDING,
            "description": finding.found,
            "component": finding.component,
            "owner": str(finding.owner_id or ""),
        }
    if lesson is not None:
        return usual | {
            "title": title_of(lesson),
            "source": ImprovementSource.LESSON,
            "description": lesson.change,
            "component": lesson.component,
            "owner": str(lesson.owner_id or ""),
        }
    return usual


def _form(project: Project, data: Any = None, row: Improvement | None = None, **more: Any) -> ImprovementForm:
    objectives = list(Objective.objects.filter(project=project, state=ObjectiveState.ACTIVE))
    if row is not None and row.objective is not None and row.objective not in objectives:
        objectives.append(row.objective)
    return ImprovementForm(
        data,
        parties=parties_for(project, row.owner_id if row is not None else None),
        components=component_choices(project),
        objectives=objectives,
        **more,
    )


def _filters(query: ImprovementQuery, found: ImprovementRegister) -> list[dict[str, Any]]:
    return [
        {
            "name": "source",
            "label": _("Source"),
            "value": query.source,
            "choices": [("", _("From anywhere")), *ImprovementSource.choices],
        },
        {
            "name": "priority",
            "label": _("Priority"),
            "value": query.priority,
            "choices": [("", _("Every priority")), *((str(value), label) for value, label in Priority.choices)],
        },
        {
            "name": "owner",
            "label": _("Owner"),
            "value": query.owner,
            "choices": [("", _("All owners")), ("nobody", _("Nobody")), *found.owners()],
        },
    ]


def _page(
    request: ProjectRequest, row: Improvement, *, status: int = 200, editing: bool = False, **typed: Any
) -> HttpResponse:
    project = row.project
    may_change = bool(may_change_improvement(row, request.access))
    may_work = bool(may_work_on_improvement(row, request.access))
    decides = bool(request.access.can("improvements.decide"))
    steps = [
        {"state": state, "word": MOVE_WORDS[ImprovementState(state)], "needs_words": (row.state, state) in WORDED}
        for state in MOVES[row.state]
        if state != ImprovementState.MEASURED and (decides if (row.state, state) in DECIDED else may_work)
    ]
    settled = row.state in (ImprovementState.MEASURED, ImprovementState.REJECTED)
    objective = objective_row(project, row.objective.key) if row.objective is not None else None
    context: dict[str, Any] = {
        "project": project,
        "row": row,
        "line": line_of(row, project),
        "component_title": component_title(texts_for(project), row.component),
        "may_change": may_change and not settled,
        "editing": editing and may_change and not settled,
        "steps": [step for step in steps if not step["needs_words"]],
        "worded": [step for step in steps if step["needs_words"]],
        "may_measure": may_work and row.state == ImprovementState.DONE,
        "measure_form": MeasureForm(initial={"measured_on": clock.today(project.time_zone)}),
        "picture": effect_picture(row),
        "figures": effect_words(row),
        "objective": objective,
        "objective_chart": trend_chart(objective.trend(objective.objective.title))
        if objective is not None and objective.values
        else None,
        "version": row.version,
        "form": None,
        "changes": [sentence(event) for event in history_of(project.uuid, "improvement", [row.ref])[:LATEST]]
        if request.access.can("trail.view")
        else [],
        **typed,
    }
    if context["editing"] and context["form"] is None:
        context["form"] = _form(project, row=row, initial=initial_improvement(row))
    return render(request, "audits/improvement.html", context, status=status)


def _new_page(
    request: ProjectRequest,
    project: Project,
    form: ImprovementForm,
    lesson: Lesson | None,
    finding: AuditFinding | None,
    *,
    status: int = 200,
) -> HttpResponse:
    context = {"project": project, "form": form, "lesson": lesson, "finding": finding}
    return render(request, "audits/improvement_new.html", context, status=status)
