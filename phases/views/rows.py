"""Changes to rows of a board: one row in place or on a page of its own, or many at once."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRefresh, reswap, retarget

from common.exceptions import RuleBroken, StaleWrite
from phases.choices import PhaseState, Status
from phases.forms.board import one_of, query_string, read_strictly
from phases.forms.rows import DueForm, NoteForm, PartyForm, StatusForm
from phases.models import Phase, PhaseActivity
from phases.selectors.activity_texts import effective_text
from phases.selectors.board_page import Board, PartyChoice, board_of, parties_of
from phases.selectors.catalogue import texts_for
from phases.selectors.row import StatusChoice, row_of, status_choices, title_of
from phases.selectors.tailoring import warnings_of_leaving
from phases.services.rows import Target, assign_party, change_status, set_due, write_note
from phases.templatetags.phases_ui import status_word
from phases.views.board_page import board_url, component_panels, drawer_values, figures, query_of_address, row_values
from phases.views.bulk import bulk
from projects.access import ProjectRequest, project_view
from projects.models import Party, Project
from projects.services.guards import parse_version

PARTS = ("status", "party", "due", "row")
PLACES = ("drawer",)

__all__ = ["bulk", "due", "note", "party", "row", "status"]


def next_address(project: Project, raw: str, default: str) -> str:
    """`raw` where it is a page of this project or the start page, else `default`: never another host."""
    try:
        split = urlsplit(raw)
    except ValueError as error:
        raise BadRequest("next is no address") from error
    plain = not split.scheme and not split.netloc and raw.startswith("/") and "\\" not in raw
    inside = split.path.startswith(f"/projects/{project.slug}/") or split.path == "/"
    return raw if plain and inside and not raw.startswith("//") and raw.isprintable() else default


def _path_of(raw: str) -> str:
    try:
        return urlsplit(raw).path
    except ValueError:
        return ""


def _row_or_404(project: Project, pk: int) -> PhaseActivity:
    try:
        return row_of(project, pk)
    except PhaseActivity.DoesNotExist as error:
        raise Http404 from error


@dataclass(frozen=True, slots=True)
class Editor:
    """A row with what is to be changed about it. `to` is the status that is about to be set."""

    request: ProjectRequest
    project: Project
    row: PhaseActivity
    part: str = ""
    to: str = ""
    where: str = ""
    next: str = ""
    form: forms.Form | None = None
    problem: str = ""
    conflict: dict[str, Any] | None = None

    @property
    def is_inline(self) -> bool:
        """Whether htmx asked, so that the answer goes into the place that asked."""
        return bool(self.request.htmx)  # type: ignore[attr-defined]  # set by django_htmx's middleware

    def context(self) -> dict[str, Any]:
        """What the templates need."""
        row, slug, can = self.row, self.project.slug, self.request.access.can
        parties: list[PartyChoice] = []
        choices: list[StatusChoice] = []
        if self.part in ("", "party"):
            parties = [
                party
                for party in parties_of(self.project, self.request.user)
                if party.is_active or party.pk == row.accountable_id
            ]
        if self.part in ("", "status"):
            choices = status_choices(self.project, self.request.access, self.request.user, row)
        text = effective_text(texts_for(self.project), row.activity)
        address = reverse("row", args=[slug, row.pk])
        return {
            "row": row,
            "ref": row.activity.ref,
            "activity_title": title_of(self.project, row),
            "part": self.part,
            "to": self.to,
            "needs": next((choice.needs for choice in choices if choice.status == self.to), ""),
            "leaving": warnings_of_leaving(self.project, [row.pk]) if self.to == Status.NOT_APPLICABLE else None,
            "where": self.where,
            "next": self.next,
            "form": self.form or _blank_form(self.part, row),
            "due_form": self.form if self.part == "due" and self.form else _blank_form("due", row),
            "problem": self.problem,
            "conflict": self.conflict,
            "inline": self.is_inline,
            "choices": choices,
            "parties": parties,
            "roles": text.roles,
            "address": address,
            "urls": {part: reverse(f"row_{part}", args=[slug, row.pk]) for part in ("status", "party", "due")},
            "activity_url": reverse("activity", args=[slug, row.activity.ref]),
            "board_url": board_url(self.project, row.phase_number),
            "project_slug": slug,
            "rounds": list(row.rounds.select_related("done_by").order_by("-due")[:12]) if row.rhythm else [],
            "may_report": can("phases.report"),
            "may_assign": can("phases.assign"),
            "may_schedule": can("phases.schedule"),
        }

    def answer(self, status: int = 200) -> HttpResponse:
        """The editor as a fragment for htmx, else as a page."""
        template = "phases/_editor.html" if self.is_inline else "phases/row.html"
        return render(self.request, template, self.context(), status=status)


def _blank_form(part: str, row: PhaseActivity) -> forms.Form | None:
    if part == "status":
        return StatusForm(initial={"operating_since": row.operating_since})
    if part == "due":
        return DueForm(initial={"due": row.due})
    return None


@project_view("phases.view")
def row(request: ProjectRequest, project: Project, pk: int) -> HttpResponse:
    """What can be changed about a row: a menu or the drawer for htmx, a page with all forms otherwise."""
    read_strictly(request.GET, single=("part", "to", "where", "next"))
    part = one_of(request.GET, "part", PARTS)
    to = one_of(request.GET, "to", Status.values)
    where = one_of(request.GET, "where", PLACES)
    found = _row_or_404(project, pk)
    back = board_url(project, found.phase_number)
    next_ = request.GET.get("next", "")
    if next_ and next_address(project, next_, "") != next_:
        raise BadRequest("next must be a page of this project")
    inline = bool(request.htmx) and not request.htmx.history_restore_request  # type: ignore[attr-defined]  # set by django_htmx's middleware
    if inline and part in ("", "row"):
        board = _board_around(request, project, found.phase_number)
        if part == "row" and where != "drawer":
            return _fresh_row(request, board, pk)
        return _drawer(request, board, pk)
    if part == "row":
        return HttpResponseRedirect(f"{next_ or back}#r{pk}")
    return Editor(request, project, found, part=part, to=to, where=where, next=next_ or back).answer()


def _board_around(request: ProjectRequest, project: Project, number: int, phase: Phase | None = None) -> Board:
    """The board on which htmx made its request, or the plain one where it came from elsewhere."""
    address = request.htmx.current_url_abs_path or ""  # type: ignore[attr-defined]  # set by django_htmx's middleware
    return board_of(project, number, query_of_address(project, number, address), request.user, phase=phase)


def _drawer(request: ProjectRequest, board: Board, pk: int, *, saved: bool = False) -> HttpResponse:
    found = next((item for item in board.rows if item.pk == pk), None)
    if found is None:
        raise Http404
    values = drawer_values(request, board, found)
    if saved:
        values |= {
            **figures(board),
            "board": board,
            "component_panels": component_panels(request, board),
            "saved": True,
            "group": _group_with(board, pk),
        }
        answer = HttpResponse(render_to_string("phases/_drawer_saved.html", values))
        return reswap(retarget(answer, "#drawer"), "innerHTML")
    answer = HttpResponse(render_to_string("phases/_drawer.html", values))
    address = board_url(board.project, found.phase)
    if _path_of(request.htmx.current_url_abs_path or "") == address:  # type: ignore[attr-defined]  # set by django_htmx's middleware
        answer["HX-Replace-Url"] = address + query_string(board.query, extra=[("open", found.ref)])
    return answer


def _group_with(board: Board, pk: int) -> Any:
    return next((group for group in board.groups if any(item.pk == pk for item in group.rows)), None)


def _fresh_row(request: ProjectRequest, board: Board, pk: int, *, part: str = "", saved: bool = False) -> HttpResponse:
    found = next((item for item in board.rows if item.pk == pk), None)
    if found is None:
        raise Http404
    values = {
        **row_values(request, board),
        **figures(board),
        "board": board,
        "row": found,
        "group": _group_with(board, pk),
        "component_panels": component_panels(request, board) if saved else [],
        "saved": saved,
        "focus": part,
    }
    answer = HttpResponse(render_to_string("phases/_row_saved.html", values))
    return reswap(retarget(answer, f"#r{pk}"), "outerHTML")


def _saved(request: ProjectRequest, project: Project, changed: PhaseActivity, part: str) -> HttpResponse:
    """The row as it stands now: in place for htmx, else back to the page that the person came from."""
    if not request.htmx:  # type: ignore[attr-defined]  # set by django_htmx's middleware
        back = next_address(project, request.POST.get("next", ""), board_url(project, changed.phase_number))
        messages.success(request, _said(changed, part))
        split = urlsplit(back)
        return HttpResponseRedirect(back if split.fragment else f"{back}#r{changed.pk}", status=303)
    # The service changes nothing in a closed phase, so that the phase need not be asked for its state again.
    phase = Phase(project=project, number=changed.phase_number, state=PhaseState.ACTIVE)
    board = _board_around(request, project, changed.phase_number, phase)
    if board.query.group == part:
        # The row belongs under another heading now.
        return HttpResponseClientRefresh()
    if request.POST.get("where") == "drawer":
        return _drawer(request, board, changed.pk, saved=True)
    return _fresh_row(request, board, changed.pk, part=part, saved=True)


def _said(changed: PhaseActivity, part: str) -> str:
    ref = changed.activity.ref
    if part == "status":
        word = status_word(changed.status, changed.activity.nature, changed.operating_since)
        return _("%(ref)s: %(status)s.") % {"ref": ref, "status": word}
    if part == "party":
        if changed.accountable is None:
            return _("%(ref)s is nobody's now.") % {"ref": ref}
        return _("%(ref)s is with %(name)s now.") % {"ref": ref, "name": changed.accountable.name}
    if part == "due":
        return _("The due date of %(ref)s is saved.") % {"ref": ref}
    return _("The note on %(ref)s is saved.") % {"ref": ref}


def _change(
    request: ProjectRequest,
    project: Project,
    pk: int,
    part: str,
    form: forms.Form,
    act: Callable[[Target, dict[str, Any]], PhaseActivity],
) -> HttpResponse:
    """Let `act` do what the form says, and answer with the row, or with the form and what is wrong with it."""
    version = parse_version(request.POST.get("version"))
    problem, conflict = "", None
    status = 422
    if form.is_valid():
        try:
            return _saved(request, project, act(Target(pk, version), form.cleaned_data), part)
        except PhaseActivity.DoesNotExist as error:
            raise Http404 from error
        except StaleWrite as stale:
            status, conflict = 409, _conflict(stale)
        except RuleBroken as refused:
            problem = _place(form, refused)
    elif part == "party" or "status" in form.errors:
        # These are buttons, not fields: what is wrong stands above them.
        problem = " ".join(str(error) for errors in form.errors.values() for error in errors)
    found = _row_or_404(project, pk)
    editor = Editor(
        request,
        project,
        found,
        part=part,
        to=_known_status(request.POST.get("status", "")) if part == "status" else "",
        where="drawer" if request.POST.get("where") == "drawer" else "",
        next=next_address(project, request.POST.get("next", ""), board_url(project, found.phase_number)),
        form=form,
        problem=problem,
        conflict=conflict,
    )
    return editor.answer(status)


def _known_status(value: str) -> str:
    return value if value in Status.values else ""


def _conflict(stale: StaleWrite) -> dict[str, Any]:
    pairs = [
        {"label": name, "current": current, "sent": stale.sent.get(name, "")} for name, current in stale.current.items()
    ]
    return {"pairs": pairs, "same": all(pair["current"] == pair["sent"] for pair in pairs)}


def _place(form: forms.Form, refused: RuleBroken) -> str:
    """Put a refusal at the field it is about; the rest, and what concerns buttons, is returned for the form's head."""
    if refused.field in form.fields and refused.field not in ("party", "status"):
        form.add_error(refused.field, str(refused))
        return ""
    return str(refused)


