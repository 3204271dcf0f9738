"""From gap to plan: what an assessment proposes, decided one by one or many at once; done work that has a gap."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.exceptions import RuleBroken, StaleWrite
from common.query import read_query, single_values, whole_number
from gapanalysis.choices import ProposalKind, ProposalState
from gapanalysis.models import Assessment, Proposal
from gapanalysis.selectors.proposals import Line, counts_of, digest_of, done_with_gap, grouped, lines_of
from gapanalysis.services.proposals import MOST, Choice, accept_proposals, dismiss_proposals, make_proposals
from gapanalysis.views.overview import found_assessment
from phases.choices import PHASE_NAMES
from phases.registries import way_from
from phases.services.rows import Refusal, RowsRefused
from projects.access import ProjectRequest, project_view
from projects.models import Project

SHOWN = ("open", "decided", "gaps")
DO = ("accept", "dismiss", "accept all", "make")
_TOKEN = re.compile(r"([0-9]{1,15}):([0-9]{1,9})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the page shows: a tab, one kind of proposals ("" for all), the proposal that is about to be dismissed.

    `phase` is the phase from whose end somebody came, to lead back there.
    """

    show: str = "open"
    kind: str = ""
    dismiss: int | None = None
    phase: int | None = None

    @property
    def query(self) -> str:
        """It as an address has it, without what is about to be dismissed."""
        values = {"show": self.show if self.show != "open" else "", "kind": self.kind, "phase": self.phase}
        return urlencode({name: value for name, value in values.items() if value not in ("", None)})

    def address(self, path: str) -> str:
        """`path` with it."""
        return f"{path}?{self.query}" if self.query else path


@dataclass(frozen=True, slots=True)
class Refused:
    """What could not be done, why, and what was chosen and typed."""

    problem: str
    refusals: Sequence[Refusal] = ()
    ticked: Collection[str] = frozenset()
    why_not: str = ""


@project_view("gap.view", post="gap.manage")
def proposals(request: ProjectRequest, project: Project, key: str) -> HttpResponse:
    """The proposals by component; a POST decides on some of them, or works them out anew."""
    assessment = found_assessment(project, key)
    single, _multiple = read_query(request.GET, single=("show", "kind", "dismiss", "phase"))
    if request.method != "POST":
        asked = _asked(single["show"], single["kind"], single["dismiss"], single["phase"])
        return _page(request, project, assessment, asked)
    data = single_values(request.POST, multiple=("row",))
    asked = _asked("open", data.get("kind", ""), "", single["phase"])
    do = "accept" if "one" in data else data.get("do", "")
    if do not in DO:
        raise BadRequest("no such act")
    named = [str(name) for name in data.getlist("one" if "one" in data else "row")]
    why_not = data.get("why_not", "")
    try:
        _act(request, project, assessment, do, named, data, asked)
    except Proposal.DoesNotExist as error:
        raise Http404 from error
    except RowsRefused as error:
        refused = Refused(str(error), error.refusals if len(error.refusals) > 1 else (), frozenset(named), why_not)
    except RuleBroken as error:
        refused = Refused(str(error), (), frozenset(named), why_not)
    except StaleWrite:
        refused = Refused(_("The plan changed while you decided. Look at the rows and decide again."))
    else:
        return redirect(asked.address(reverse("gap_proposals", args=[project.slug, key])))
    return _page(request, project, assessment, asked, refused, status=422)


def _asked(show: str, kind: str, dismiss: str, phase: str) -> Asked:
    if show not in ("", *SHOWN):
        raise BadRequest("no such tab")
    if kind and kind not in ProposalKind.values:
        raise BadRequest("no such kind")
    number = whole_number("phase", phase)
    if number is not None and number not in PHASE_NAMES:
        raise BadRequest("no such phase")
    return Asked(show or "open", kind, whole_number("dismiss", dismiss), number)


