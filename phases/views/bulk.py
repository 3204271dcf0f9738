"""One change to many rows of a board: all of them, or none and the reasons."""

from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.exceptions import RuleBroken, StaleWrite
from phases.choices import Status
from phases.forms.board import SEVERAL, SINGLE
from phases.forms.rows import DueForm, PartyForm, StatusForm, parse_targets
from phases.models import PhaseActivity
from phases.selectors.board_page import parties_of
from phases.selectors.tailoring import warnings_of_leaving
from phases.services.rows import Refusal, RowsRefused, Target, assign_party, change_status, set_due
from phases.views.board_page import BulkState, board_url, render_board
from projects.access import ProjectRequest, project_view
from projects.models import Party, Project

ACTIONS = ("status", "party", "due")


@project_view(post="phases.report")
def bulk(request: ProjectRequest, project: Project, number: int) -> HttpResponse:
    """Change the ticked rows. A refusal shows the board again, with the same rows ticked and the same words."""
    action = request.POST.get("action", "")
    if action not in ACTIONS:
        raise BadRequest("no such action")
    targets = parse_targets(request.POST)
    here = PhaseActivity.objects.filter(project=project, phase_number=number, pk__in=[target.pk for target in targets])
    if here.count() != len({target.pk for target in targets}):
        raise Http404
    address, data = _question(project, number, request.POST.get("next", ""))
    state = {
        "selected": frozenset(target.pk for target in targets),
        "open": action,
        "values": {name: request.POST.get(name, "") for name in ("status", "text", "operating_since", "party", "due")},
    }

    def again(status: int, problem: str, refusals: list[Refusal] | None = None) -> HttpResponse:
        shown = BulkState(**state, problem=problem, refusals=refusals or [])  # type: ignore[arg-type]  # a plain dict
        return render_board(request, project, number, data=data, status=status, bulk=shown)

    leaving = action == "status" and request.POST.get("status") == Status.NOT_APPLICABLE
    lost = warnings_of_leaving(project, [target.pk for target in targets]).lost if leaving else ()
    try:
        changed = _act(request, project, action, targets)
    except PhaseActivity.DoesNotExist as error:
        raise Http404 from error
    except RowsRefused as refused:
        return again(422, str(refused), refused.refusals)
    except RuleBroken as refused:
        return again(422, str(refused))
    except StaleWrite as stale:
        return again(409, _stale_words(), _stale_rows(project, targets, stale))
    said = ngettext("%(count)d activity is changed.", "%(count)d activities are changed.", len(changed))
    messages.success(request, said % {"count": len(changed)})
    if lost:
        messages.warning(
            request,
            ngettext(
                "%(count)d clause has no applicable activity any more: %(clauses)s. Tailoring can take it back.",
                "%(count)d clauses have no applicable activity any more: %(clauses)s. Tailoring can take it back.",
                len(lost),
            )
            % {"count": len(lost), "clauses": ", ".join(each.clause.number for each in lost)},
        )
    return HttpResponseRedirect(address, status=303)


def _stale_words() -> str:
    return _(
        "Nothing was changed: some of these rows changed after you opened the board. They stand below as they are "
        "now. Look at them, then apply again."
    )


def _question(project: Project, number: int, raw: str) -> tuple[str, QueryDict]:
    """Where the bar was sent from: the board's own address, and its question without what it does not know."""
    base = board_url(project, number)
    try:
        split = urlsplit(raw)
    except ValueError:
        return base, QueryDict()
    if split.path != base or split.netloc or split.scheme:
        return base, QueryDict()
    data = QueryDict(split.query, mutable=True)
    for name in [name for name in data if name not in SINGLE and name not in SEVERAL]:
        del data[name]
    data.pop("open", None)
    query = data.urlencode()
    return (f"{base}?{query}" if query else base), data


def _first_error(form: Any) -> str:
    return next(str(error) for errors in form.errors.values() for error in errors)


def _act(request: ProjectRequest, project: Project, action: str, targets: list[Target]) -> list[PhaseActivity]:
    user = request.user
    if action == "status":
        form = StatusForm(request.POST)
        if not form.is_valid():
            raise RuleBroken(_first_error(form))
        return change_status(
            acting_user=user,
            project=project,
            targets=targets,
            status=form.cleaned_data["status"],
            text=form.cleaned_data["text"],
            operating_since=form.cleaned_data["operating_since"],
        )
    if action == "party":
        choose = PartyForm(request.POST, parties=parties_of(project, user))
        if not choose.is_valid():
            raise RuleBroken(_first_error(choose))
        pk = choose.cleaned_data["party"]
        party = Party.objects.get(project=project, pk=pk) if pk else None
        return assign_party(acting_user=user, project=project, targets=targets, party=party)
    day = DueForm(request.POST)
    if not day.is_valid():
        raise RuleBroken(_first_error(day))
    return set_due(acting_user=user, project=project, targets=targets, due=day.cleaned_data["due"])


def _stale_rows(project: Project, targets: list[Target], stale: StaleWrite) -> list[Refusal]:
    """Each row that moved on: what stands there now, and what was sent."""
    seen = {target.pk: target.version for target in targets}
    sent = ", ".join(f"{name}: {value}" for name, value in stale.sent.items() if value)
    rows = PhaseActivity.objects.filter(project=project, pk__in=seen).select_related("activity", "accountable")
    return [
        Refusal(
            row.activity.ref,
            _("now %(status)s, %(party)s, due %(due)s. You sent %(sent)s.")
            % {
                "status": str(Status(row.status).label).lower(),
                "party": row.accountable.name if row.accountable else _("nobody's"),
                "due": row.due.isoformat() if row.due else "–",
                "sent": sent,
            },
        )
        for row in rows.order_by("activity__position")
        if row.version != seen[row.pk]
    ]
