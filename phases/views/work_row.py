"""One card of My work: report, verify, send back, see to, comment, undo.

Each answer to htmx is the card as it stands then; what was typed and not used stays in it. Without script the same
buttons lead back to the list, or to the card by itself where something was refused.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4, uuid5

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import dateformat
from django.utils.translation import gettext as _

from common.exceptions import NotPermitted, RuleBroken, StaleWrite
from common.query import read_query, single_values
from notifications.services.comments import add_comment
from phases.forms.work import RoundForm, WorkForm, typed_in
from phases.models import PhaseActivity
from phases.selectors.activity import COMMENTED
from phases.selectors.activity_texts import effective_text
from phases.selectors.row import row_of
from phases.selectors.work_list import WorkCard, work_card
from phases.selectors.work_projects import work_project
from phases.services.operation import finish_round
from phases.services.rows import Target
from phases.services.work import report_work, undo_report
from phases.templatetags.phases_ui import status_word
from projects.access import ProjectRequest, project_view, require_post_value
from projects.models import Project
from projects.registries import prepare_panels
from projects.services.guards import parse_version

UNDO_KEY = "work_undo"


def _card(request: ProjectRequest, project: Project, pk: int) -> WorkCard:
    try:
        return work_card(work_project(project, request.access), request.user, pk)
    except PhaseActivity.DoesNotExist as error:
        raise Http404 from error


def _back(request: ProjectRequest, project: Project, pk: int) -> str:
    """Where the person came from: the list, the list of this project, or the card by itself."""
    home = reverse("my_work")
    known = (home, f"{home}?project={project.slug}", reverse("work_row", args=[project.slug, pk]))
    asked = request.POST.get("next", "")
    return asked if asked in known else home


def _answer(
    request: ProjectRequest, project: Project, pk: int, *, status: int = 200, typed: Mapping[str, Any], **said: Any
) -> HttpResponse:
    """The card, as a fragment for htmx, else as a page."""
    card = _card(request, project, pk)
    context = {
        "card": card,
        "typed": typed,
        "answered": True,
        "nonce": uuid4(),
        "named": request.POST.get("named") == "1",
        "next": _back(request, project, pk),
        **said,
    }
    if request.htmx:  # type: ignore[attr-defined]  # set by django_htmx's middleware
        # Without the frame of a page, whose navigation would cost a query.
        fragment = render_to_string("phases/_work_card.html", {**context, "csrf_token": get_token(request)})
        return HttpResponse(fragment, status=status)
    return _page(request, project, card, context, status)


def _page(
    request: ProjectRequest, project: Project, card: WorkCard, context: dict[str, Any], status: int
) -> HttpResponse:
    row = row_of(project, card.pk)
    found = work_project(project, request.access)
    context |= {
        "text": effective_text(found.texts, row.activity),
        "panels": prepare_panels("my work", project, request.access, row=row),
        "named": True,
    }
    return render(request, "phases/work_row.html", context, status=status)


def _saved(
    request: ProjectRequest, project: Project, pk: int, said: str, *, token: str = "", used: tuple[str, ...] = ()
) -> HttpResponse:
    """The card as it stands now, with the way back; without script the list, and the way back there."""
    if request.htmx:  # type: ignore[attr-defined]  # set by django_htmx's middleware
        return _answer(request, project, pk, typed=typed_in(request.POST, used=used), saved=said, undo=token)
    if token:
        # The list offers it with what was done; a message of its own would say it twice.
        request.session[UNDO_KEY] = {"token": token, "pk": pk, "slug": project.slug, "said": said}
    else:
        messages.success(request, said)
    return HttpResponseRedirect(f"{_back(request, project, pk)}#w{pk}", status=303)


def _refused(request: ProjectRequest, project: Project, pk: int, error: Exception, *, ask: str = "") -> HttpResponse:
    """The card with what is wrong, everything typed still in it. Raises what is no refusal of a service."""
    typed = typed_in(request.POST)
    if isinstance(error, PhaseActivity.DoesNotExist):
        raise Http404 from error
    if isinstance(error, StaleWrite):
        pairs = [
            {"label": label, "current": current, "sent": error.sent.get(label, "")}
            for label, current in error.current.items()
        ]
        return _answer(request, project, pk, status=409, typed=typed, pairs=pairs)
    if isinstance(error, NotPermitted):
        return _answer(request, project, pk, status=403, typed=typed, problem=str(error))
    if isinstance(error, RuleBroken):
        asks = ask if error.field == "text" else ""
        return _answer(request, project, pk, status=422, typed=typed, problem=str(error), ask=asks, wrong=error.field)
    raise error


def _errors(form: Any) -> RuleBroken:
    """The first error of a form, at its field."""
    field, errors = next(iter(form.errors.items()))
    return RuleBroken(str(errors[0]), field=field)


@project_view("phases.view")
def row(request: ProjectRequest, project: Project, pk: int) -> HttpResponse:
    """One card by itself, with what the catalogue says: where a mail or a line of the list leads."""
    read_query(request.GET)
    card = _card(request, project, pk)
    context: dict[str, Any] = {"card": card, "typed": {}, "nonce": uuid4(), "next": request.path}
    return _page(request, project, card, context, 200)


@project_view(post="phases.report")
def status(request: ProjectRequest, project: Project, pk: int) -> HttpResponse:
    """Report, verify or send back, with the note that was typed. The same press again does nothing more."""
    data = single_values(request.POST)
    target = Target(pk, parse_version(data.get("version")))
    form = WorkForm(data)
    try:
        if not form.is_valid():
            raise _errors(form)
        wanted = form.cleaned_data["status"]
        report = report_work(
            acting_user=request.user,
            project=project,
            target=target,
            status=wanted,
            text=form.cleaned_data["text"],
            note=form.note_sent,
            operating_since=form.cleaned_data["operating_since"],
        )
    except (RuleBroken, StaleWrite, NotPermitted, PhaseActivity.DoesNotExist) as error:
        return _refused(request, project, pk, error, ask=data.get("status", ""))
    return _saved(
        request,
        project,
        pk,
        _said(report.row, moved=bool(report.undo), changed=report.changed),
        token=report.undo,
        used=("note", "text", "operating_since"),
    )


def _said(row: PhaseActivity, *, moved: bool, changed: bool) -> str:
    ref = row.activity.ref
    if not changed:
        return _("%(ref)s stands so already.") % {"ref": ref}
    if not moved:
        return _("The note on %(ref)s is saved.") % {"ref": ref}
    word = status_word(row.status, row.activity.nature, row.operating_since)
    return _("%(ref)s: %(status)s. Saved.") % {"ref": ref, "status": word}


@project_view(post="phases.report")
def finish(request: ProjectRequest, project: Project, pk: int) -> HttpResponse:
    """What comes round was seen to this time."""
    data = single_values(request.POST)
    target = Target(pk, parse_version(data.get("version")))
    form = RoundForm(data)
    try:
        if not form.is_valid():
            raise _errors(form)
        made = finish_round(
            acting_user=request.user,
            project=project,
            target=target,
            done_on=form.cleaned_data["done_on"],
            note=data.get("text", ""),
        )
    except (RuleBroken, StaleWrite, NotPermitted, PhaseActivity.DoesNotExist) as error:
        return _refused(request, project, pk, error)
    due = made.phase_activity.due
    said = _("%(ref)s is seen to. It is due again on %(day)s.") % {
        "ref": made.phase_activity.activity.ref,
        "day": dateformat.format(due, "j M Y") if due is not None else "–",
    }
    return _saved(request, project, pk, said, used=("text", "done_on"))


@project_view(post="phases.report")
def undo(request: ProjectRequest, project: Project, pk: int) -> HttpResponse:
    """Take back the press that was made last."""
    single_values(request.POST)
    try:
        changed = undo_report(
            acting_user=request.user, project=project, pk=pk, token=require_post_value(request, "undo")
        )
    except (RuleBroken, StaleWrite, NotPermitted, PhaseActivity.DoesNotExist) as error:
        return _refused(request, project, pk, error)
    said = _("%(ref)s is %(status)s again.") % {
        "ref": changed.activity.ref,
        "status": status_word(changed.status, changed.activity.nature, changed.operating_since).lower(),
    }
    return _saved(request, project, pk, said)


@project_view(post="comments.write")
def comment(request: ProjectRequest, project: Project, pk: int) -> HttpResponse:
    """Say something on the activity. Sent twice, it stands there once."""
    data = single_values(request.POST)
    ref = _card(request, project, pk).ref
    try:
        add_comment(
            acting_user=request.user,
            project=project,
            kind=COMMENTED,
            key=ref,
            body=data.get("body", ""),
            nonce=_nonce(data.get("nonce", ""), pk),
        )
    except (RuleBroken, NotPermitted) as error:
        return _refused(request, project, pk, error)
    return _saved(request, project, pk, _("Your comment on %(ref)s is saved.") % {"ref": ref}, used=("body",))


def _nonce(page: str, pk: int) -> UUID:
    """All cards of a page carry the nonce of the page; with the row it names one comment."""
    try:
        return uuid5(UUID(page), str(pk))
    except ValueError as error:
        raise RuleBroken(_("The form is too old. Reload the page and send it again."), field="nonce") from error