@project_view(post="phases.report")
def status(request: ProjectRequest, project: Project, pk: int) -> HttpResponse:
    """Take a row to another status."""

    def act(target: Target, data: dict[str, Any]) -> PhaseActivity:
        return change_status(
            acting_user=request.user,
            project=project,
            targets=[target],
            status=data["status"],
            text=data["text"],
            operating_since=data["operating_since"],
        )[0]

    return _change(request, project, pk, "status", StatusForm(request.POST), act)


@project_view(post="phases.assign")
def party(request: ProjectRequest, project: Project, pk: int) -> HttpResponse:
    """Make a party responsible for a row, or nobody."""

    def act(target: Target, data: dict[str, Any]) -> PhaseActivity:
        chosen = Party.objects.get(project=project, pk=data["party"]) if data["party"] else None
        return assign_party(acting_user=request.user, project=project, targets=[target], party=chosen)[0]

    form = PartyForm(request.POST, parties=parties_of(project, request.user))
    return _change(request, project, pk, "party", form, act)


@project_view(post="phases.schedule")
def due(request: ProjectRequest, project: Project, pk: int) -> HttpResponse:
    """Give a row a due date of its own, or none."""

    def act(target: Target, data: dict[str, Any]) -> PhaseActivity:
        return set_due(acting_user=request.user, project=project, targets=[target], due=data["due"])[0]

    return _change(request, project, pk, "due", DueForm(request.POST), act)