def _act(
    request: ProjectRequest,
    project: Project,
    assessment: Assessment,
    do: str,
    named: Sequence[str],
    data: QueryDict,
    asked: Asked,
) -> None:
    """Do what the button says, and say what came of it."""
    if do == "make":
        count = make_proposals(acting_user=request.user, project=project, assessment=assessment)
        said = ngettext("%(count)d proposal waits for you.", "%(count)d proposals wait for you.", count)
        messages.success(request, said % {"count": count} if count else _("Nothing is proposed any more."))
        return
    if do == "accept all":
        lines = [line for line in _open_lines(lines_of(assessment), asked.kind) if not line.obstacle]
        if data.get("seen", "") != digest_of(lines):
            raise RuleBroken(
                _("The proposals or their rows changed since this page was shown. Look again, then accept.")
            )
        named = [line.token for line in lines]
    chosen = _choices(named)
    if do == "dismiss":
        count = dismiss_proposals(
            acting_user=request.user,
            project=project,
            assessment=assessment,
            chosen=chosen,
            why_not=data.get("why_not", ""),
        )
        said = ngettext(
            "%(count)d proposal dismissed. The plan stays.", "%(count)d proposals dismissed. The plan stays.", count
        )
    else:
        count = accept_proposals(acting_user=request.user, project=project, assessment=assessment, chosen=chosen)
        said = ngettext(
            "%(count)d proposal accepted; the plan has it.", "%(count)d proposals accepted; the plan has them.", count
        )
    messages.success(request, said % {"count": count} if count else _("This was decided so already."))


def _choices(named: Sequence[str]) -> list[Choice]:
    """The proposals that were named, `PK:VERSION OF THE ROW` each. Raises BadRequest for what no page of ours sends."""
    if len(named) > MOST:
        raise BadRequest("too many proposals")
    found = [_TOKEN.fullmatch(name) for name in named]
    if None in found:
        raise BadRequest("a proposal is named wrongly")
    return [Choice(int(each[1]), int(each[2])) for each in found if each is not None]


def _open_lines(lines: Sequence[Line], kind: str) -> list[Line]:
    """What waits for a decision and still fits, or says what to do by hand; of one kind, or ("") of all."""
    return [
        line
        for line in lines
        if line.proposal.state == ProposalState.OPEN
        and not line.fit.is_overtaken
        and (not kind or line.proposal.what == kind)
    ]


def _page(
    request: ProjectRequest,
    project: Project,
    assessment: Assessment,
    asked: Asked,
    refused: Refused | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    every = lines_of(assessment) if assessment.is_locked else []
    late = done_with_gap(assessment) if assessment.is_locked else []
    waiting = _open_lines(every, "")
    shown = _open_lines(every, asked.kind)
    decided = sorted(
        (line for line in every if line.proposal.state != ProposalState.OPEN and line.proposal.decided_at),
        key=lambda line: (line.proposal.decided_at, line.proposal.pk),
        reverse=True,
    )
    fitting = [line for line in shown if not line.obstacle]
    counts = counts_of(waiting)
    path = reverse("gap_proposals", args=[project.slug, assessment.key])
    bare = Asked(phase=asked.phase)
    here = bare.address(path)
    may_decide = bool(request.access.can("gap.manage")) and assessment.is_locked
    context: dict[str, Any] = {
        "project": project,
        "assessment": assessment,
        "asked": asked,
        "refused": refused,
        "here": here,
        "back": asked.address(path),
        "way_back": way_from(project, request.access, "path", asked.phase) if asked.phase is not None else None,
        "may_decide": may_decide,
        "can_choose": may_decide and asked.show == "open" and bool(shown),
        "tabs": [
            {"label": _("To decide"), "url": here, "count": len(waiting), "current": asked.show == "open"},
            {
                "label": _("Done, but a gap"),
                "url": replace(bare, show="gaps").address(path),
                "count": len(late),
                "current": asked.show == "gaps",
            },
            {
                "label": _("Decided"),
                "url": replace(bare, show="decided").address(path),
                "count": len(decided),
                "current": asked.show == "decided",
            },
        ],
        "kinds": [
            {
                "value": kind.value,
                "label": kind.label,
                "count": counts.get(kind.value, 0),
                "url": replace(bare, kind=kind.value).address(path),
            }
            for kind in ProposalKind
            if counts.get(kind.value) or asked.kind == kind.value
        ],
        "groups": grouped(project, shown) if asked.show == "open" else [],
        "late": grouped(project, late) if asked.show == "gaps" else [],
        "decided": decided if asked.show == "decided" else [],
        "fitting": len(fitting),
        "seen": digest_of(fitting),
        "waiting": len(waiting),
        "overtaken": sum(line.proposal.state == ProposalState.OPEN and line.fit.is_overtaken for line in every),
        "time_zone": project.time_zone,
    }
    return render(request, "gapanalysis/proposals.html", context, status=status)