@project_view(post="phases.report")
def note(request: ProjectRequest, project: Project, pk: int) -> HttpResponse:
    """Replace the note of a row. It is written on the activity page, and comes back there."""
    version = parse_version(request.POST.get("version"))
    form = NoteForm(request.POST)
    if not form.is_valid():
        raise BadRequest("a note cannot hold that")
    text = form.cleaned_data["note"].replace("\r\n", "\n")
    try:
        changed = write_note(acting_user=request.user, project=project, target=Target(pk, version), note=text)
    except PhaseActivity.DoesNotExist as error:
        raise Http404 from error
    except StaleWrite as stale:
        return _note_again(request, project, pk, form, 409, conflict=_conflict(stale))
    except RuleBroken as refused:
        form.add_error("note", str(refused))
        return _note_again(request, project, pk, form, 422)
    back = next_address(
        project,
        request.POST.get("next", ""),
        reverse("activity", args=[project.slug, changed.activity.ref]),
    )
    messages.success(request, _said(changed, "note"))
    return HttpResponseRedirect(back, status=303)


def _note_again(
    request: ProjectRequest,
    project: Project,
    pk: int,
    form: NoteForm,
    status: int,
    *,
    conflict: dict[str, Any] | None = None,
) -> HttpResponse:
    """The note's form on a page of its own, with what was typed."""
    found = _row_or_404(project, pk)
    activity_url = reverse("activity", args=[project.slug, found.activity.ref])
    context = {
        "row": found,
        "ref": found.activity.ref,
        "activity_title": title_of(project, found),
        "form": form,
        "conflict": conflict,
        "next": next_address(project, request.POST.get("next", ""), activity_url),
        "activity_url": activity_url,
        "url": reverse("row_note", args=[project.slug, pk]),
        "board_url": board_url(project, found.phase_number),
    }
    return render(request, "phases/row_note.html", context, status=status)
